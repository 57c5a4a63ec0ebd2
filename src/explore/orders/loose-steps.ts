/**
 * Loose steps: those that leave every macrostate as it is, so that their place matters to nobody.
 */
import type { KnownMoves } from './known-moves.ts';
import type { Move, Movers } from './movers.ts';

/** Steps that may be loose: done first, they change nothing for any step that comes next. */
export async function looseAtFirst(
  { worlds, first }: Movers,
  steps: readonly number[],
  known: KnownMoves,
): Promise<readonly number[]> {
  const all = Array.from({ length: worlds }, (_, world) => world);
  const start = (world: number): number => first[world] ?? -1;
  const after = (world: number, step: number): number => known.of(world, start(world), step);
  const others = (step: number): readonly number[] => steps.filter((other) => other !== step);
  await Promise.all(all.map((world) => known.find(world, movesAt(start(world), steps))));
  const harmless = steps.filter((step) => all.every((world) => after(world, step) >= 0));
  await Promise.all(
    all.map((world) =>
      known.find(
        world,
        harmless.flatMap((step) => movesAt(after(world, step), others(step))),
      ),
    ),
  );
  return harmless.filter((step) =>
    all.every((world) =>
      others(step).every(
        (next) => known.of(world, after(world, step), next) === after(world, next),
      ),
    ),
  );
}

/** Of some steps those that change one of these macrostates; `of[world]` are a world's. */
export async function boundAmong(
  steps: readonly number[],
  of: readonly ReadonlySet<number>[],
  known: KnownMoves,
): Promise<readonly number[]> {
  await Promise.all(
    of.map((macrostates, world) =>
      known.find(
        world,
        [...macrostates].flatMap((macrostate) => movesAt(macrostate, steps)),
      ),
    ),
  );
  return steps.filter((step) =>
    of.some((macrostates, world) =>
      [...macrostates].some((macrostate) => known.of(world, macrostate, step) !== macrostate),
    ),
  );
}

const movesAt = (macrostate: number, steps: readonly number[]): readonly Move[] =>
  steps.map((step) => ({ macrostate, step }));
