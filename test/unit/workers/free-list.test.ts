/** Goal: numbers are conserved: each is in the list, in one magazine or with one holder, and never in two places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  FreeList,
  freeListMemory,
  MAGAZINE_MAX,
  MAGAZINE_WORDS,
  Magazine,
} from '../../../src/workers/free-list.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a free list', () => {
  it('gives every number it was given exactly once, to however many consumers', () => {
    const step = fc.record({
      consumer: fc.integer({ min: 0, max: 2 }),
      kind: fc.constantFrom('take', 'give-back', 'free'),
      times: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 2 * MAGAZINE_MAX }),
        fc.array(step, { maxLength: 80 }),
        (count, refill, steps) => {
          const memory = freeListMemory(count);
          const list = new FreeList(memory);
          list.give(count, (index) => index + 1);
          const words = new Int32Array(3 * MAGAZINE_WORDS);
          const magazines = [0, 1, 2].map(
            (index) => new Magazine(new FreeList(memory), words, index * MAGAZINE_WORDS, refill),
          );
          const held: number[] = [];
          for (const { consumer, kind, times } of steps) {
            const magazine = magazines[consumer];
            for (let left = times; left > 0; left -= 1) {
              if (kind === 'take') {
                const number = magazine?.take() ?? 0;
                if (number === 0) break;
                expect(held).not.toContain(number);
                held.push(number);
                // What was just taken fits back in, as when an installer lost its race.
              } else if (kind === 'give-back') {
                const number = magazine?.take() ?? 0;
                if (number !== 0) magazine?.giveBack(number);
              } else {
                const number = held.pop();
                if (number !== undefined) list.give(1, () => number);
              }
            }
            const stored = magazines.reduce(
              (sum, _, index) => sum + (words[index * MAGAZINE_WORDS] ?? 0),
              0,
            );
            expect(list.level + stored + held.length).toBe(count);
          }
          // Drained to the last number, it gave each once.
          for (const magazine of magazines) {
            for (let number = magazine.take(); number !== 0; number = magazine.take()) {
              held.push(number);
            }
          }
          expect(held.sort((left, right) => left - right)).toEqual(upTo(count));
        },
      ),
    );
  });

  it('gives nothing when it is empty, and goes on when something comes back', () => {
    const list = new FreeList(freeListMemory(2));
    const magazine = new Magazine(list, new Int32Array(MAGAZINE_WORDS), 0, 8);
    expect(magazine.take()).toBe(0);
    list.give(1, () => 7);
    expect([magazine.take(), magazine.take()]).toEqual([7, 0]);
  });

  it('leaves its magazine to the successor of a dead consumer', () => {
    const list = new FreeList(freeListMemory(10));
    list.give(10, (index) => index + 1);
    const words = new Int32Array(MAGAZINE_WORDS);
    const dead = new Magazine(list, words, 0, 4);
    const taken = [dead.take(), dead.take()];
    const successor = new Magazine(list, words, 0, 4);
    for (let number = successor.take(); number !== 0; number = successor.take()) taken.push(number);
    expect(taken.sort((left, right) => left - right)).toEqual(upTo(10));
  });
});
