/**
 * Order lattice: every order of an operation's steps, in several worlds at once, orders with the same future as one.
 *
 * A node is a set of steps done and the macrostate of each world; an edge does one step more. A step that is broken in
 * any world has no edge. Whole orders are the ways from the root to a node where all steps are done and nothing is wrong
 * at the end: they are counted, never listed.
 *
 *     steps done:   {}  --block-entry-->  {block-entry}  --zero-entry-->  {block-entry, zero-entry}  ...
 *
 * Steps that leave every macrostate as it is are *free*: their place matters to nobody. They are put aside at first, and
 * shown to be free in every macrostate the others lead to.
 *
 * Policy: who finds a move is the caller's; all moves of a level that are not known are asked for together.
 */
import { invariant } from '../../core/invariant.ts';

/** What a world says of a move: the macrostate, or -1 when it is broken. */
export type Move = { readonly macrostate: number; readonly step: number };

export type Movers = {
  /** How many worlds there are. */
  readonly worlds: number;
  /** First macrostate of each world. */
  readonly first: readonly number[];
  /** Answers of one world, one for each move: the macrostate it leads to, or -1 when it is broken. */
  moved(world: number, moves: readonly Move[]): Promise<readonly number[]>;
  /** Of one world, one for each macrostate: whether nothing is wrong when the operation ends there. */
  endsWell(world: number, macrostates: readonly number[]): Promise<readonly boolean[]>;
};

export type LatticeEdge = { readonly step: number; readonly to: number };

export type LatticeNode = {
  /** Steps done, a bit each. */
  readonly done: number;
  readonly macrostates: readonly number[];
  readonly edges: readonly LatticeEdge[];
};

