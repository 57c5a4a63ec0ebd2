/**
 * Event recording: the first events of a storm, of all its threads, in one order.
 *
 * Actor: any thread appends; a place is claimed by one atomic addition, so the order is that of the claims. An event
 *        that causes another is claimed first, since each thread appends before it publishes what it did. What has
 *        been reported has been queued for whoever flushes, as in the kernel: in between, a flush is held back.
 * Policy: what finds no room is left out, and everything after it; a storm that isn't recorded has no room at all.
 */
import { word } from '../core/words.ts';
import { LINE_WORDS } from './lines.ts';
import { RECORD_WORDS } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

/** Beside the count of what was recorded, in the first line. */
const HELD = 1;

/** What is only recorded, beside the events of the logs; what the words after it are. */
export const RECORD = {
  /** device << 16 | index, PASID, group id, last << 8 | access, page low, page high */
  reported: 32,
  /** Of a descriptor: its first four words, and how many spinlocks are held. */
  submitted: 33,
  /** device << 16, PASID, users of the IOTLB's tag. */
  tagged: 34,
  untagged: 35,
  /** device << 16, PASID, 0 for the IOTLB's tag or 1 for the device's, order, page low, page high */
  flushed: 36,
} as const;

/** The five to six words behind thread and event mean what the event says. */
export type RecordedEvent = {
  readonly thread: number;
  /** As numbered in `EVENT` and `RECORD`. */
  readonly event: number;
  readonly words: readonly [number, number, number, number, number, number];
};

export class EventRecording {
  readonly #words: Int32Array;
  readonly #room: number;

  constructor({ recording }: Pick<StormMemory, 'recording'>) {
    this.#words = recording;
    this.#room = (recording.length - LINE_WORDS) / RECORD_WORDS;
  }

  /** Holds flushes back, if there is room to record. */
  hold(): boolean {
    const isRecorded = this.#hasRoom;
    if (isRecorded) Atomics.store(this.#words, HELD, 1);
    return isRecorded;
  }

  letGo(): void {
    Atomics.store(this.#words, HELD, 0);
  }

  get isHeld(): boolean {
    return Atomics.load(this.#words, HELD) !== 0;
  }

  get #hasRoom(): boolean {
    return word(this.#words, 0) < this.#room;
  }

  add(thread: number, event: number, a: number, b = 0, c = 0, d = 0, e = 0, f = 0): void {
    // Looked at first, so that the count of a storm that goes on for days does not wrap.
    if (!this.#hasRoom) return;
    const claimed = Atomics.add(this.#words, 0, 1);
    if (claimed >= this.#room) return;
    const at = LINE_WORDS + claimed * RECORD_WORDS;
    this.#words[at] = thread;
    this.#words[at + 1] = event;
    this.#words[at + 2] = a;
    this.#words[at + 3] = b;
    this.#words[at + 4] = c;
    this.#words[at + 5] = d;
    this.#words[at + 6] = e;
    this.#words[at + 7] = f;
  }
}

/** All that was recorded, once the threads have ended. */
export function recordedEvents({ recording }: Pick<StormMemory, 'recording'>): RecordedEvent[] {
  const room = (recording.length - LINE_WORDS) / RECORD_WORDS;
  return Array.from({ length: Math.min(room, word(recording, 0)) }, (_, place) =>
    recordedAt(recording, LINE_WORDS + place * RECORD_WORDS),
  );
}

/** The record whose first word is at `at`. */
export function recordedAt(words: Int32Array, at: number): RecordedEvent {
  return {
    thread: word(words, at),
    event: word(words, at + 1),
    words: [
      word(words, at + 2),
      word(words, at + 3),
      word(words, at + 4),
      word(words, at + 5),
      word(words, at + 6),
      word(words, at + 7),
    ],
  };
}
