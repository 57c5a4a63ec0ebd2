/**
 * Bench search: one search of the bench protocol to its end, its CPU, and the counts it must come to.
 */
import type { Bounds } from '../../src/explore/bounds.ts';
import type { Outcome } from '../../src/explore/outcome.ts';
import { explore } from '../../src/explore/search.ts';
import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../src/scenarios/explore/bench-protocol/world.ts';
import type { Clock } from './storm-runs.ts';

export type Searched = Outcome & { readonly kind: 'complete' };

/** @throws Error when the search is not complete */
export function searched(sizes: BenchSizes, bounds: Bounds): Searched {
  const outcome = explore(benchWorld(sizes, 'correct'), bounds);
  if (!outcome.ok || outcome.value.kind !== 'complete')
    throw new Error('the search is not complete');
  return outcome.value;
}

/** CPU seconds of `run`, all threads. @throws Error when it did not find the states there are */
export function secondsOf(
  clock: Clock,
  expected: number,
  run: () => { readonly states: number },
): number {
  const before = clock.cpuSeconds();
  const { states } = run();
  if (states !== expected) throw new Error(`${states} states instead of ${expected}`);
  return clock.cpuSeconds() - before;
}
