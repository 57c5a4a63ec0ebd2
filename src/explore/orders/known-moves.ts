/**
 * Known moves: what each world has said so far of a step after a macrostate, so that nothing is asked twice.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { type Move, type Movers, STEPS_MAX } from './movers.ts';

export type KnownMoves = {
  /** Asks one world for those that are not known. */
  find(world: number, moves: Iterable<Move>): Promise<void>;
  /** The macrostate that a known move leads to; -1 when it is broken. */
  of(world: number, macrostate: number, step: number): number;
};

const UNKNOWN = -2;

export function knownMoves({ worlds, moved }: Movers): KnownMoves {
  /** By world and macrostate, a row with a place for each step. */
  const tables = Array.from({ length: worlds }, (): Int32Array[] => []);
  const rowOf = (world: number, macrostate: number): Int32Array => {
    const table = tables[world];
    invariant(table !== undefined, `there is no world ${world}`);
    table[macrostate] ??= new Int32Array(STEPS_MAX).fill(UNKNOWN);
    return table[macrostate];
  };
  return {
    find: async (world, moves) => {
      const wanted: Move[] = [];
      const asked = new Set<number>();
      for (const move of moves) {
        const key = move.macrostate * STEPS_MAX + move.step;
        if (word(rowOf(world, move.macrostate), move.step) !== UNKNOWN || asked.has(key)) continue;
        asked.add(key);
        wanted.push(move);
      }
      if (wanted.length === 0) return;
      const answers = await moved(world, wanted);
      for (const [at, { macrostate, step }] of wanted.entries()) {
        rowOf(world, macrostate)[step] = answers[at] ?? -1;
      }
    },
    of: (world, macrostate, step) => {
      const known = word(rowOf(world, macrostate), step);
      invariant(known !== UNKNOWN, `nobody asked for step ${step}`);
      return known;
    },
  };
}
