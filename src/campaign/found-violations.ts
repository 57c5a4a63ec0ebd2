/**
 * Found violations: what was wrong in any job, each way to it once, however many jobs came upon it.
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { type CampaignJob, driverNameOf } from './campaign-job.ts';
import { canonicalText, contentHash } from './content-hash.ts';
import type { DoneJob, JobRecord, StormedOutcome } from './job-record.ts';

export type FoundViolation = {
  /** Names it, and the file of its trace. */
  readonly id: string;
  /** A scenario, or `storm` and the profile's name. */
  readonly scenario: string;
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  readonly property: string;
  readonly message: string;
  /** Jobs that came upon it. */
  readonly jobs: number;
  /** Steps of the trace; undefined for a storm, which has none. */
  readonly steps: number | undefined;
  readonly trace: RecordedTrace | undefined;
  /** Of a storm: one that met it, and the last events there. */
  readonly seed: number | undefined;
  readonly events: readonly string[];
};

/** By scenario, driver, quirks and property. */
export function foundViolations(all: readonly DoneJob[]): readonly FoundViolation[] {
  const found = new Map<string, FoundViolation>();
  for (const each of all.flatMap(violationsOf)) {
    const known = found.get(each.id);
    found.set(each.id, known === undefined ? each : together(known, each));
  }
  return [...found.values()].sort((left, right) => (sortText(left) < sortText(right) ? -1 : 1));
}

const sortText = ({ scenario, driver, quirks, property, id }: FoundViolation): string =>
  JSON.stringify([scenario, driver ?? '', quirks, property, id]);

/** The same way was found by different strategies and seeds: one of them is shown, always the same. */
function together(left: FoundViolation, right: FoundViolation): FoundViolation {
  const shown = { ...left, jobs: 0 };
  const other = { ...right, jobs: 0 };
  const first = canonicalText(shown) <= canonicalText(other) ? shown : other;
  return { ...first, jobs: left.jobs + right.jobs };
}

function violationsOf({ job, record }: DoneJob): readonly FoundViolation[] {
  const { outcome } = record;
  if (job.kind === 'storm') {
    return outcome.kind === 'stormed' ? stormViolations(job, outcome) : [];
  }
  if (outcome.kind !== 'explored' || outcome.trace === undefined) return [];
  return [explorationViolation(outcome.trace, outcome.sentence)];
}

/** Ways are alike when the same actors take the same steps to the same end. */
function explorationViolation(trace: RecordedTrace, message: string): FoundViolation {
  const { scenario, driver, quirks, violation, steps } = trace;
  const property = violation?.property ?? '';
  const way = steps.map(({ actor, take, event }) => [actor, take, event]);
  return {
    id: contentHash({ scenario, driver, quirks, property, way }).slice(0, ID_CHARACTERS),
    ...{ scenario, driver, quirks, property, message },
    jobs: 1,
    steps: steps.length,
    trace,
    seed: undefined,
    events: [],
  };
}

const ID_CHARACTERS = 12;

/** What a storm meets has no way that could be compared: it is the same when it is the same property. */
function stormViolations(
  job: CampaignJob & { kind: 'storm' },
  { lost, duplicated, violations }: StormedOutcome & JobRecord['outcome'],
): readonly FoundViolation[] {
  const { profile, seed } = job;
  const { quirks } = profile;
  const driver = driverNameOf(job);
  const scenario = `storm ${profile.name}`;
  const met = [
    ...violations,
    ...(lost > 0 ? [{ property: 'L1', message: 'groups were lost', events: [] }] : []),
    ...(duplicated > 0
      ? [{ property: 'S1', message: 'groups were answered twice', events: [] }]
      : []),
  ];
  const first = met.filter(
    ({ property }, at) => met.findIndex((each) => each.property === property) === at,
  );
  return first.map(({ property, message, events }) => ({
    id: contentHash({ scenario, driver, quirks, property }).slice(0, ID_CHARACTERS),
    ...{ scenario, driver, quirks, property, message },
    jobs: 1,
    steps: undefined,
    trace: undefined,
    seed,
    events,
  }));
}