export type OrderLattice = {
  /** Steps that are in the lattice, ascending; the others are free. */
  readonly steps: readonly number[];
  readonly free: readonly number[];
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

/** A bit each, and one for the sign. */
export const STEPS_MAX = 30;

/** Undefined: it was stopped. `steps` is how many there are. */
export async function orderLattice(
  steps: number,
  movers: Movers,
  hooks: LatticeHooks,
): Promise<OrderLattice | undefined> {
  invariant(steps <= STEPS_MAX, `orders of ${steps} steps are too many`);
  const known = knownMoves(movers);
  const all = Array.from({ length: steps }, (_, step) => step);
  let free = await freeAt(movers.first, all, movers, known);
  for (;;) {
    const ordered = all.filter((step) => !free.includes(step));
    const grown = await latticeOf(ordered, free, movers, known, hooks);
    if (grown === undefined || 'nodes' in grown) return grown;
    const { bound } = grown;
    free = free.filter((step) => !bound.includes(step));
  }
}

/** Steps that may be free: done first, they change nothing for any step that comes next. */
async function freeAt(
  first: readonly number[],
  steps: readonly number[],
  { worlds }: Movers,
  known: KnownMoves,
): Promise<readonly number[]> {
  const all = Array.from({ length: worlds }, (_, world) => world);
  const after = (world: number, step: number): number => known.of(world, first[world] ?? -1, step);
  await Promise.all(
    all.map((world) =>
      known.find(
        world,
        movesAt([first[world] ?? -1], () => steps),
      ),
    ),
  );
  const harmless = steps.filter((step) => all.every((world) => after(world, step) >= 0));
  const others = (step: number): readonly number[] => steps.filter((other) => other !== step);
  await Promise.all(
    all.map((world) =>
      known.find(
        world,
        harmless.flatMap((step) => movesAt([after(world, step)], () => others(step))),
      ),
    ),
  );
  const isFree = (step: number): boolean =>
    all.every((world) =>
      others(step).every(
        (next) => known.of(world, after(world, step), next) === after(world, next),
      ),
    );
  return harmless.filter(isFree);
}

const movesAt = (
  macrostates: readonly number[],
  stepsAt: (macrostate: number) => readonly number[],
): readonly Move[] =>
  macrostates.flatMap((macrostate) => stepsAt(macrostate).map((step) => ({ macrostate, step })));

type Growing = { done: number; macrostates: readonly number[]; edges: LatticeEdge[] };

/** The lattice of some steps; or those that were taken to be free and are not. */
async function latticeOf(
  steps: readonly number[],
  free: readonly number[],
  movers: Movers,
  known: KnownMoves,
  { progress, isStopped }: LatticeHooks,
): Promise<OrderLattice | { readonly bound: readonly number[] } | undefined> {
  const worlds = Array.from({ length: movers.worlds }, (_, world) => world);
  const nodes: Growing[] = [{ done: 0, macrostates: movers.first, edges: [] }];
  let level: readonly number[] = [0];
  for (let done = 0; done < steps.length; done += 1) {
    if (isStopped()) return undefined;
    progress({ level: done, of: steps.length, nodes: nodes.length });
    const moves = level.flatMap((node) =>
      steps
        .filter((step) => !has(nodes[node]?.done ?? 0, step))
        .map((step) => ({ node, step, to: [] as number[] })),
    );
    // Cheap worlds first: what one of them breaks is not asked of the others.
    let alive = moves;
    for (const round of movers.worlds > 1 ? [worlds] : [worlds]) {
      await Promise.all(
        round.map((world) =>
          known.find(
            world,
            alive.map(({ node, step }) => ({
              macrostate: nodes[node]?.macrostates[world] ?? -1,
              step,
            })),
          ),
        ),
      );
      for (const move of alive) {
        for (const world of round) {
          move.to[world] = known.of(world, nodes[move.node]?.macrostates[world] ?? -1, move.step);
        }
      }
      alive = alive.filter(({ to }) => round.every((world) => (to[world] ?? -1) >= 0));
    }
    const found = new Map<string, number>();
    for (const { node, step, to } of alive) {
      const from = nodes[node];
      invariant(from !== undefined, `there is no node ${node}`);
      const next = from.done | (1 << step);
      const text = `${next} ${to.join()}`;
      const number = found.get(text) ?? nodes.push({ done: next, macrostates: to, edges: [] }) - 1;
      found.set(text, number);
      from.edges.push({ step, to: number });
    }
    level = [...found.values()];
    const bound = await boundAmong(
      free,
      level.map((node) => nodes[node]?.macrostates ?? []),
      movers,
      known,
    );
    if (bound.length > 0) return { bound };
  }
  const enough = nodes.flatMap(({ done }, node) =>
    bitsIn(done) >= steps.length - 1 ? [node] : [],
  );
  const endsWell = await endingWell(enough, nodes, movers);
  return { steps, free, nodes, endsWell };
}

/** Steps that change some macrostate. */
async function boundAmong(
  free: readonly number[],
  macrostates: readonly (readonly number[])[],
  { worlds }: Movers,
  known: KnownMoves,
): Promise<readonly number[]> {
  const each = Array.from({ length: worlds }, (_, world) => [
    ...new Set(macrostates.map((of) => of[world] ?? -1)),
  ]);
  await Promise.all(
    each.map((of, world) =>
      known.find(
        world,
        of.flatMap((macrostate) => free.map((step) => ({ macrostate, step }))),
      ),
    ),
  );
  return free.filter((step) =>
    each.some((of, world) =>
      of.some((macrostate) => known.of(world, macrostate, step) !== macrostate),
    ),
  );
}

async function endingWell(
  candidates: readonly number[],
  nodes: readonly LatticeNode[],
  { worlds, endsWell }: Movers,
): Promise<ReadonlySet<number>> {
  let alive = candidates;
  for (let world = 0; world < worlds; world += 1) {
    const macrostates = [...new Set(alive.map((node) => nodes[node]?.macrostates[world] ?? -1))];
    const answers = await endsWell(world, macrostates);
    const well = new Set(macrostates.filter((_, at) => answers[at] === true));
    alive = alive.filter((node) => well.has(nodes[node]?.macrostates[world] ?? -1));
  }
  return new Set(alive);
}

export const has = (done: number, step: number): boolean => ((done >>> step) & 1) === 1;

export const bitsIn = (done: number): number =>
  Array.from({ length: STEPS_MAX }, (_, step) => step).filter((step) => has(done, step)).length;

type KnownMoves = {
  /** Asks for those that are not known. */
  find(world: number, moves: readonly Move[]): Promise<void>;
  of(world: number, macrostate: number, step: number): number;
};

function knownMoves({ worlds, moved }: Movers): KnownMoves {
  const tables = Array.from({ length: worlds }, () => new Map<number, number>());
  const keyOf = ({ macrostate, step }: Move): number => macrostate * STEPS_MAX + step;
  return {
    find: async (world, moves) => {
      const table = tables[world];
      invariant(table !== undefined, `there is no world ${world}`);
      const unknown = new Map(
        moves.filter((move) => !table.has(keyOf(move))).map((move) => [keyOf(move), move]),
      );
      if (unknown.size === 0) return;
      const answers = await moved(world, [...unknown.values()]);
      for (const [at, key] of [...unknown.keys()].entries()) table.set(key, answers[at] ?? -1);
    },
    of: (world, macrostate, step) => tables[world]?.get(keyOf({ macrostate, step })) ?? -1,
  };
}
