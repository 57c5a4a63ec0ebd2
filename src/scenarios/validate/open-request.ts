/**
 * Open request: one page request as one explanation has it, from when it may have arrived until it owes nothing.
 */
import { type Frontier, NOWHERE } from '../../explore/frontier.ts';
import { areEqual, type Beliefs, isDead, moved } from './beliefs.ts';
import type { Share } from './broken.ts';
import type { Place } from './place.ts';
import type { PlaceObserver, RequestClass } from './place-observer.ts';

/** One request as one hypothesis has it. */
export type OpenRequest = {
  readonly place: Place;
  /** Counts the requests of the trace. */
  readonly number: number;
  /** Place of its report among the events; undefined: it is being reported, or will be. */
  readonly reportedAt: number | undefined;
  readonly request: RequestClass;
  readonly wasAnswered: boolean;
  readonly beliefs: Beliefs;
};

export type Hypothesis = readonly OpenRequest[];

/** In every explanation. */
export const isFreedUnderHands = ({ place, beliefs }: OpenRequest): boolean =>
  place.observers.every((observer, world) => {
    const frontier = beliefs[world] ?? NOWHERE;
    return frontier === NOWHERE || observer.isFreedUnderHands(frontier);
  });

/** In how many of the states that the request may be in. */
export function shareIn(
  { place: { observers }, beliefs }: OpenRequest,
  kept: (observer: PlaceObserver, frontier: Frontier) => Frontier,
): Share {
  const found = moved(observers, beliefs, kept);
  if (areEqual(found, beliefs)) return 'all';
  return isDead(found) ? 'none' : 'some';
}

export const arriving = ({ observers }: Place, beliefs: Beliefs, request: RequestClass): Beliefs =>
  moved(observers, beliefs, (observer, frontier) => observer.requested(frontier, request));

export const isAlike = (left: OpenRequest, right: OpenRequest): boolean =>
  left.place === right.place &&
  (left.reportedAt === undefined) === (right.reportedAt === undefined) &&
  left.wasAnswered === right.wasAnswered &&
  areEqual(left.beliefs, right.beliefs);

export const areTheSame = (left: Hypothesis, right: Hypothesis): boolean =>
  left.length === right.length &&
  left.every((one, at) => {
    const other = right[at];
    return (
      other !== undefined &&
      one.number === other.number &&
      one.reportedAt === other.reportedAt &&
      one.wasAnswered === other.wasAnswered &&
      areEqual(one.beliefs, other.beliefs)
    );
  });
