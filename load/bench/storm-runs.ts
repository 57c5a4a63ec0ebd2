/**
 * Storm runs: storms measured in windows, several in turn with the bare loop, so that all figures share their minutes.
 *
 * Method: every round runs the bare loop and each storm once; what a storm does before its first window (threads start,
 * code warms up) is thrown away. A figure is the median over the windows of all rounds.
 */
import { runStorm } from '../../src/actors/storm.ts';
import type { StormHooks, StormPlan, StormResult } from '../../src/workers/storm-plan.ts';
import { bareLoop } from './bare-loop.ts';
import { median } from './figure.ts';

const WARM_UP_SECONDS = 2;
const WINDOW_SECONDS = 1;
const BARE_GROUPS = 2_000_000;
const BARE_RUNS = 3;

export type Clock = Pick<StormHooks, 'now' | 'cpuSeconds'> & { readonly liveBytes: () => number };

export const SATURATED: StormPlan = {
  name: 'saturated',
  driver: 'vtd',
  quirks: [],
  seed: 1,
  devices: 8,
  pasids: 16,
  workers: 1,
  groups: undefined,
  durationSeconds: 5,
  rate: undefined,
  groupPagesMin: 4,
  groupPagesMax: 4,
  writeShare: 0.5,
  creditsPerDevice: 127,
  windowPages: 2048,
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

/** A saturated storm of so many devices and PASIDs, whose credits fit the ring. */
export const sized = (
  devices: number,
  pasids: number,
  more: Partial<StormPlan> = {},
): StormPlan => ({
  ...SATURATED,
  devices,
  pasids,
  creditsPerDevice: Math.max(4, Math.floor(1023 / devices)),
  ...more,
});

export type Sample = {
  readonly wall: number;
  readonly cpu: number;
  readonly groups: number;
  readonly inFlight: number;
  /** Live memory after a collection; 0 where nobody asked. */
  readonly live: number;
};

export type Measured = {
  readonly result: StormResult;
  readonly samples: readonly Sample[];
  /** CPU seconds from the start until load is offered. */
  readonly setUpSeconds: number;
};

export async function measure(plan: StormPlan, clock: Clock, weighs = false): Promise<Measured> {
  const samples: Sample[] = [];
  const before = clock.cpuSeconds();
  let setUp: number | undefined;
  const result = await runStorm(plan, {
    ...clock,
    signal: new AbortController().signal,
    progress: ({ elapsedSeconds, groups, inFlight }) => {
      setUp ??= clock.cpuSeconds() - before;
      const last = samples.at(-1);
      if (elapsedSeconds < WARM_UP_SECONDS) return;
      if (last !== undefined && elapsedSeconds - last.wall < WINDOW_SECONDS) return;
      const live = weighs ? clock.liveBytes() : 0;
      samples.push({ wall: elapsedSeconds, cpu: clock.cpuSeconds(), groups, inFlight, live });
    },
  });
  if (result.violations.length > 0 || result.lost > 0) throw new Error(`${plan.name} is not clean`);
  return { result, samples, setUpSeconds: setUp ?? Number.NaN };
}

export const windows = (
  { samples }: Measured,
  of: (from: Sample, to: Sample) => number,
): readonly number[] =>
  samples.slice(1).map((to, index) => {
    const from = samples[index] ?? to;
    return of(from, to);
  });

const perCpuSecond = (from: Sample, to: Sample): number =>
  (to.groups - from.groups) / (to.cpu - from.cpu);
const perSecond = (from: Sample, to: Sample): number =>
  (to.groups - from.groups) / (to.wall - from.wall);
const coresBetween = (from: Sample, to: Sample): number =>
  (to.cpu - from.cpu) / (to.wall - from.wall);

/** What the rounds of one storm came to. */
export type Summary = {
  readonly groupsPerCpuSecond: number;
  readonly groupsPerSecond: number;
  readonly cores: number;
  readonly setUpSeconds: number;
  readonly results: readonly StormResult[];
};

export function summary(runs: readonly Measured[]): Summary {
  const all = (of: (from: Sample, to: Sample) => number): number =>
    median(runs.flatMap((run) => windows(run, of)));
  return {
    groupsPerCpuSecond: all(perCpuSecond),
    groupsPerSecond: all(perSecond),
    cores: all(coresBetween),
    setUpSeconds: median(runs.map(({ setUpSeconds }) => setUpSeconds)),
    results: runs.map(({ result }) => result),
  };
}

function barePerCpuSecond({ cpuSeconds }: Clock): number {
  const before = cpuSeconds();
  bareLoop(BARE_GROUPS);
  return BARE_GROUPS / (cpuSeconds() - before);
}

/** Every plan once a round, the bare loop before it; the summaries in the plans' order. */
export async function inTurn(
  clock: Clock,
  rounds: number,
  plans: readonly StormPlan[],
): Promise<{ readonly bare: number; readonly storms: readonly Summary[] }> {
  const bare: number[] = [];
  const runs = plans.map((): Measured[] => []);
  bareLoop(BARE_GROUPS); // warms the code up
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, plan] of plans.entries()) {
      for (let run = 0; run < BARE_RUNS; run += 1) bare.push(barePerCpuSecond(clock));
      runs[index]?.push(await measure(plan, clock));
    }
  }
  return { bare: median(bare), storms: runs.map(summary) };
}
