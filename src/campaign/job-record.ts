/**
 * Job record: what one job came to, as plain data that is kept in a file and crosses hosts.
 *
 * An outcome is what the model says; what is measured (time, latencies) depends on the machine and stands apart, so
 * that reports of two hosts can be compared. Of several records of one job the best known one counts, whichever came
 * first: see `preferred`.
 */
import type { MachineCoverage, TransitionName } from '../explore/coverage.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import {
  exactly,
  type FieldCheck,
  listOf,
  numberWithin,
  oneOf,
  optionalField,
  record,
  satisfying,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { checkTrace } from '../scenarios/trace-file.ts';
import type { CampaignJob } from './campaign-job.ts';
import { canonicalText } from './content-hash.ts';

/** What a search or a series of walks came to. */
export type ExploredOutcome = {
  readonly kind: 'explored';
  /** Clean: every reachable state was seen. Walked: all walks were made and nothing was met. */
  readonly verdict: 'clean' | 'walked' | 'violated' | 'limited' | 'unseen' | 'refused';
  /** The limit, what was never sighted, or why it can't be explored; empty otherwise. */
  readonly sentence: string;
  readonly states: number;
  readonly transitions: number;
  readonly walks: number;
  readonly steps: number;
  readonly machines: readonly MachineCoverage[];
  /** The way to what is wrong; it names the property. */
  readonly trace: RecordedTrace | undefined;
};

export type StormViolation = {
  readonly property: string;
  readonly message: string;
  readonly events: readonly string[];
};

export type StormedOutcome = {
  readonly kind: 'stormed';
  readonly groups: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly violations: readonly StormViolation[];
};

/** The program, not the model: a thread that died, time that ran out, a contradiction. Done again on resume. */
export type FailedOutcome = { readonly kind: 'failed'; readonly sentence: string };

export type JobOutcome = ExploredOutcome | StormedOutcome | FailedOutcome;

/** Step of the scale and count, where the count is not 0: see workers/latency-table.ts. */
export type SparseLatencies = readonly (readonly [step: number, count: number])[];

export type StormMeasures = {
  readonly pageRequests: number;
  readonly success: number;
  readonly invalid: number;
  readonly failure: number;
  readonly overflows: number;
  readonly attaches: number;
  readonly detaches: number;
  readonly exits: number;
  readonly groupLatencies: SparseLatencies;
  readonly detachLatencies: SparseLatencies;
};

export type JobRecord = {
  readonly key: string;
  readonly model: string;
  readonly outcome: JobOutcome;
  /** Wall time it took where it was done. */
  readonly seconds: number;
  /** Of a storm. */
  readonly storm: StormMeasures | undefined;
};

/** A job and the record of it that counts. */
export type DoneJob = { readonly job: CampaignJob; readonly record: JobRecord };

const RANK: Readonly<Record<JobOutcome['kind'], number>> = { failed: 0, explored: 1, stormed: 1 };

/** Whether the job came upon something wrong. */
export const isWrong = (outcome: JobOutcome): boolean => {
  switch (outcome.kind) {
    case 'explored':
      return outcome.verdict === 'violated';
    case 'stormed':
      return isStormViolated(outcome);
    case 'failed':
      return false;
  }
};

/** Whether any property failed; a group lost or answered twice is one, whoever noticed it. */
export const isStormViolated = ({ violations, lost, duplicated }: StormedOutcome): boolean =>
  violations.length > 0 || lost > 0 || duplicated > 0;

/**
 * The one of two records of a job that counts: what was done rather than what failed, what is wrong rather than what
 * is well, and else the one whose text comes first. So the order they come in, and how often, changes nothing.
 */
export function preferred(left: JobRecord, right: JobRecord): JobRecord {
  const better =
    RANK[left.outcome.kind] - RANK[right.outcome.kind] ||
    Number(isWrong(left.outcome)) - Number(isWrong(right.outcome));
  if (better !== 0) return better > 0 ? left : right;
  return canonicalText(left) <= canonicalText(right) ? left : right;
}

const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const TEXT_MAX = 10_000;
const LIST_MAX = 100_000;
const LATENCY_STEPS_MAX = 65_536;

const name = textUpTo(TEXT_MAX);
const text = satisfying(
  `a text of at most ${TEXT_MAX} characters`,
  (value): value is string => typeof value === 'string' && value.length <= TEXT_MAX,
);
const count = wholeNumber(0, COUNT_MAX);

const machine = record<MachineCoverage>({
  machine: name,
  transitionsTotal: count,
  taken: listOf(record<TransitionName>({ from: name, event: text, index: count }), LIST_MAX),
});

const latencies: FieldCheck<SparseLatencies> = listOf(
  satisfying(
    'a step and a count',
    (value): value is readonly [number, number] =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((part) => Number.isSafeInteger(part) && part >= 0) &&
      value[0] < LATENCY_STEPS_MAX,
  ),
  LATENCY_STEPS_MAX,
);

const outcomes: { readonly [Kind in JobOutcome['kind']]: FieldCheck<JobOutcome> } = {
  explored: record<ExploredOutcome>({
    kind: exactly('explored'),
    verdict: oneOf(['clean', 'walked', 'violated', 'limited', 'unseen', 'refused']),
    sentence: text,
    states: count,
    transitions: count,
    walks: count,
    steps: count,
    machines: listOf(machine, LIST_MAX),
    trace: optionalField(checkTrace),
  }),
  stormed: record<StormedOutcome>({
    kind: exactly('stormed'),
    groups: count,
    lost: count,
    duplicated: count,
    violations: listOf(
      record<StormViolation>({ property: name, message: text, events: listOf(text, LIST_MAX) }),
      LIST_MAX,
    ),
  }),
  failed: record<FailedOutcome>({ kind: exactly('failed'), sentence: text }),
};

const outcome: FieldCheck<JobOutcome> = (value, path) => {
  const read = record<{ readonly kind: JobOutcome['kind'] }>({
    kind: oneOf(['explored', 'stormed', 'failed']),
  })(value, path);
  return read.ok ? outcomes[read.value.kind](value, path) : read;
};

export const checkRecord: FieldCheck<JobRecord> = record<JobRecord>({
  key: name,
  model: name,
  outcome,
  seconds: numberWithin(0, COUNT_MAX),
  storm: optionalField(
    record<StormMeasures>({
      pageRequests: count,
      success: count,
      invalid: count,
      failure: count,
      overflows: count,
      attaches: count,
      detaches: count,
      exits: count,
      groupLatencies: latencies,
      detachLatencies: latencies,
    }),
  ),
});
