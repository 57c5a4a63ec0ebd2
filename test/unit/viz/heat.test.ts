/** Heat: every count has one colour, the legend says which, and nothing in it stands on anything else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { heatOf } from '../../../src/viz/coverage-heat.ts';
import { heatLegend } from '../../../src/viz/heat-legend.ts';
import { type Named, overlaps } from './boxes.ts';

const arrow = (taken: number | undefined) => [{ taken }];
const rangeOf = (text: string): readonly number[] =>
  text === 'once' ? [1, 1] : [...text.replaceAll(',', '').matchAll(/\d+/g)].map(Number);

describe('levels', () => {
  it('of nothing known are none', () => {
    const heat = heatOf([arrow(undefined), []]);
    expect(heat.levels).toEqual([]);
    expect(heat.classOf(arrow(undefined))).toEqual([]);
  });

  it('are in words a reader can check', () => {
    expect(heatOf([arrow(0), arrow(749)]).levels).toEqual([
      { name: 'never', text: 'never' },
      { name: 'heat-1', text: '1 to 2 times' },
      { name: 'heat-2', text: '3 to 13 times' },
      { name: 'heat-3', text: '14 to 52 times' },
      { name: 'heat-4', text: '53 to 198 times' },
      { name: 'heat-5', text: '199 to 749 times' },
    ]);
    expect(heatOf([arrow(1)]).levels.map(({ text }) => text)).toEqual(['never', 'once']);
  });

  it('have each count up to the largest in the range of its colour, and in no other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (most, at) => {
          const heat = heatOf([arrow(most)]);
          const count = Math.max(1, Math.round(most ** at));
          const [name] = heat.classOf(arrow(count));
          const within = heat.levels.filter(({ text }) => {
            const [first = 0, last = first] = rangeOf(text);
            return text !== 'never' && first <= count && count <= last;
          });
          expect(within.map((level) => level.name)).toEqual([name]);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

it.each([10, 200, 500, 2000])('a legend below a chart of %i pixels is clear', (width) => {
  const { levels } = heatOf([arrow(123_456_789)]);
  const legend = heatLegend(levels, width, 100);
  const boxes = [...legend.svg.matchAll(/d="M([\d.]+),([\d.]+)h26".*?textLength="([\d.]+)"/g)].map(
    ([name, x, y, length]): Named => ({
      name,
      x: Number(x),
      y: Number(y) - 7,
      width: 26 + 6 + Number(length),
      height: 14,
    }),
  );
  expect(boxes.length).toBe(6);
  expect(overlaps(boxes)).toEqual([]);
  const outside = boxes.filter(
    ({ x, y, width, height }) => x + width > legend.width || y + height > 100 + legend.height,
  );
  expect(outside).toEqual([]);
});
