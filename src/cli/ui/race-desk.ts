/**
 * Race desk: the catalogue of races as the page shows it, and its searches on the spot, told as they go.
 */
import { InvariantViolation } from '../../core/invariant.ts';
import { expectationText, type Race } from '../../scenarios/races/race.ts';
import {
  isReproduced,
  type RaceResult,
  type RaceSearches,
  runRaces,
  type StartSearches,
  verdictOf,
} from '../../scenarios/races/race-run.ts';
import type { RaceFinding } from '../../scenarios/races/race-search.ts';
import { type Job, jobOf } from '../../ui/job.ts';
import type { RaceEvent, RaceRow, RaceSearched } from '../../ui/shapes.ts';
import type { PlayableTrace } from './playable-trace.ts';
import { raceTraces } from './race-traces.ts';
import type { TraceShelf } from './trace-shelf.ts';

/** More than any modelled race needs, and what a small machine still holds. */
const STATES_MAX = 5_000_000;

export type RaceDeskParts = {
  readonly races: readonly Race[];
  readonly shelf: TraceShelf;
  readonly cores: number;
  readonly startSearches: StartSearches;
};

export const raceRows = (races: readonly Race[]): readonly RaceRow[] =>
  races.map((race) => ({
    id: race.id,
    title: race.title,
    reference: race.reference,
    grade: race.grade,
    status: race.status,
    why:
      race.status === 'pending'
        ? race.lacks
        : race.status === 'not-explored'
          ? race.why
          : undefined,
    properties: race.properties,
    smallest: race.smallest,
    weakMemory: race.weakMemory === true,
    experiments:
      race.status === 'modelled'
        ? race.experiments.map(({ name, scenario, driver, quirks, expects, aside }) => ({
            ...{ name, driver, quirks },
            scenario: scenario.name,
            expects: expectationText(expects),
            aside: aside && `${aside.properties.join(', ')}: ${aside.why}`,
          }))
        : [],
  }));

/** A job that searches races by id; ids that are no modelled race are passed over. */
export function raceJob(parts: RaceDeskParts): Job<readonly string[]> {
  return jobOf(async (ids, tell, signal) => {
    const hear = (event: RaceEvent): void => tell(event);
    const races = parts.races.filter(({ id, status }) => status === 'modelled' && ids.includes(id));
    hear({ type: 'began', races: races.map(({ id }) => id), statesMax: STATES_MAX });
    const searches = await parts.startSearches(parts.cores, signal, ({ race }, states) =>
      hear({ type: 'searching', race, states }),
    );
    let fault: string | undefined;
    try {
      await searched(races, searches, parts, hear, signal);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) fault = String(error);
      else fault = error.message;
    } finally {
      await searches.stop();
    }
    hear({ type: 'ended', interrupted: signal.aborted, fault });
  });
}

const searched = (
  races: readonly Race[],
  { run }: RaceSearches,
  { shelf }: RaceDeskParts,
  hear: (event: RaceEvent) => void,
  signal: AbortSignal,
) =>
  runRaces(races, STATES_MAX, {
    run,
    ended: (progress) => hear({ type: 'searched', ...progress }),
    judged: (result) => {
      // What was cut short has nothing to tell.
      if (signal.aborted) return;
      const traces = raceTraces(result);
      for (const { title, trace, world } of traces) shelf.add(title, trace, world);
      hear(judgedEvent(result, traces));
    },
  });

/** `traces` are those of the result. */
export function judgedEvent(result: RaceResult, traces: readonly PlayableTrace[]): RaceEvent {
  const { race, experiments } = result;
  const told = (finding: RaceFinding): RaceSearched => {
    const { kind, property, sentence, states, transitions, trace } = finding;
    const id = traces.find((each) => each.trace === trace)?.title.id;
    return { kind, property, sentence, states, transitions, trace: id, steps: trace?.steps.length };
  };
  return {
    type: 'judged',
    race: race.id,
    verdict: verdictOf(result),
    experiments: experiments.map((each) => ({
      reproduced: isReproduced(race, each),
      withQuirks: told(each.withQuirks),
      without: told(each.without),
    })),
  };
}
