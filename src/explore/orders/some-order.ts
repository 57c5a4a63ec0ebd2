/** Some order: the first whole order of a lattice with which nothing is wrong, its loose steps behind the others. */
import type { OrderLattice } from './order-lattice.ts';
import { bitsIn } from './step-bits.ts';

/** Empty when there is none. */
export function someOrder({ steps, loose, nodes, endsWell }: OrderLattice): readonly number[] {
  const next: ({ readonly step: number; readonly to: number } | undefined)[] = [];
  const leads = new Set<number>();
  for (let node = nodes.length - 1; node >= 0; node -= 1) {
    const { done, edges } = nodes[node] ?? { done: 0, edges: [] };
    if (bitsIn(done) === steps.length) {
      if (endsWell.has(node)) leads.add(node);
      continue;
    }
    next[node] = edges.find(({ to }) => leads.has(to));
    if (next[node] !== undefined) leads.add(node);
  }
  if (!leads.has(0)) return [];
  const order: number[] = [];
  for (let edge = next[0]; edge !== undefined; edge = next[edge.to]) order.push(edge.step);
  return [...order, ...loose];
}
