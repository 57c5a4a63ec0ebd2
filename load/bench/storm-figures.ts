/**
 * Storm figures: groups a CPU-second of the whole process, growth of its memory, detach latency under load.
 *
 * Method: one storm a figure, its first windows thrown away (threads start, code warms up), then medians over
 * windows of a second; the bare loop runs between the storms, in the same process.
 */
import { runStorm } from '../../src/actors/storm.ts';
import type { StormHooks, StormPlan, StormResult } from '../../src/workers/storm-plan.ts';
import { bareLoop } from './bare-loop.ts';
import { type Figure, figure, median } from './figure.ts';

const WARM_UP_SECONDS = 3;
const WINDOW_SECONDS = 1;
const BARE_GROUPS = 2_000_000;
const BARE_RUNS = 5;
const MEGABYTE = 2 ** 20;

export type Clock = Pick<StormHooks, 'now' | 'cpuSeconds'> & { readonly liveBytes: () => number };

const SATURATED: StormPlan = {
  name: 'saturated',
  driver: 'vtd',
  quirks: [],
  seed: 1,
  devices: 8,
  pasids: 16,
  workers: 1,
  groups: undefined,
  durationSeconds: 15,
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

type Sample = {
  readonly wall: number;
  readonly cpu: number;
  readonly groups: number;
  readonly inFlight: number;
  /** Live memory after a collection; 0 where nobody asked. */
  readonly live: number;
};

type Measured = { readonly result: StormResult; readonly samples: readonly Sample[] };

async function measure(plan: StormPlan, clock: Clock, weighs = false): Promise<Measured> {
  const samples: Sample[] = [];
  const result = await runStorm(plan, {
    ...clock,
    signal: new AbortController().signal,
    progress: ({ elapsedSeconds, groups, inFlight }) => {
      const last = samples.at(-1);
      if (elapsedSeconds < WARM_UP_SECONDS) return;
      if (last !== undefined && elapsedSeconds - last.wall < WINDOW_SECONDS) return;
      const live = weighs ? clock.liveBytes() : 0;
      samples.push({ wall: elapsedSeconds, cpu: clock.cpuSeconds(), groups, inFlight, live });
    },
  });
  return { result, samples };
}

const windows = (samples: readonly Sample[], of: (from: Sample, to: Sample) => number): number =>
  median(
    samples.slice(1).map((to, index) => {
      const from = samples[index] ?? to;
      return of(from, to);
    }),
  );

const groupsPerCpuSecond = (samples: readonly Sample[]): number =>
  windows(samples, (from, to) => (to.groups - from.groups) / (to.cpu - from.cpu));
const coresOf = (samples: readonly Sample[]): number =>
  windows(samples, (from, to) => (to.cpu - from.cpu) / (to.wall - from.wall));

/** Live memory in the last third of the samples over that in the first, medians. */
function growth(samples: readonly Sample[]): number {
  const third = Math.ceil(samples.length / 3);
  const live = samples.map((sample) => sample.live);
  return median(live.slice(-third)) - median(live.slice(0, third));
}

function barePerCpuSecond({ cpuSeconds }: Clock): number {
  bareLoop(BARE_GROUPS);
  return median(
    Array.from({ length: BARE_RUNS }, () => {
      const before = cpuSeconds();
      bareLoop(BARE_GROUPS);
      return BARE_GROUPS / (cpuSeconds() - before);
    }),
  );
}

/** Each figure as soon as it is known. */
export async function* stormFigures(clock: Clock): AsyncGenerator<Figure> {
  const bareBefore = barePerCpuSecond(clock);
  const saturated = await measure(SATURATED, clock);
  const bare = (bareBefore + barePerCpuSecond(clock)) / 2;
  yield figure({
    name: 'storm, 8 devices x 16 PASIDs, ledger on',
    value: groupsPerCpuSecond(saturated.samples),
    unit: 'groups/CPU-s',
    target: 500_000,
    peer: 'the bare loop',
    peerValue: bare,
    cores: coresOf(saturated.samples),
  });

  const endless = { ...SATURATED, groups: 10_000_000, durationSeconds: undefined };
  const long = await measure(endless, clock, true);
  yield figure({
    name: 'live memory growth over 10 million groups',
    value: growth(long.samples) / MEGABYTE,
    unit: 'MiB',
    target: 1,
    atMost: true,
    cores: coresOf(long.samples),
  });

  for (const creditsPerDevice of [8, 32, 127]) {
    const churned = await measure(
      { ...SATURATED, creditsPerDevice, attachDetachPerSecond: 200, durationSeconds: 8 },
      clock,
    );
    const inFlight = median(churned.samples.map((sample) => sample.inFlight));
    yield figure({
      name: `detach p50, ${Math.round(inFlight)} groups in flight`,
      value: churned.result.detachLatencyUs.p50,
      unit: 'us',
      cores: coresOf(churned.samples),
    });
    yield figure({
      name: `detach p99, ${Math.round(inFlight)} groups in flight`,
      value: churned.result.detachLatencyUs.p99,
      unit: 'us',
      cores: coresOf(churned.samples),
    });
  }
}
