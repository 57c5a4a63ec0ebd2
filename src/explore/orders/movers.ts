/**
 * Movers: who knows the macrostates of some worlds, and answers for each which step leads where.
 */

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

/** A bit each, and some to spare. */
export const STEPS_MAX = 30;
