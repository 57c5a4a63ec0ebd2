/**
 * Campaign results: what the records of a campaign say together.
 *
 * A pure function of the set of records: it counts each job once, by the record that is preferred, and goes through
 * the jobs in their own order. So neither the order records came in nor how often each came can change it.
 */
import { type CampaignJob, jobKey, jobLabel } from './campaign-job.ts';
import { type CoverageUnion, coverageUnion } from './coverage-union.ts';
import { type FoundViolation, foundViolations } from './found-violations.ts';
import {
  type DoneJob,
  type ExploredOutcome,
  type JobRecord,
  preferred,
  type StormedOutcome,
} from './job-record.ts';
import { type StormFigures, stormFigures } from './storm-figures.ts';

/** What the model says; the same whoever did the jobs. */
export type CampaignOutcome = {
  readonly jobs: number;
  /** Jobs with a record that says something. */
  readonly done: number;
  readonly failures: readonly { readonly job: string; readonly sentence: string }[];
  readonly explorations: {
    readonly jobs: number;
    /** By verdict; those that are none are left out. */
    readonly verdicts: Readonly<Record<string, number>>;
    readonly states: number;
    readonly transitions: number;
    readonly walks: number;
    readonly steps: number;
    /** What is not known, and why. */
    readonly open: readonly { readonly job: string; readonly sentence: string }[];
  };
  readonly storms: {
    readonly jobs: number;
    readonly groups: number;
    readonly lost: number;
    readonly duplicated: number;
  };
  readonly coverage: CoverageUnion;
  readonly violations: readonly FoundViolation[];
};

export type CampaignResults = {
  readonly outcome: CampaignOutcome;
  /** What depends on the machines it ran on. */
  readonly measured: StormFigures & { readonly jobSeconds: number };
};

export function campaignResults(
  jobs: readonly CampaignJob[],
  model: string,
  records: Iterable<JobRecord>,
): CampaignResults {
  const best = new Map<string, JobRecord>();
  for (const record of records) {
    const known = best.get(record.key);
    best.set(record.key, known === undefined ? record : preferred(known, record));
  }
  const all = jobs.flatMap((job): DoneJob[] => {
    const record = best.get(jobKey(job, model));
    return record === undefined ? [] : [{ job, record }];
  });
  const explored = all.flatMap(({ job, record: { outcome } }) =>
    outcome.kind === 'explored' ? [{ job, outcome }] : [],
  );
  const stormed = all.flatMap(({ record: { outcome } }) =>
    outcome.kind === 'stormed' ? [outcome] : [],
  );
  return {
    outcome: {
      jobs: jobs.length,
      done: explored.length + stormed.length,
      failures: all.flatMap(({ job, record: { outcome } }) =>
        outcome.kind === 'failed' ? [{ job: jobLabel(job), sentence: outcome.sentence }] : [],
      ),
      explorations: explorations(explored),
      storms: storms(stormed),
      coverage: coverageUnion(explored.map(({ outcome }) => outcome.machines)),
      violations: foundViolations(all),
    },
    measured: {
      ...stormFigures(all.flatMap(({ record: { storm } }) => (storm === undefined ? [] : [storm]))),
      jobSeconds: sum(all, ({ record }) => record.seconds),
    },
  };
}

/** Verdicts that leave the question open. */
const OPEN: readonly ExploredOutcome['verdict'][] = ['limited', 'unseen', 'refused'];

function explorations(
  all: readonly { readonly job: CampaignJob; readonly outcome: ExploredOutcome }[],
): CampaignOutcome['explorations'] {
  const verdicts = ['clean', 'walked', 'violated', ...OPEN]
    .map((verdict) => [verdict, all.filter(({ outcome }) => outcome.verdict === verdict).length])
    .filter(([, count]) => count !== 0);
  return {
    jobs: all.length,
    verdicts: Object.fromEntries(verdicts),
    states: sum(all, ({ outcome }) => outcome.states),
    transitions: sum(all, ({ outcome }) => outcome.transitions),
    walks: sum(all, ({ outcome }) => outcome.walks),
    steps: sum(all, ({ outcome }) => outcome.steps),
    open: all
      .filter(({ outcome }) => OPEN.includes(outcome.verdict))
      .map(({ job, outcome }) => ({ job: jobLabel(job), sentence: outcome.sentence })),
  };
}

const storms = (all: readonly StormedOutcome[]): CampaignOutcome['storms'] => ({
  jobs: all.length,
  groups: sum(all, ({ groups }) => groups),
  lost: sum(all, ({ lost }) => lost),
  duplicated: sum(all, ({ duplicated }) => duplicated),
});

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
