/**
 * Event log: the last things each thread did, kept to be printed beside a violation.
 *
 * Actor: one ring a thread, written by it alone; read by the main thread after a violation.
 */
import { word } from '../core/words.ts';
import { LINE_WORDS } from './lines.ts';
import { EVENT_WORDS, EVENTS_MAX } from './storm-memory.ts';

/** What an event says; the words after it are device << 16 | index, PASID, request id. */
export const EVENT = {
  issued: 1,
  dropped: 2,
  answered: 3,
  grouped: 4,
  refused: 5,
  discarded: 6,
  resolved: 7,
  detached: 8,
  removed: 9,
} as const;

const SENTENCES: Readonly<Record<number, string>> = {
  [EVENT.issued]: 'device issued the group',
  [EVENT.dropped]: 'full queue dropped a request of the group',
  [EVENT.answered]: 'device received the answer',
  [EVENT.grouped]: 'PRQ thread queued the group',
  [EVENT.refused]: 'PRQ thread answered INVALID',
  [EVENT.discarded]: 'PRQ thread discarded partial requests',
  [EVENT.resolved]: 'resolver answered the group',
  [EVENT.detached]: 'detach returned',
  [EVENT.removed]: 'device left the fault queue',
};

const THREAD_WORDS = LINE_WORDS + EVENTS_MAX * EVENT_WORDS;

export class EventLog {
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(events: Int32Array, thread: number) {
    this.#words = events;
    this.#at = thread * THREAD_WORDS;
  }

  add(event: number, device: number, index: number, pasid: number, id: number): void {
    const count = word(this.#words, this.#at);
    const at = this.#at + LINE_WORDS + (count & (EVENTS_MAX - 1)) * EVENT_WORDS;
    this.#words[at] = event;
    this.#words[at + 1] = (device << 16) | index;
    this.#words[at + 2] = pasid;
    this.#words[at + 3] = id;
    this.#words[this.#at] = (count + 1) | 0;
  }

  /** The last events that name the device and PASID, oldest first, at most `most`. */
  lastOf(device: number, pasid: number, most: number): string[] {
    const count = word(this.#words, this.#at);
    const found: string[] = [];
    for (let back = 1; back <= Math.min(count, EVENTS_MAX) && found.length < most; back += 1) {
      const at = this.#at + LINE_WORDS + ((count - back) & (EVENTS_MAX - 1)) * EVENT_WORDS;
      const source = word(this.#words, at + 1);
      if (source >>> 16 !== device || word(this.#words, at + 2) !== pasid) continue;
      found.push(
        `${SENTENCES[word(this.#words, at)] ?? 'event'} ${word(this.#words, at + 3)} (device ${device}, PASID ${pasid}, index ${source & 0xffff})`,
      );
    }
    return found.reverse();
  }
}
