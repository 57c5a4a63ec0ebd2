/**
 * Strategy: which of the open choices a walk takes next.
 *
 * Policy: a walk is a function of the world, the seed and the walk's number. What a strategy has to know of a world
 *         beforehand is in its profile, which is a function of the world and the seed.
 */
import type { Prng } from '../../core/prng.ts';
import type { Walker } from './walker.ts';

export type Strategy = {
  /** A walk begins. */
  begin(chance: Prng, iteration: number): void;
  /** One of the walker's open choices, of which there is at least one. */
  choose(walker: Walker, step: number): number;
};

/** What walks of the world look like. */
export type Profile = {
  /** Slot of the actor, by choice. */
  readonly actorOf: Int32Array;
  /** Slots of the world. */
  readonly slots: number;
  /** Steps of the longest walk seen. */
  readonly stepsMax: number;
  readonly eventSets: readonly EventSet[];
};

/** Slots whose meetings matter; an event is of the set when it looks at one of them. */
export type EventSet = {
  readonly slots: readonly number[];
  /** By slot of the actor: how many such events it had in the profile's walks, in the mean, rounded up. */
  readonly events: Int32Array;
};

/** The open choices of an actor, one of them by chance. */
export function anyOf(walker: Walker, profile: Profile, actor: number, chance: Prng): number {
  let count = 0;
  let chosen = -1;
  for (let index = 0; index < walker.openCount(); index += 1) {
    const choice = walker.open[index] as number; // index < openCount
    if (profile.actorOf[choice] !== actor) continue;
    count += 1;
    // The last of those alike is as likely as each before it.
    if (count === 1 || chance.below(count) === 0) chosen = choice;
  }
  return chosen;
}
