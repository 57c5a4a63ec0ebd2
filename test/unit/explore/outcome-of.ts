/**
 * Outcome of: a search to its end, and what to expect of its trace.
 */
import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { explore } from '../../../src/explore/search.ts';
import type { World } from '../../../src/explore/world.ts';

/** @throws Error when the world is refused. */
export function outcomeOf(world: World, bounds: Bounds = {}): Outcome {
  const explored = explore(world, bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

/** Steps of the outcome's trace; undefined when it has none. */
export const stepsOf = (outcome: Outcome): number | undefined =>
  'trace' in outcome ? outcome.trace.length : undefined;
