/**
 * Storms for the tests: a plan to start from, a run of it, and what a failed test says to run it again.
 *
 * Units: STORM_SEED in the environment replaces the seed of every test.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

import { driverNames, quirkIds } from '../../src/actors/drivers.ts';
import { runStorm } from '../../src/actors/storm.ts';
import type { StormOptions } from '../../src/actors/storm-assembly.ts';
import { badInputSentence } from '../../src/scenarios/bad-input.ts';
import { planStorm, type StormOverrides } from '../../src/scenarios/plan-storm.ts';
import { readStormProfile } from '../../src/scenarios/storm-profile-file.ts';
import type { RecordedEvent } from '../../src/workers/event-recording.ts';
import type {
  StormPlan,
  StormProgress,
  StormResult,
  Violation,
} from '../../src/workers/storm-plan.ts';

import { expectExplained, WINDOW_EVENTS } from './validated.ts';

/** Far beyond any storm of these tests: one that takes longer is stuck. */
const PATIENCE_MILLISECONDS = 90_000;

const { STORM_SEED = '1' } = process.env;
export const SEED = Number(STORM_SEED);

/** Two devices, four processes, a saturated load of small groups, a ring that holds every credit. */
const CALM: StormPlan = {
  name: 'test',
  driver: 'vtd',
  quirks: [],
  seed: SEED,
  devices: 2,
  pasids: 4,
  workers: 1,
  groups: undefined,
  durationSeconds: undefined,
  rate: undefined,
  groupPagesMin: 1,
  groupPagesMax: 4,
  writeShare: 0.5,
  creditsPerDevice: 256,
  windowPages: 1024,
  unmap: 'answered',
  attachDetachPerSecond: 0,
  exitsPerSecond: 0,
  resolverDelayMicroseconds: 0,
  burst: undefined,
  ringEntries: 2048,
  invalidGroupShare: 0,
  rudeShare: 0,
  processes: [],
};

export const planWith = (changes: Partial<StormPlan>): StormPlan => ({ ...CALM, ...changes });

/** The plan of a bundled profile. */
export async function profilePlan(
  profile: string,
  overrides: StormOverrides = {},
  seed: number = SEED,
): Promise<StormPlan> {
  const file = fileURLToPath(new URL(`../../load/profiles/${profile}.yaml`, import.meta.url));
  const read = await readStormProfile(file, { drivers: driverNames, quirks: quirkIds });
  if (!read.ok) throw new Error(badInputSentence(read.error));
  const plan = await planStorm(read.value, overrides, seed);
  if (!plan.ok) throw new Error(badInputSentence(plan.error));
  return plan.value;
}

export type Storm = {
  readonly plan: StormPlan;
  readonly result: StormResult;
  readonly progress: readonly StormProgress[];
  /** Its first events, as many as the plan asks for, or a window that every storm has. */
  readonly recorded: readonly RecordedEvent[];
  /** How to run it again. */
  readonly replay: string;
};

/** `judged`: whether the model has to explain the recording of the storm. */
export async function storm(
  plan: StormPlan,
  options: StormOptions = {},
  judged = true,
): Promise<Storm> {
  const progress: StormProgress[] = [];
  const replay = replayOf(plan, options);
  const window: RecordedEvent[] = [];
  const hooks = {
    now: () => performance.now(),
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    signal: new AbortController().signal,
    progress: (each: StormProgress) => {
      progress.push(each);
    },
    recorded: (events: readonly RecordedEvent[]) => {
      window.push(...events);
    },
  };
  watchdog.postMessage(replay);
  try {
    const recorded = { recordedEvents: WINDOW_EVENTS, ...plan };
    const result = await runStorm(recorded, hooks, options);
    if (judged) expectExplained(recorded, window, replay);
    return { plan: recorded, result, progress, recorded: window, replay };
  } catch (error) {
    throw new Error(`the storm ended in an error; ${replay}`, { cause: error });
  } finally {
    watchdog.postMessage(undefined);
  }
}

/** A main thread that spins for a lock can't time out by itself: another one says what hung, and ends them all. */
const watchdog = new Worker(
  `const { parentPort } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  let timer;
  parentPort.on('message', (replay) => {
    clearTimeout(timer);
    if (replay === undefined) return;
    timer = setTimeout(() => {
      writeSync(2, 'the storm hangs; ' + replay + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, ${PATIENCE_MILLISECONDS});
  });`,
  { eval: true },
);
watchdog.unref();

function replayOf(plan: StormPlan, options: StormOptions): string {
  const { currentTestName = '', testPath = '' } = expect.getState();
  const file = testPath.slice(testPath.lastIndexOf('test/'));
  const name = currentTestName.replaceAll(' > ', ' ').replaceAll("'", `'\\''`);
  const programs = plan.processes.map(({ program }) => program);
  return [
    `seed ${plan.seed}`,
    `run it again: STORM_SEED=${plan.seed} npx vitest run --project storm ${file} -t '${name}'`,
    `plan ${JSON.stringify({ ...plan, processes: programs })}`,
    ...(options.resolverFault === undefined ? [] : [JSON.stringify(options)]),
  ].join('\n');
}

/** Every group answered once, no property broken. */
export function expectClean({ result, replay }: Storm): void {
  const { groups, responses, lost, duplicated, violations, interrupted } = result;
  const answered = responses.success + responses.invalid + responses.failure;
  expect({ lost, duplicated, violations, answered, interrupted }, replay).toEqual({
    lost: 0,
    duplicated: 0,
    violations: [],
    answered: groups,
    interrupted: false,
  });
  expect(groups, `a storm without groups shows nothing; ${replay}`).toBeGreaterThan(0);
}

/** Runs the plan of one seed after the other until a violation is met that is wanted, and returns it. */
export async function expectMet(
  seeds: readonly number[],
  planOf: (seed: number) => Promise<StormPlan>,
  isWanted: (violation: Violation) => boolean,
  judged = true,
): Promise<Violation> {
  const others: string[] = [];
  for (const seed of seeds) {
    const run = await storm(await planOf(seed), {}, judged);
    const met = run.result.violations.find(isWanted);
    if (met !== undefined) return met;
    others.push(`${run.replay}\nit broke: ${broken(run).join('; ') || 'nothing'}`);
  }
  return expect.fail(`no storm met what it should\n${others.join('\n')}`);
}

/** The properties a storm broke, and beside them what was said of each. */
export const broken = ({ result }: Storm): readonly string[] =>
  result.violations.map(({ property, message }) => `${property}: ${message}`);
