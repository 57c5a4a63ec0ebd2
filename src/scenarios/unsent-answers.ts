/**
 * Unsent answers: what a resolver had recorded, and not sent yet, when it died; its successor answers again.
 *
 * An answer is recorded before it is published, and published with the batch it is of. So where a successor answers a
 * group that its predecessor had answered, the predecessor's answer never left.
 */
import { EVENT } from '../workers/event-log.ts';
import type { RecordedEvent } from '../workers/event-recording.ts';

/** Their places among the events. */
export function unsentAnswers(events: readonly RecordedEvent[]): ReadonlySet<number> {
  const unsent = new Set<number>();
  /** By thread: the answers of those that died, by the hidden id of the group. */
  const ofDead = new Map<number, Map<number, number>>();
  /** By thread: the answers since it began. */
  const own = new Map<number, Map<number, number>>();
  for (const [place, { thread, event, words }] of events.entries()) {
    const [, , id] = words;
    if (event === EVENT.resumed) {
      // Of every one that died: a successor may die before it comes to what was left to it.
      ofDead.set(thread, new Map([...(ofDead.get(thread) ?? []), ...(own.get(thread) ?? [])]));
      own.set(thread, new Map());
    } else if (event === EVENT.resolved) {
      const before = ofDead.get(thread)?.get(id);
      if (before !== undefined) unsent.add(before);
      const answers = own.get(thread) ?? new Map<number, number>();
      own.set(thread, answers.set(id, place));
    }
  }
  return unsent;
}
