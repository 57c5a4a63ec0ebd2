/**
 * Beliefs: what may be true of one thing, in each of the worlds it may live in.
 *
 * A place that nobody has seen anything of may have an SVA domain or another one; each has a world of its own. A
 * belief is a frontier a world, in the order of the observers.
 */
import { type Frontier, NOWHERE } from '../../explore/frontier.ts';
import type { PlaceObserver } from './place-observer.ts';

export type Beliefs = readonly Frontier[];

export type Observers = readonly PlaceObserver[];

export const isDead = (beliefs: Beliefs): boolean => beliefs.every((one) => one === NOWHERE);

/** What becomes of the beliefs, world by world; where there is nothing left nothing comes. */
export const moved = (
  observers: Observers,
  beliefs: Beliefs,
  move: (observer: PlaceObserver, frontier: Frontier) => Frontier,
): Beliefs =>
  observers.map((observer, world) => {
    const frontier = beliefs[world] ?? NOWHERE;
    return frontier === NOWHERE ? NOWHERE : move(observer, frontier);
  });

export const joined = (observers: Observers, left: Beliefs, right: Beliefs): Beliefs =>
  observers.map((observer, world) =>
    observer.union(left[world] ?? NOWHERE, right[world] ?? NOWHERE),
  );

export const areEqual = (left: Beliefs, right: Beliefs): boolean =>
  left.every((one, world) => one === right[world]);
