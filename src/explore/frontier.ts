/**
 * Frontier: a set of states that a world may be in, as whoever watches it from outside names it.
 */

/** What an outsider sees of one step, in order. */
export type Signs = { readonly now: readonly string[]; readonly late: readonly string[] };

/** A set of states, by number; numbers of one observer mean nothing to another. */
export type Frontier = number;

/** No state explains what was seen. */
export const NOWHERE: Frontier = 0;

/** A sign that could be seen next, and the actor that would show it. */
export type NextSign = { readonly actor: string; readonly sign: string };

/** Slots, by number, whose signs are meant; a name of its own tells two sets apart. */
export type Actors = { readonly name: string; has(slot: number): boolean };
