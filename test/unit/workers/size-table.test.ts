/** Goal: group sizes are drawn with the weights they are given. */
import { expect, test } from 'vitest';
import { prng } from '../../../src/core/prng.ts';
import { SizeTable } from '../../../src/workers/size-table.ts';

const DRAWS = 100_000;

function drawn(table: SizeTable): Record<number, number> {
  const random = prng(11);
  const counts: Record<number, number> = {};
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const size = table.draw(random);
    counts[size] = (counts[size] ?? 0) + 1;
  }
  return counts;
}

test('sizes come as often as their weights say', () => {
  const counts = drawn(new SizeTable(3, 8, [0.25, 0.5, 0, 0, 0, 0.25]));
  expect(Object.keys(counts)).toEqual(['3', '4', '8']);
  expect((counts[3] ?? 0) / DRAWS).toBeCloseTo(0.25, 2);
  expect((counts[4] ?? 0) / DRAWS).toBeCloseTo(0.5, 2);
});

test('weights need not add up to one, and sizes beyond the most are the most', () => {
  const counts = drawn(new SizeTable(1, 2, [3, 3, 6]));
  expect(Object.keys(counts)).toEqual(['1', '2']);
  expect((counts[1] ?? 0) / DRAWS).toBeCloseTo(0.25, 2);
});

test('no weight at all is a contradiction', () => {
  expect(() => new SizeTable(1, 2, [0, 0])).toThrow('no weight at all');
});
