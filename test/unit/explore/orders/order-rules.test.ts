/**
 * What the lattice says of all orders at once is what each of them says by itself: on automata drawn by chance, every
 * permutation is tried.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { orderLattice } from '../../../../src/explore/orders/order-lattice.ts';
import { orderRules } from '../../../../src/explore/orders/order-rules.ts';
import { someOrder } from '../../../../src/explore/orders/some-order.ts';
import { isSafe, moversOf, permutations, type Toy } from './toy-worlds.ts';

const STEPS = 5;
const STATES = 4;
const ALL = Array.from({ length: STEPS }, (_, step) => step);

/** Most moves lead somewhere, and some steps change nothing. */
const toy: fc.Arbitrary<Toy> = fc.record({
  next: fc.array(
    fc.array(fc.oneof({ weight: 5, arbitrary: fc.nat(STATES - 1) }, fc.constant(-1)), {
      minLength: STEPS,
      maxLength: STEPS,
    }),
    { minLength: STATES, maxLength: STATES },
  ),
  well: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)), {
    minLength: STATES,
    maxLength: STATES,
  }),
});
const idle = fc.subarray(ALL, { maxLength: 2 });
const withIdle = ({ next, well }: Toy, steps: readonly number[]): Toy => ({
  next: next.map((row, state) => row.map((to, step) => (steps.includes(step) ? state : to))),
  well,
});

const rulesOf = async (toys: readonly Toy[]) => {
  const hooks = { progress: () => {}, isStopped: () => false };
  const lattice = await orderLattice(STEPS, moversOf(toys), hooks);
  if (lattice === undefined) throw new Error('nobody stopped it');
  return { lattice, rules: orderRules(lattice, STEPS) };
};

const stands = (order: readonly number[], first: number, second: number): boolean =>
  order.indexOf(first) < order.indexOf(second);

describe('orders of toy worlds', () => {
  it('are counted, and have in common what the rules say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(toy, toy), idle, async (drawn, still) => {
        const toys = drawn.map((each) => withIdle(each, still));
        const { lattice, rules } = await rulesOf(toys);
        const orders = permutations(ALL);
        const safe = orders.filter((order) => isSafe(toys, order));
        expect(rules.orders).toBe(BigInt(orders.length));
        expect(rules.safe).toBe(BigInt(safe.length));
        expect(someOrder(lattice).length === 0).toBe(safe.length === 0);
        if (safe.length === 0) return;
        expect(isSafe(toys, someOrder(lattice))).toBe(true);

        const { steps } = lattice;
        for (const first of steps) {
          for (const second of steps) {
            if (first === second) continue;
            const always = safe.every((order) => stands(order, first, second));
            expect(rules.necessary.has({ first, second })).toBe(always);
          }
        }
        const needed = steps.filter((step) =>
          permutations(ALL.filter((each) => each !== step)).every((order) => !isSafe(toys, order)),
        );
        expect(rules.needed).toEqual(needed);

        const keepsPairs = orders.filter((order) =>
          rules.necessary.covers().every(({ first, second }) => stands(order, first, second)),
        );
        const keeps = keepsPairs.filter((order) =>
          rules.alternatives.every(
            ({ one, other }) =>
              stands(order, one.first, one.second) || stands(order, other.first, other.second),
          ),
        );
        expect(rules.keepPairs).toBe(BigInt(keepsPairs.length));
        expect(rules.keepAll).toBe(BigInt(keeps.length));
        // No safe order breaks a rule.
        expect(safe.filter((order) => !keeps.includes(order))).toEqual([]);
      }),
      { numRuns: 60, seed: 20 },
    );
  });

  it('put aside steps that are loose, and only those', async () => {
    const chain: Toy = {
      next: [
        [1, 0, 0, -1, 0],
        [1, 1, 2, 1, 1],
        [2, 2, 2, 2, 2],
      ],
      well: [false, false, true],
    };
    const { lattice, rules } = await rulesOf([chain]);
    expect(lattice.loose).toEqual([1, 4]);
    expect(rules.necessary.covers()).toEqual([
      { first: 0, second: 2 },
      { first: 0, second: 3 },
    ]);
    expect(rules.safe).toBe(40n);
    expect(rules.needed).toEqual([0, 2]);
    expect(rules.alternatives).toEqual([]);
  });

  it('name a alternative where one of two steps will do', async () => {
    // Step 2 must come after 0 or after 1.
    const either: Toy = {
      next: [
        [1, 1, -1, 0, 0],
        [1, 1, 1, 1, 1],
      ],
      well: [true, true],
    };
    const { rules } = await rulesOf([either]);
    expect(rules.necessary.covers()).toEqual([]);
    expect(rules.alternatives).toEqual([
      { one: { first: 1, second: 2 }, other: { first: 0, second: 2 } },
    ]);
    expect(rules.keepAll).toBe(rules.safe);
  });
});
