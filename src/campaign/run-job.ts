/**
 * Run job: does one job of a campaign, here and now, and says what it came to.
 *
 * A search or a series of walks is told no clock, so that its outcome is a function of the job. A storm has real
 * threads, and what it meets besides its load is up to them.
 */
import { driverNames, quirkIds } from '../actors/drivers.ts';
import { runStorm } from '../actors/storm.ts';
import { InvariantViolation } from '../core/invariant.ts';
import { ok, type Result } from '../core/result.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import { locateBundled } from '../scenarios/bundled-files.ts';
import { type ExplorationPlan, explored } from '../scenarios/exploration.ts';
import { EXPLORE_SCENARIOS } from '../scenarios/explore/scenarios.ts';
import type { Explored } from '../scenarios/explored.ts';
import { type FoundScenario, foundScenario, unseenProperty } from '../scenarios/found-scenario.ts';
import { unknownName } from '../scenarios/known-names.ts';
import { type OwnDriver, ownDriver } from '../scenarios/own/own-driver.ts';
import { planStorm } from '../scenarios/plan-storm.ts';
import type { StormHooks, StormTables } from '../workers/storm-plan.ts';
import type { CampaignJob, SearchJob, StormJob, WalksJob } from './campaign-job.ts';
import type { ExploredOutcome, JobOutcome, SparseLatencies, StormMeasures } from './job-record.ts';

export type JobHooks = {
  /** Milliseconds, monotonic: for storms, and to tell how long it took. */
  readonly now: () => number;
  readonly cpuSeconds: () => number;
};

type Done = { readonly outcome: JobOutcome; readonly storm: StormMeasures | undefined };

/** @throws Error when the program, not the model, goes wrong. */
export const runJob = async (job: CampaignJob, hooks: JobHooks): Promise<Done> =>
  job.kind === 'storm'
    ? stormed(job, hooks)
    : { outcome: await exploredOutcome(job), storm: undefined };

const KNOWN = { drivers: driverNames, quirks: quirkIds };

/** A user's own driver, made of the definition that came with the job. */
const ownOf = ({ definition }: CampaignJob): Result<OwnDriver | undefined, BadInput> =>
  definition === undefined ? ok(undefined) : ownDriver(definition);

/** Nobody interrupts a job: its thread is ended instead. */
const NEVER = new AbortController().signal;

async function exploredOutcome(job: SearchJob | WalksJob): Promise<JobOutcome> {
  const own = ownOf(job);
  if (!own.ok) return failed(badInputSentence(own.error));
  const known = { ...KNOWN, own: own.value === undefined ? [] : [own.value] };
  const found = foundScenario(job, EXPLORE_SCENARIOS, known);
  if (!found.ok) return failed(badInputSentence(found.error));
  const blind = unseenProperty(found.value, job.properties ?? [], EXPLORE_SCENARIOS);
  if (blind !== undefined) return failed(badInputSentence(blind));
  const plan = explorationPlan(job, found.value);
  const ended = await explored(plan, { now: () => 0, signal: NEVER, update: () => undefined });
  return ended.ok ? outcomeOf(job, ended.value) : refused(refusalSentence(ended.error));
}

const explorationPlan = (job: SearchJob | WalksJob, found: FoundScenario): ExplorationPlan => ({
  found,
  options: {
    reduction: job.kind === 'search' ? job.reduction : 'symmetry',
    workers: 1,
    statesMax: job.kind === 'search' ? job.statesMax : undefined,
    depthMax: job.depthMax,
    bytesMax: undefined,
    disk: undefined,
    walksMax: job.kind === 'walks' ? job.walks : undefined,
    secondsMax: undefined,
    properties: job.properties ?? [],
    twice: false,
    counting: false,
    asFound: false,
  },
  course:
    job.kind === 'search'
      ? { kind: 'search', order: job.strategy }
      : { kind: 'sampling', strategy: job.strategy, seed: job.seed },
});

function outcomeOf(job: SearchJob | WalksJob, ended: Explored): ExploredOutcome {
  const { extent, machines, found, unseen, limit } = ended;
  const isSearch = extent.kind === 'search';
  const counts = {
    states: isSearch ? extent.states : 0,
    transitions: isSearch ? extent.transitions : 0,
    walks: isSearch ? 0 : extent.walks,
    steps: isSearch ? 0 : extent.steps,
    machines: machines.filter(({ taken }) => taken.length > 0),
  };
  const told = (
    verdict: ExploredOutcome['verdict'],
    sentence: string,
    trace?: ExploredOutcome['trace'],
  ): ExploredOutcome => ({ kind: 'explored', verdict, sentence, ...counts, trace });
  if (found !== undefined) return told('violated', found.violation.sentence, found.trace);
  if (limit === 'walks' && job.kind === 'walks') return told('walked', '');
  if (limit !== undefined) return told('limited', `the limit of ${limit} was reached`);
  return unseen.length > 0 ? told('unseen', `never seen: ${unseen.join(', ')}`) : told('clean', '');
}

const refused = (sentence: string): ExploredOutcome => ({
  kind: 'explored',
  verdict: 'refused',
  sentence,
  states: 0,
  transitions: 0,
  walks: 0,
  steps: 0,
  machines: [],
  trace: undefined,
});

const failed = (sentence: string): JobOutcome => ({ kind: 'failed', sentence });

async function stormed(job: StormJob, hooks: JobHooks): Promise<Done> {
  const { profile, seed } = job;
  const failing = (sentence: string): Done => ({ outcome: failed(sentence), storm: undefined });
  const stranger = unknownName('driver', profile.driver, KNOWN.drivers);
  if (stranger !== undefined) return failing(badInputSentence(stranger));
  const processes: string[] = [];
  for (const name of profile.processes) {
    const file = await locateBundled('recording', name);
    if (!file.ok) return failing(badInputSentence(file.error));
    processes.push(file.value);
  }
  const own = ownOf(job);
  if (!own.ok) return failing(badInputSentence(own.error));
  const plan = await planStorm({ ...profile, processes }, {}, seed);
  if (!plan.ok) return failing(badInputSentence(plan.error));

  let tables: StormTables | undefined;
  try {
    const watched: StormHooks = {
      ...hooks,
      signal: NEVER,
      progress: () => undefined,
      measured: (all) => {
        tables = all;
      },
    };
    const driver = own.value?.driver;
    const result = await runStorm(plan.value, watched, driver === undefined ? {} : { driver });
    const { groups, lost, duplicated, violations, responses, ...counts } = result;
    const { pageRequests, overflows, attaches, detaches, exits } = counts;
    return {
      outcome: { kind: 'stormed', groups, lost, duplicated, violations },
      storm: {
        ...{ pageRequests, ...responses, overflows, attaches, detaches, exits },
        groupLatencies: sparse(tables?.groups),
        detachLatencies: sparse(tables?.detaches),
      },
    };
  } catch (error) {
    // A storm that contradicts itself is a finding, as it is when it is run alone.
    if (!(error instanceof InvariantViolation)) throw error;
    const violations = [{ property: 'contradiction', message: error.message, events: [] }];
    return {
      outcome: { kind: 'stormed', groups: 0, lost: 0, duplicated: 0, violations },
      storm: undefined,
    };
  }
}

const sparse = (table: Int32Array = new Int32Array()): SparseLatencies =>
  Array.from(table, (count, step) => [step, count] as const).filter(([, count]) => count > 0);
