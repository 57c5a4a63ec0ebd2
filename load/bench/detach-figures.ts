/**
 * Detach figures: how long an unbind takes, from the stop of the device to its return, and what the rest of a storm does
 * to it, by the list that flushes the whole workqueue and by the one that waits for the groups of its own handle.
 *
 * Method: a small storm and one of ten times as many devices, the same in all else: PASIDs and rate of each device, and
 * so of the one that is detached, attaches and detaches a second. Rounds in turn, each list with each size; medians of
 * the rounds' medians. Once at a rate that leaves the queues short, and once saturated with slow resolvers, where each
 * group of another PASID that is queued costs whoever flushes the queue fifty microseconds: as many as the credits let.
 */
import type { StormPlan } from '../../src/workers/storm-plan.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Clock, inTurn, measure, SATURATED, type Summary, sized } from './storm-runs.ts';

const ROUNDS = 3;
const DEVICES = 2;
const TIMES_MORE = 10;
const GROWTH_MAX = 1.5;
const RATE = 4000;
const CREDITS = [8, 32, 127];
const LISTS = [
  { driver: 'vtd', flush: 'whole-queue flush', target: undefined },
  { driver: 'vtd@pasid-flush', flush: 'per-PASID flush', target: GROWTH_MAX },
] as const;

const paced = (devices: number): StormPlan =>
  sized(devices, 8, { rate: RATE * devices, attachDetachPerSecond: 50, creditsPerDevice: 32 });
const backlogged = (devices: number): StormPlan =>
  sized(devices, 8, {
    attachDetachPerSecond: 50,
    creditsPerDevice: 32,
    resolverDelayMicroseconds: 50,
  });

/** Each figure as soon as it is known. */
export async function* detachFigures(clock: Clock): AsyncGenerator<Figure> {
  yield* grown(clock, 'a small storm', paced);
  yield* grown(clock, 'slow resolvers, a small storm', backlogged);

  for (const creditsPerDevice of CREDITS) {
    const churned = await measure(
      { ...SATURATED, creditsPerDevice, attachDetachPerSecond: 200 },
      clock,
    );
    const inFlight = Math.round(median(churned.samples.map((sample) => sample.inFlight)));
    const { p50, p99 } = churned.result.detachLatencyUs;
    yield figure({ name: `detach p50, ${inFlight} groups in flight`, value: p50, unit: 'us' });
    yield figure({ name: `detach p99, ${inFlight} groups in flight`, value: p99, unit: 'us' });
  }
}

const p50Of = (storm: Summary | undefined): number =>
  median((storm?.results ?? []).map(({ detachLatencyUs }) => detachLatencyUs.p50));

/** Of each list: the small storm, and how much longer a detach takes in ten times as much. */
async function* grown(
  clock: Clock,
  called: string,
  planFor: (devices: number) => StormPlan,
): AsyncGenerator<Figure> {
  const plans = LISTS.flatMap(({ driver }) =>
    [DEVICES, DEVICES * TIMES_MORE].map((devices) => ({ ...planFor(devices), driver })),
  );
  const { storms } = await inTurn(clock, ROUNDS, plans);
  for (const [index, { flush, target }] of LISTS.entries()) {
    const quiet = p50Of(storms[2 * index]);
    const loud = p50Of(storms[2 * index + 1]);
    yield figure({ name: `detach p50, ${flush}, ${called}`, value: quiet, unit: 'us' });
    yield figure({
      name: `detach p50, ${flush}, ten times the storm, ${called} = 1`,
      value: loud / quiet,
      unit: 'x',
      target,
      atMost: true,
    });
  }
}
