/**
 * Detach figures: how long an unbind takes, from the stop of the device to its return, and what the rest of a storm does
 * to it.
 *
 * Method: every stream has the same rate in both storms; the second has ten times as many. So what is detached has as
 * many groups in flight, and only the storm around it differs.
 *
 * Pending: a driver list that drains and flushes one PASID alone, and so any bound for the growth. The lists there are
 * flush the whole workqueue.
 */
import type { StormPlan } from '../../src/workers/storm-plan.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Clock, inTurn, measure, SATURATED, sized } from './storm-runs.ts';

const ROUNDS = 2;
const RATE = 4000;
const TIMES_MORE = 10;
const CREDITS = [8, 32, 127];

const around = (devices: number): StormPlan =>
  sized(devices, 8, { rate: RATE * devices, attachDetachPerSecond: 50, creditsPerDevice: 32 });

/** Each figure as soon as it is known. */
export async function* detachFigures(clock: Clock): AsyncGenerator<Figure> {
  const { storms } = await inTurn(clock, ROUNDS, [around(2), around(2 * TIMES_MORE)]);
  const [quiet = Number.NaN, loud = Number.NaN] = storms.map(({ results }) =>
    median(results.map(({ detachLatencyUs }) => detachLatencyUs.p50)),
  );
  yield figure({ name: 'detach p50, whole-queue flush, a small storm', value: quiet, unit: 'us' });
  yield figure({
    name: 'detach p50, whole-queue flush, ten times the storm, the small one = 1',
    value: loud / quiet,
    unit: 'x',
  });

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
