/**
 * Storm figures: groups a CPU-second of the whole process beside the bare loop, what size and pace do to it, and memory.
 */
import { type Figure, figure, median } from './figure.ts';
import { type Clock, inTurn, measure, SATURATED, type Sample, sized } from './storm-runs.ts';

const ROUNDS = 3;
const MEGABYTE = 2 ** 20;
/** Of the bare loop: it has no address spaces, permissions, locks, caches, ledger or threads. */
const SHARE_OF_BARE = 0.25;
const COST_OF_SIZE_MAX = 1.6;
const PACES = [0.1, 0.5, 0.9];
const QUANTUM_MICROSECONDS = 1000;

/** Each figure as soon as it is known. */
export async function* stormFigures(clock: Clock): AsyncGenerator<Figure> {
  yield* saturatedFigures(clock);
  yield* sizeFigures(clock);
  yield* pacedFigures(clock);
  yield* memoryFigures(clock);
}

async function* saturatedFigures(clock: Clock): AsyncGenerator<Figure> {
  const many = sized(64, 16, { workers: 2, attachDetachPerSecond: 20 });
  const plans = [
    { name: '64 devices x 16 PASIDs, 2 resolvers, churn', plan: many },
    { name: '8 devices x 16 PASIDs', plan: SATURATED },
    { name: '8 devices x 16 PASIDs, amd', plan: { ...SATURATED, driver: 'amd' } },
    { name: '8 devices x 16 PASIDs, smmuv3', plan: { ...SATURATED, driver: 'smmuv3' } },
  ];
  const { bare, storms } = await inTurn(
    clock,
    ROUNDS,
    plans.map(({ plan }) => plan),
  );
  for (const [index, { name }] of plans.entries()) {
    const storm = storms[index];
    if (storm === undefined) continue;
    yield figure({
      name: `storm, ${name}`,
      value: storm.groupsPerCpuSecond,
      unit: 'groups/CPU-s',
      // A group of a unit that stalls accesses one by one is one page: no peer of the loop's four.
      ...(name.endsWith('smmuv3') ? {} : { target: SHARE_OF_BARE * bare }),
      peer: 'the bare loop',
      peerValue: bare,
      cores: storm.cores,
    });
  }
}

async function* sizeFigures(clock: Clock): AsyncGenerator<Figure> {
  const { storms } = await inTurn(clock, 1, [sized(1, 1), sized(64, 1024)]);
  const [small, large] = storms;
  if (small === undefined || large === undefined) return;
  yield figure({
    name: 'storm, CPU a group at 64 x 1024, at 1 x 1 = 1',
    value: small.groupsPerCpuSecond / large.groupsPerCpuSecond,
    unit: 'x',
    target: COST_OF_SIZE_MAX,
    atMost: true,
    cores: large.cores,
  });
  yield figure({
    name: 'storm, set-up of 64 x 1024 (65,536 binds)',
    value: large.setUpSeconds,
    unit: 'CPU-s',
  });
}

/** Rates are shares of what the same storm does saturated, in the same run. */
async function* pacedFigures(clock: Clock): AsyncGenerator<Figure> {
  const { storms } = await inTurn(clock, 1, [SATURATED]);
  const [full] = storms;
  if (full === undefined) return;
  const quantum = { quantumMicroseconds: QUANTUM_MICROSECONDS };
  const plans = PACES.map((pace) => ({
    ...SATURATED,
    ...quantum,
    rate: Math.round(pace * full.groupsPerSecond),
  }));
  const paced = await inTurn(clock, 1, [...plans, SATURATED]);
  const saturated = paced.storms.at(-1) ?? full;
  for (const [index, pace] of PACES.entries()) {
    const storm = paced.storms[index];
    if (storm === undefined) continue;
    const load = `${100 * pace} % load, quantum ${QUANTUM_MICROSECONDS} us`;
    const [result] = storm.results;
    yield figure({
      name: `storm, ${load}: efficiency`,
      value: storm.groupsPerCpuSecond,
      unit: 'groups/CPU-s',
      ...(pace === 0.5 ? { target: saturated.groupsPerCpuSecond } : {}),
      peer: 'the saturated storm',
      peerValue: saturated.groupsPerCpuSecond,
      cores: storm.cores,
    });
    if (result === undefined) continue;
    const { p50, p99 } = result.groupLatencyUs;
    yield figure({ name: `storm, ${load}: latency p50`, value: p50, unit: 'us' });
    yield figure({ name: `storm, ${load}: latency p99`, value: p99, unit: 'us' });
  }
}

/** Live memory in the last third of the samples over that in the first, medians. */
function growth(samples: readonly Sample[]): number {
  const third = Math.ceil(samples.length / 3);
  const live = samples.map((sample) => sample.live);
  return median(live.slice(-third)) - median(live.slice(0, third));
}

async function* memoryFigures(clock: Clock): AsyncGenerator<Figure> {
  const endless = { ...SATURATED, groups: 10_000_000, durationSeconds: undefined };
  const long = await measure(endless, clock, true);
  yield figure({
    name: 'live memory growth over 10 million groups',
    value: growth(long.samples) / MEGABYTE,
    unit: 'MiB',
    target: 1,
    atMost: true,
  });
}
