/**
 * Race: one documented defect of the fault path, and what the explorer must make of it.
 *
 * Its id, grade and properties are those of the race catalogue; titles are our own words.
 */
import type { ExploreScenario } from '../explore/explore-scenario.ts';

/**
 * How good the evidence is. A: the fix, CVE record or thread was read. B: hash and title confirmed, the schedule
 * reconstructed. C: derived from source or review; a candidate, never a known kernel bug. D: from memory.
 */
export type Grade = 'A' | 'B' | 'C' | 'D' | 'A/B' | 'A/C';

export type RaceFacts = {
  readonly id: string;
  readonly title: string;
  /** Commits, CVE numbers, threads or the source that was read. */
  readonly reference: string;
  readonly grade: Grade;
  /** Safety (S) and liveness (L) properties it breaks. */
  readonly properties: readonly string[];
  /** Ordering constraints between events that force the failure: an estimate. */
  readonly depth: number;
  /** It needs a reordering of memory accesses that a sequentially consistent explorer can't see. */
  readonly weakMemory?: true;
  /** devices/PASIDs/groups/software threads, and what else. */
  readonly smallest: string;
};

/** What a search with an experiment's quirks must come to. */
export type Expectation =
  /** The property is broken. */
  | { readonly kind: 'breaks'; readonly property: string }
  /** The property holds in the whole space, whatever else breaks: one quirk hides the other. */
  | { readonly kind: 'spares'; readonly property: string }
  /** Nothing is wrong: the quirks do no harm here. */
  | { readonly kind: 'clean' };

/** One search with the defect, and one without its quirks, which must be complete and clean. */
export type Experiment = {
  /** What this one shows, when a race has several. */
  readonly name?: string;
  readonly scenario: ExploreScenario;
  readonly driver: string;
  readonly quirks: readonly string[];
  readonly expects: Expectation;
  /** Properties that Linux 7.3 breaks there whatever its driver does, and why; the clean search judges all others. */
  readonly aside?: { readonly properties: readonly string[]; readonly why: string };
};

/** An experiment on the repaired VT-d driver. */
const onVtd = (
  scenario: ExploreScenario,
  quirks: readonly string[],
  expects: Expectation,
  name: string | undefined,
): Experiment => ({
  scenario,
  driver: 'vtd',
  quirks,
  expects,
  ...(name === undefined ? {} : { name }),
});

export const breaks = (
  property: string,
  scenario: ExploreScenario,
  quirks: readonly string[],
  name?: string,
): Experiment => onVtd(scenario, quirks, { kind: 'breaks', property }, name);

export const spares = (
  property: string,
  scenario: ExploreScenario,
  quirks: readonly string[],
  name?: string,
): Experiment => onVtd(scenario, quirks, { kind: 'spares', property }, name);

export const harmless = (
  scenario: ExploreScenario,
  quirks: readonly string[],
  name?: string,
): Experiment => onVtd(scenario, quirks, { kind: 'clean' }, name);

export const expectationText = (expects: Expectation): string =>
  expects.kind === 'clean'
    ? 'nothing broken'
    : `${expects.property} ${expects.kind === 'breaks' ? 'broken' : 'kept'}`;

export type RaceStatus =
  | { readonly status: 'modelled'; readonly experiments: readonly Experiment[] }
  /** `lacks` names the objects or the hardware that no machine models yet. */
  | { readonly status: 'pending'; readonly lacks: string }
  /** `why` says what kind of exploration would be needed. */
  | { readonly status: 'not-explored'; readonly why: string };

export type Race = RaceFacts & RaceStatus;

/** Quirks of all experiments of a race, each once, as first named. */
export const quirksOf = (race: Race): readonly string[] =>
  race.status === 'modelled' ? [...new Set(race.experiments.flatMap(({ quirks }) => quirks))] : [];
