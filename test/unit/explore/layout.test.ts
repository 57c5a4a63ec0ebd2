/**
 * Fields have room for what they hold, whatever they grow and shrink to; spare bits cost no word; a program means the
 * same in every layout.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  bitsFor,
  type Layout,
  layoutOf,
  moverBetween,
  pack,
  roomyLayout,
  unpacked,
} from '../../../src/explore/layout.ts';
import { nodesFor } from '../../../src/explore/program.ts';

const SLOTS = 12;
/** Three slots a kind. */
const KINDS = Array.from({ length: SLOTS / 3 }, (_, kind) => [0, 1, 2].map((at) => 3 * kind + at));
/** States that a slot has been found in. */
const counts = fc.array(fc.integer({ min: 1, max: 3000 }), {
  minLength: SLOTS,
  maxLength: SLOTS,
});

const widthsOf = (found: readonly number[]): number[] => found.map(bitsFor);

it('a roomy layout has a bit to spare here and there, and no word more', () => {
  let roomier = 0;
  fc.assert(
    fc.property(counts, fc.shuffledSubarray(KINDS), (found, kinds) => {
      const least = layoutOf(widthsOf(found));
      const roomy = roomyLayout(widthsOf(found), kinds);
      expect(roomy.words).toBe(least.words);
      for (const [slot, { mask }] of roomy.fields.entries()) {
        const { mask: needed = 0 } = least.fields[slot] ?? {};
        const isNamed = kinds.flat().includes(slot);
        expect([needed, ...(isNamed ? [2 * needed + 1] : [])]).toContain(mask);
        if (mask > needed) roomier += 1;
      }
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(roomier).toBeGreaterThan(200);
});

it('a state is the same in the next layout, though a spare bit went to others', () => {
  let narrower = 0;
  fc.assert(
    fc.property(counts, counts, fc.array(fc.nat()), (before, grown, picks) => {
      const after = before.map((count, slot) => Math.max(count, grown[slot] ?? 0));
      const from = roomyLayout(widthsOf(before), KINDS);
      const to = roomyLayout(widthsOf(after), [...KINDS].reverse());
      if (to.fields.some(({ mask }, slot) => mask < (from.fields[slot]?.mask ?? 0))) narrower += 1;
      const locals = before.map((count, slot) => (picks[slot] ?? 0) % count);
      const words = new Int32Array(from.words + to.words);
      pack(from, locals, words, 0);
      moverBetween(from, to)(words, 0, words, from.words);
      expect(unpacked(to, words, from.words)).toEqual(locals);
    }),
    { seed: 1, numRuns: 300 },
  );
  expect(narrower).toBeGreaterThan(10);
});

it('a program goes on where it went when its fields move, widen and become narrower again', () => {
  const layouts: readonly Layout[] = [
    [1, 2, 3],
    [2, 2, 3],
    [1, 2, 4],
    [1, 3, 3],
  ].map(layoutOf);
  const [first] = layouts;
  if (first === undefined) throw new Error('no layout');
  const nodes = nodesFor(first);
  const read = nodes.reading(1);
  const flips = nodes.flipping(2, 5, read);
  for (const value of [0, 1, 2]) nodes.fill(read, value, value ^ 1, 40 + value);
  const known = () => ({ read: nodes.entriesOf(read), flips: nodes.entriesOf(flips) });
  const before = known();
  expect(before.read).toEqual(
    [0, 1, 2].map((value) => ({ value, flip: value ^ 1, next: 40 + value })),
  );
  for (const layout of [...layouts, ...layouts]) {
    nodes.relayout(layout);
    expect(known()).toEqual(before);
  }
});
