/**
 * Order lattice: every order of an operation's steps, in several worlds at once, orders with the same future as one.
 *
 * A node is a set of steps done and the macrostate of each world; an edge does one step more. A step that is broken in
 * any world has no edge. Whole orders are the ways from the root to a node where all steps are done and nothing is
 * wrong at the end: they are counted, never listed.
 *
 *     steps done:   {}  --block-entry-->  {block-entry}  --zero-entry-->  {block-entry, zero-entry}  ...
 *
 * Loose steps are put aside at first, and shown to be loose in every macrostate that the others lead to.
 *
 * Policy: who finds a move is the caller's; moves of a level that are not known are asked for together, first of half
 *         of the worlds: what one of them breaks is not asked of the others.
 */
import { invariant } from '../../core/invariant.ts';
import { type KnownMoves, knownMoves } from './known-moves.ts';
import { boundAmong, looseAtFirst } from './loose-steps.ts';
import { type Move, type Movers, STEPS_MAX } from './movers.ts';
import { bitsIn, has } from './step-bits.ts';

export type LatticeEdge = { readonly step: number; readonly to: number };

export type LatticeNode = {
  /** Steps done, a bit each. */
  readonly done: number;
  readonly macrostates: readonly number[];
  readonly edges: readonly LatticeEdge[];
};

export type OrderLattice = {
  /** Steps that are in the lattice, ascending; the others are loose. */
  readonly steps: readonly number[];
  readonly loose: readonly number[];
  /** Fewest steps done first; the root is the first. */
  readonly nodes: readonly LatticeNode[];
  /** Nodes at which the operation may end with nothing wrong: all steps are done, or all but one. */
  readonly endsWell: ReadonlySet<number>;
};

export type LatticeProgress = {
  /** Steps done so far, of so many. */
  readonly level: number;
  readonly of: number;
  readonly nodes: number;
};

export type LatticeHooks = {
  readonly progress: (progress: LatticeProgress) => void;
  /** Asked before each level. */
  readonly isStopped: () => boolean;
};

/** Undefined: it was stopped. `steps` is how many there are. */
export async function orderLattice(
  steps: number,
  movers: Movers,
  hooks: LatticeHooks,
): Promise<OrderLattice | undefined> {
  invariant(steps <= STEPS_MAX, `orders of ${steps} steps are too many`);
  const known = knownMoves(movers);
  const all = Array.from({ length: steps }, (_, step) => step);
  let loose = await looseAtFirst(movers, all, known);
  for (;;) {
    const ordered = all.filter((step) => !loose.includes(step));
    const grown = await latticeOf(ordered, loose, movers, known, hooks);
    if (grown === undefined || 'nodes' in grown) return grown;
    const { bound } = grown;
    loose = loose.filter((step) => !bound.includes(step));
  }
}

type Growing = { done: number; macrostates: readonly number[]; edges: LatticeEdge[] };

/** The lattice of some steps; or those that were taken to be loose and are not. */
async function latticeOf(
  steps: readonly number[],
  loose: readonly number[],
  movers: Movers,
  known: KnownMoves,
  { progress, isStopped }: LatticeHooks,
): Promise<OrderLattice | { readonly bound: readonly number[] } | undefined> {
  const nodes: Growing[] = [{ done: 0, macrostates: movers.first, edges: [] }];
  let level: readonly Growing[] = nodes;
  for (let done = 0; done < steps.length; done += 1) {
    if (isStopped()) return undefined;
    progress({ level: done, of: steps.length, nodes: nodes.length });
    const start = nodes.length;
    await grow(level, steps, nodes, movers.worlds, known);
    level = nodes.slice(start);
    const met = movers.first.map((_, world) => new Set(level.map((node) => at(node, world))));
    const bound = await boundAmong(loose, met, known);
    if (bound.length > 0) return { bound };
  }
  return { steps, loose, nodes, endsWell: await endingWell(nodes, steps.length, movers) };
}

const at = ({ macrostates }: Growing, world: number): number => macrostates[world] ?? -1;

/** Adds the nodes that one step more leads to from those of a level. */
async function grow(
  level: readonly Growing[],
  steps: readonly number[],
  nodes: Growing[],
  worlds: number,
  known: KnownMoves,
): Promise<void> {
  const broken = new Uint8Array(level.length * steps.length);
  const isOpen = (place: number, index: number): boolean =>
    !has(level[place]?.done ?? 0, steps[index] ?? 0) && broken[place * steps.length + index] === 0;
  function* movesIn(world: number): Generator<Move> {
    for (const [place, node] of level.entries()) {
      for (const [index, step] of steps.entries()) {
        if (isOpen(place, index)) yield { macrostate: at(node, world), step };
      }
    }
  }
  const all = Array.from({ length: worlds }, (_, world) => world);
  const half = Math.ceil(worlds / 2);
  for (const round of [all.slice(0, half), all.slice(half)]) {
    await Promise.all(round.map((world) => known.find(world, movesIn(world))));
    for (const [place, node] of level.entries()) {
      for (const [index, step] of steps.entries()) {
        if (!isOpen(place, index)) continue;
        const isBroken = round.some((world) => known.of(world, at(node, world), step) < 0);
        if (isBroken) broken[place * steps.length + index] = 1;
      }
    }
  }
  const found = new Map<string, number>();
  for (const [place, node] of level.entries()) {
    for (const [index, step] of steps.entries()) {
      if (!isOpen(place, index)) continue;
      const macrostates = all.map((world) => known.of(world, at(node, world), step));
      const done = node.done | (1 << step);
      const text = String.fromCharCode(done & 0xffff, done >>> 16, ...macrostates.flatMap(halves));
      const to = found.get(text) ?? nodes.push({ done, macrostates, edges: [] }) - 1;
      found.set(text, to);
      node.edges.push({ step, to });
    }
  }
}

const halves = (value: number): readonly number[] => [value & 0xffff, value >>> 16];

/** Of the nodes where all steps are done, or all but one, those where the operation may end. */
async function endingWell(
  nodes: readonly Growing[],
  steps: number,
  { worlds, endsWell }: Movers,
): Promise<ReadonlySet<number>> {
  let alive = nodes.flatMap(({ done }, node) => (bitsIn(done) >= steps - 1 ? [node] : []));
  for (let world = 0; world < worlds; world += 1) {
    const macrostateOf = (node: number): number => nodes[node]?.macrostates[world] ?? -1;
    const macrostates = [...new Set(alive.map(macrostateOf))];
    const answers = await endsWell(world, macrostates);
    const well = new Set(macrostates.filter((_, place) => answers[place] === true));
    alive = alive.filter((node) => well.has(macrostateOf(node)));
  }
  return new Set(alive);
}
