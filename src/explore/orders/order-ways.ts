/**
 * Order ways: how many whole orders go through a lattice, and which steps may follow which on some of them.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import type { OrderLattice } from './order-lattice.ts';
import { bitsOf, has } from './step-bits.ts';

/** `first` somewhere before `second`. */
export type Pair = { readonly first: number; readonly second: number };

export type OrderWays = {
  /** Whole orders of the steps that are not loose. */
  readonly count: bigint;
  /**
   * By step, a bit for each step that comes after it in some whole order; `given`: of the orders only in which these
   * pairs stand as they say.
   */
  later(given?: readonly Pair[]): Int32Array;
};

export function orderWays({ steps, nodes, endsWell }: OrderLattice): OrderWays {
  const all = bitsOf(steps);
  const counts: bigint[] = nodes.map(() => 0n);
  for (let node = nodes.length - 1; node >= 0; node -= 1) {
    const { done, edges } = nodeOf(nodes, node);
    counts[node] =
      done === all
        ? BigInt(endsWell.has(node))
        : edges.reduce((sum, { to }) => sum + (counts[to] ?? 0n), 0n);
  }
  // Edges on the way to a whole order, in the order of their nodes.
  const isLive = ({ to }: { readonly to: number }): boolean => (counts[to] ?? 0n) > 0n;
  const length = nodes.reduce((sum, { edges }) => sum + edges.filter(isLive).length, 0);
  const column = (): Int32Array => new Int32Array(length);
  const columns = { from: column(), to: column(), step: column(), done: column() };
  let edge = 0;
  for (const [from, { done, edges }] of nodes.entries()) {
    for (const { step, to } of edges.filter(isLive)) {
      columns.from[edge] = from;
      columns.to[edge] = to;
      columns.step[edge] = step;
      columns.done[edge] = done;
      edge += 1;
    }
  }
  const isWhole = nodes.map(({ done }) => done === all);

  return {
    count: counts[0] ?? 0n,
    later: (given = []) => {
      const { from, to, step, done } = columns;
      const before = new Int32Array(STEP_BITS);
      for (const { first, second } of given) before[second] = word(before, second) | (1 << first);
      const isOpen = (edge: number): boolean => {
        const needed = word(before, word(step, edge));
        return (needed & word(done, edge)) === needed;
      };
      const reached = new Uint8Array(nodes.length);
      reached[0] = 1;
      for (let edge = 0; edge < from.length; edge += 1) {
        if (reached[word(from, edge)] === 1 && isOpen(edge)) reached[word(to, edge)] = 1;
      }
      const leads = new Uint8Array(nodes.length);
      const later = new Int32Array(STEP_BITS);
      for (let edge = from.length - 1; edge >= 0; edge -= 1) {
        const target = word(to, edge);
        const isEnd = isWhole[target] === true || leads[target] === 1;
        if (!isEnd || reached[word(from, edge)] === 0 || !isOpen(edge)) continue;
        leads[word(from, edge)] = 1;
        const taken = word(step, edge);
        later[taken] = word(later, taken) | (all & ~word(done, edge) & ~(1 << taken));
      }
      return later;
    },
  };
}

const STEP_BITS = 32;

function nodeOf(nodes: OrderLattice['nodes'], node: number) {
  const found = nodes[node];
  invariant(found !== undefined, `there is no node ${node}`);
  return found;
}

/** Pairs of `steps` that stand so in every order in which steps come after one another as `later` says. */
export const pairsForced = (steps: readonly number[], later: Int32Array): readonly Pair[] =>
  steps.flatMap((first) =>
    steps
      .filter((second) => second !== first && !has(word(later, second), first))
      .map((second) => ({ first, second })),
  );
