/**
 * Event recording: the first events of a storm, of all its threads, in one order.
 *
 * Actor: any thread appends; a place is claimed by one atomic addition, so the order is that of the claims. An event
 *        that causes another is claimed first, since each thread appends before it publishes what it did.
 * Policy: what finds no room is left out, and everything after it; a storm that isn't recorded has no room at all.
 */
import { word } from '../core/words.ts';
import { LINE_WORDS } from './lines.ts';
import { RECORD_WORDS } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

export type RecordedEvent = {
  readonly thread: number;
  /** As numbered in `EVENT`. */
  readonly event: number;
  readonly device: number;
  readonly index: number;
  readonly pasid: number;
  /** The group's hidden request id, 0 for what is about no group. */
  readonly id: number;
  /** Pages of a group that is issued, code of an answer, 1 for a last request dropped; else 0. */
  readonly detail: number;
};

export class EventRecording {
  readonly #words: Int32Array;
  readonly #thread: number;
  readonly #room: number;

  constructor({ recording }: Pick<StormMemory, 'recording'>, thread: number) {
    this.#words = recording;
    this.#thread = thread;
    this.#room = (recording.length - LINE_WORDS) / RECORD_WORDS;
  }

  add(event: number, source: number, pasid: number, id: number, detail: number): void {
    // Looked at first, so that the count of a storm that goes on for days does not wrap.
    if (word(this.#words, 0) >= this.#room) return;
    const claimed = Atomics.add(this.#words, 0, 1);
    if (claimed >= this.#room) return;
    const at = LINE_WORDS + claimed * RECORD_WORDS;
    this.#words[at] = this.#thread;
    this.#words[at + 1] = event;
    this.#words[at + 2] = source;
    this.#words[at + 3] = pasid;
    this.#words[at + 4] = id;
    this.#words[at + 5] = detail;
  }
}

/** All that was recorded, once the threads have ended. */
export function recordedEvents({ recording }: Pick<StormMemory, 'recording'>): RecordedEvent[] {
  const room = (recording.length - LINE_WORDS) / RECORD_WORDS;
  return Array.from({ length: Math.min(room, word(recording, 0)) }, (_, place) => {
    const at = LINE_WORDS + place * RECORD_WORDS;
    const source = word(recording, at + 2);
    return {
      thread: word(recording, at),
      event: word(recording, at + 1),
      device: source >>> 16,
      index: source & 0xffff,
      pasid: word(recording, at + 3),
      id: word(recording, at + 4),
      detail: word(recording, at + 5),
    };
  });
}
