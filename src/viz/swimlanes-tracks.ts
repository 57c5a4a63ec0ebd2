/**
 * Swim lanes' tracks: where in its channel's lane each message runs, so that those under way at once run side by side.
 *
 * Units: tracks count from 0; pixels between them.
 */
import type { Swimlanes } from './swimlanes.ts';

/** From one track to the next. */
export const TRACK_GAP = 8;

/** By message: the lowest track of its lane that is free from the row it is sent in to the row that receives it. */
export function messageTracks({ messages, rows }: Swimlanes): readonly number[] {
  /** By lane and track: the first row in which it is free again. */
  const freeFrom = new Map<string, number>();
  return messages.map(({ lane, sent, receivedIn }) => {
    const from = sent?.row ?? 0;
    let track = 0;
    while ((freeFrom.get(`${lane} ${track}`) ?? 0) > from) track += 1;
    freeFrom.set(`${lane} ${track}`, (receivedIn ?? rows.length) + 1);
    return track;
  });
}
