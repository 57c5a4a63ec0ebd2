/** A storm's plan and result with every figure known, and an environment that keeps what is written. */
import type { Output } from '../../../src/cli/output.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import type { StormPlan, StormResult } from '../../../src/workers/storm-plan.ts';

export const PLAN: StormPlan = {
  name: 'steady',
  driver: 'vtd',
  quirks: [],
  seed: 42,
  devices: 2,
  pasids: 8,
  workers: 1,
  groups: undefined,
  durationSeconds: 5,
  rate: 50_000,
  groupPagesMin: 1,
  groupPagesMax: 4,
  writeShare: 0.5,
  creditsPerDevice: 511,
  windowPages: 256,
  unmap: 'answered',
  attachDetachPerSecond: 100,
  exitsPerSecond: 20,
  resolverDelayMicroseconds: 0,
  burst: undefined,
  ringEntries: 2048,
  invalidGroupShare: 0,
  rudeShare: 0.1,
  processes: [],
};

export const RESULT: StormResult = {
  elapsedSeconds: 5,
  cpuSeconds: 9.25,
  pageRequests: 624_890,
  groups: 250_000,
  responses: { success: 249_100, invalid: 900, failure: 0 },
  overflows: 0,
  droppedRequests: 0,
  autoResponses: 0,
  attaches: 516,
  detaches: 500,
  exits: 100,
  functionSwitches: 0,
  unmaps: 2440,
  groupLatencyUs: { p50: 38.25, p90: 71, p99: 410.4, p999: 2130, max: 14_200 },
  detachLatencyUs: { p50: 5.5, p90: 120, p99: 1200, p999: 9990, max: 1_250_000 },
  retryMisses: 3,
  strays: 41,
  lost: 0,
  duplicated: 0,
  violations: [],
  misbehaviours: [],
  resolverDeaths: 0,
  interrupted: false,
  threads: { device: 1, prq: 1, resolvers: 1 },
};

export const VIOLATED: StormResult = {
  ...RESULT,
  overflows: 12,
  droppedRequests: 340,
  autoResponses: 9,
  duplicated: 1,
  violations: [
    {
      property: 'answered-once',
      message: 'group 77 of PASID 42 was answered twice',
      events: ['12.0 ms  prq   group 77 reported', '12.1 ms  device  group 77 answered'],
    },
  ],
};

export type Recorded = { readonly output: Output; readonly text: () => string };

/** An output that keeps everything. */
export function recorded(isTerminal = false, columns = 80): Recorded {
  let written = '';
  return {
    output: {
      write: (text) => {
        written += text;
      },
      isTerminal,
      columns: () => columns,
      hasColours: isTerminal,
    },
    text: () => written,
  };
}

/** An environment in which storms are made of `storm`, and what it printed. */
export function environmentWith(storm: Partial<Environment> = {}) {
  const stdout = recorded();
  const stderr = recorded();
  const environment: Environment = {
    stdout: stdout.output,
    stderr: stderr.output,
    now: () => 0,
    wallClock: () => 0,
    cpuSeconds: () => 0,
    stormNotes: () => [],
    drawSeed: () => 7,
    signal: new AbortController().signal,
    known: { drivers: ['vtd', 'vtd@7.3', 'amd'], quirks: ['skip-drain'] },
    runStorm: async () => RESULT,
    ...storm,
  };
  return { environment, stdout: stdout.text, stderr: stderr.text };
}
