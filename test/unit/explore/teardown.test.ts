/**
 * Unbind beside the exit of the process, every interleaving of a bounded world: the repaired driver is safe, the
 * driver of Linux 7.3 is not, and each quirk alone is judged by itself.
 */
import { describe, expect, it } from 'vitest';

import { driverWith } from '../../../src/actors/drivers.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { type Bounds, explore } from '../../../src/explore/search.ts';
import { teardownWorld } from '../../../src/scenarios/explore/teardown/world.ts';

function outcomeOf(driver: string, quirks: readonly string[], bounds: Bounds = {}): Outcome {
  const found = driverWith(driver, quirks);
  if (!found.ok) throw new Error(found.error.code);
  const explored = explore(teardownWorld(found.value, 2), bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

describe('an unbind beside an exit', () => {
  it('is safe with the repaired driver, and never stuck', () => {
    expect(outcomeOf('vtd', [])).toMatchObject({ kind: 'complete', states: 52_148 });
  }, 30_000);

  it('returns with groups in flight as in Linux 7.3', () => {
    const outcome = outcomeOf('vtd@7.3', []);
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S6' } });
    expect(outcome.kind === 'violated' && outcome.trace.length).toBe(17);
  }, 30_000);

  it('ends in a use of the freed handle as in Linux 7.3', () => {
    const outcome = outcomeOf('vtd@7.3', [], { properties: ['S8'] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { slot: 'handle' } });
    const steps = outcome.kind === 'violated' ? outcome.trace : [];
    expect(steps.length).toBe(24);
    expect(steps.at(-1)).toMatchObject({ actor: 'reader', changes: [{ to: 'advancing' }] });
    expect(steps.at(-1)?.effects.map(({ slot, type }) => `${slot} ${type}`)).toEqual([
      'reader dereferenceHandle',
      'handle violate',
      'reader queue',
    ]);
  }, 30_000);

  it.each([
    { quirk: 'absent-entry-not-drained', property: 'S6', steps: 19 },
    { quirk: 'skip-ring-drain', property: 'S6', steps: 18 },
    { quirk: 'skip-workqueue-flush', property: 'S6', steps: 28 },
    { quirk: 'free-handle-first', property: 'S8', steps: 9 },
  ])(
    'violates $property after $steps steps with $quirk alone',
    ({ quirk, property, steps }) => {
      const outcome = outcomeOf('vtd', [quirk]);
      expect(outcome).toMatchObject({ kind: 'violated', violation: { property } });
      expect(outcome.kind === 'violated' && outcome.trace.length).toBe(steps);
    },
    30_000,
  );

  it.each([['fault-disable-not-marked'], ['release-not-awaited']])(
    'is safe with %s alone, since an absent entry is drained all the same',
    (quirk) => {
      expect(outcomeOf('vtd', [quirk])).toMatchObject({ kind: 'complete' });
    },
    30_000,
  );
});
