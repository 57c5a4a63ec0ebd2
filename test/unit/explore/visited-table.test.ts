/** The shapes of visited tables: goal is that every place is one, and that lengths grow by a quarter at most. */
import { describe, expect, it } from 'vitest';
import { prng } from '../../../src/core/prng.ts';
import { lengthFor, placeOf, shapeOf, statesIn } from '../../../src/explore/visited-table.ts';

const SIZES = [1, 3, 4, 5, 100, 4_095, 4_096, 4_097, 1_000_003, 2 ** 28, 1_300_000_000];

describe('a visited table', () => {
  it.each(SIZES)('has room for %d states, and for few more than a quarter beyond', (states) => {
    const length = lengthFor(states) ?? 0;
    expect(statesIn(length)).toBeGreaterThanOrEqual(states);
    expect(statesIn(length)).toBeLessThanOrEqual(Math.max(4, states * 1.25));
  });

  it('says when there is no such table', () => {
    expect(lengthFor(2 ** 31)).toBeUndefined();
  });

  it.each(SIZES)(
    'for %d states has a place for every hash, and hits all quarters alike',
    (states) => {
      const shape = shapeOf(lengthFor(states) ?? 0);
      const chance = prng(states);
      const hits = new Array<number>(shape.quarters).fill(0);
      for (let draw = 0; draw < 7_000; draw += 1) {
        const place = placeOf(chance.below(2 ** 32) | 0, shape);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThan(shape.length);
        const quarter = Math.floor((place * shape.quarters) / shape.length);
        hits[quarter] = (hits[quarter] ?? 0) + 1;
      }
      const fair = 7_000 / shape.quarters;
      for (const hit of hits) expect(Math.abs(hit - fair)).toBeLessThan(fair / 4);
    },
  );

  it.each(SIZES)('for %d states keeps every number beside the tag', (states) => {
    const { mask } = shapeOf(lengthFor(states) ?? 0);
    expect(states).toBeLessThanOrEqual(mask);
  });
});
