/**
 * Race figures: how far and how long to the first violation of three races, and how fast the space without it is done.
 *
 * Method: each search three times, after one that warmed the machine up; medians. Small worlds: most of the time goes
 *         into filling tables.
 */
import { driverWith } from '../../src/actors/drivers.ts';
import type { Bounds } from '../../src/explore/bounds.ts';
import type { Outcome } from '../../src/explore/outcome.ts';
import { explore } from '../../src/explore/search.ts';
import { RACES } from '../../src/scenarios/races/catalogue.ts';
import type { Experiment } from '../../src/scenarios/races/race.ts';
import { type Figure, figure, median } from './figure.ts';
import type { Clock } from './storm-runs.ts';

const SHOWN = [
  'iopf-remove-before-drain',
  'drain-skipped-after-mm-release',
  'drain-shared-completion',
];
const ROUNDS = 3;

/** Each figure as soon as it is known. */
export function* raceFigures(clock: Clock): Generator<Figure> {
  for (const id of SHOWN) {
    const race = RACES.find((each) => each.id === id);
    const experiment = race?.status === 'modelled' ? race.experiments[0] : undefined;
    if (experiment?.expects.kind !== 'breaks') throw new Error(`${id} breaks nothing`);
    const { property } = experiment.expects;
    const bug = timed(clock, experiment, experiment.quirks, {
      properties: [property],
      mayDeadlock: true,
    });
    const clean = timed(clock, experiment, [], {});
    if (bug.outcome.kind !== 'violated' || clean.outcome.kind !== 'complete') {
      throw new Error(`${id} is not what the catalogue says`);
    }
    const steps = `${property} after ${bug.outcome.trace.length} steps`;
    yield figure({ name: `${id}: ${steps}`, value: bug.outcome.states, unit: 'states' });
    yield figure({ name: `${id}: CPU to it`, value: bug.seconds * 1000, unit: 'CPU-ms' });
    yield figure({
      name: `${id}: without, ${clean.outcome.states} states`,
      value: clean.outcome.states / clean.seconds,
      unit: 'states/CPU-s',
    });
    yield figure({
      name: `${id}: without, memory`,
      value: clean.outcome.bytes / clean.outcome.states,
      unit: 'bytes/state',
    });
  }
}

function timed(
  clock: Clock,
  { scenario, driver }: Experiment,
  quirks: readonly string[],
  bounds: Bounds,
): { readonly outcome: Outcome; readonly seconds: number } {
  const found = driverWith(driver, quirks);
  if (!found.ok) throw new Error(`there is no ${driver} with ${quirks.join(', ')}`);
  const search = (): Outcome => {
    const explored = explore(scenario.world(found.value), bounds);
    if (!explored.ok) throw new Error(`${scenario.name} can't be explored`);
    return explored.value;
  };
  let outcome = search();
  const seconds = Array.from({ length: ROUNDS }, () => {
    const before = clock.cpuSeconds();
    outcome = search();
    return clock.cpuSeconds() - before;
  });
  return { outcome, seconds: median(seconds) };
}
