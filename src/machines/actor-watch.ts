/**
 * Actor watch: who wants to hear what live actors do, each by a name of ours.
 *
 * Source: XState's inspection events.
 * Policy: nobody is asked for nothing: without a watch an actor is created as if there were none.
 */
import type { InspectionEvent } from 'xstate';

/** Called once for each actor, before it is created; the name is never used again in a run. */
export type ActorWatch = (name: string) => (event: InspectionEvent) => void;

type WatchOptions = { readonly inspect?: (event: InspectionEvent) => void };

/** What createActor needs so that `watch` hears of the actor. */
export const watched = (watch: ActorWatch | undefined, name: string): WatchOptions =>
  watch === undefined ? {} : { inspect: watch(name) };

/** Several as one; undefined where there are none. */
export function watchedByAll(watches: readonly ActorWatch[]): ActorWatch | undefined {
  const [first, ...others] = watches;
  if (first === undefined || others.length === 0) return first;
  return (name) => {
    const hears = watches.map((watch) => watch(name));
    return (event) => {
      for (const hear of hears) hear(event);
    };
  };
}
