/** A store grows as far as it may; one that threads share grows in longer strides while those fit. */
import { describe, expect, it } from 'vitest';

import { type Ints, ownInts, sharedInts } from '../../../src/explore/program.ts';
import { capacityOf, grow, stateStore } from '../../../src/explore/state-store.ts';

const STATES = 1_500_000;

/** A store that has just become full with so many numbers, and is to grow: bytes of its set before and after. */
function grownOnce(ints: Ints, bytesMax = Number.POSITIVE_INFINITY) {
  const store = stateStore(1, ints);
  while (capacityOf(store) < STATES) {
    for (let next = store.count; next < capacityOf(store) - 1; next += 1) {
      store.states[next] = next;
      store.count = next + 1;
    }
    grow(store, Number.POSITIVE_INFINITY);
  }
  const before = store.table.length;
  // Full, so that the table has to grow.
  store.states = ints(2 * STATES);
  store.count = Math.floor(capacityOf(store));
  for (let next = 0; next < store.count; next += 1) store.states[next] = next;
  return { before, isGrown: grow(store, bytesMax), after: store.table.length };
}

describe('a store', () => {
  it('of one thread grows by a quarter', () => {
    const { before, after } = grownOnce(ownInts);
    expect(after / before).toBeGreaterThan(1);
    expect(after / before).toBeLessThanOrEqual(1.5);
  });

  it('of several doubles its set, or grows by a quarter where a bound is in the way', () => {
    const { before, after } = grownOnce(sharedInts);
    expect(after / before).toBeGreaterThanOrEqual(2);
    const bound = 4 * (2 * STATES + 1.6 * before);
    const bounded = grownOnce(sharedInts, bound);
    expect(bounded.isGrown).toBe(true);
    expect(bounded.after / bounded.before).toBeLessThanOrEqual(1.5);
  });
});
