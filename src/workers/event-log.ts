/**
 * Event log: the last things each thread did, kept to be printed beside a violation.
 *
 * Actor: one ring a thread, written by it alone until any thread sees a violation; then all of them stand still.
 */
import { word } from '../core/words.ts';
import { EventRecording, RECORD } from './event-recording.ts';
import { LINE_WORDS } from './lines.ts';
import { CONTROL, EVENT_WORDS, EVENTS_MAX } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

/**
 * What an event says, numbered in the order a group lives through them; the words after it are
 * device << 16 | index, PASID, request id.
 */
export const EVENT = {
  issued: 1,
  dropped: 2,
  discarded: 3,
  grouped: 4,
  refused: 5,
  removed: 6,
  resolved: 7,
  answered: 8,
  detached: 9,
  attached: 10,
  resumed: 11,
} as const;

/**
 * What the threads of the unit did; what a device sent and received, a kernel's trace does not know either. Attaches
 * and detaches are recorded by whoever plays the process that asked for them.
 */
const RECORDED: readonly number[] = [
  EVENT.dropped,
  EVENT.discarded,
  EVENT.refused,
  EVENT.removed,
  EVENT.resolved,
  EVENT.resumed,
];
const IS_RECORDED: readonly boolean[] = Array.from({ length: 16 }, (_, event) =>
  RECORDED.includes(event),
);

const SENTENCES: Readonly<Record<number, string>> = {
  [EVENT.issued]: 'device issued the group',
  [EVENT.dropped]: 'full queue dropped a request of the group',
  [EVENT.answered]: 'device received the answer',
  [EVENT.grouped]: 'PRQ thread queued the group',
  [EVENT.refused]: 'PRQ thread answered INVALID',
  [EVENT.discarded]: 'PRQ thread discarded partial requests',
  [EVENT.resolved]: 'resolver answered the group',
  [EVENT.detached]: 'detach returned',
  [EVENT.attached]: 'PASID attached',
  [EVENT.removed]: 'device left the fault queue',
  [EVENT.resumed]: 'resolver took over from a dead one',
};

/** `id` is the group's hidden request id, 0 for what is about no group. */
export type LoggedEvent = {
  readonly id: number;
  readonly event: number;
  readonly sentence: string;
};

/** Beside the access of a recorded request. */
export const LAST_BIT = 1 << 8;

type EventMemory = Pick<StormMemory, 'events' | 'control' | 'recording'>;

const FROZEN = CONTROL.frozen * LINE_WORDS;
const THREAD_WORDS = LINE_WORDS + EVENTS_MAX * EVENT_WORDS;

export class EventLog {
  readonly #words: Int32Array;
  readonly #control: Int32Array;
  readonly #at: number;
  readonly #recording: EventRecording;
  readonly #thread: number;

  constructor(memory: EventMemory, thread: number) {
    this.#words = memory.events;
    this.#control = memory.control;
    this.#recording = new EventRecording(memory);
    this.#thread = thread;
    this.#at = thread * THREAD_WORDS;
  }

  /** Nobody flushes until {@link letGo}: a report is about to be recorded whose group is not queued yet. */
  hold(): boolean {
    return this.#recording.hold();
  }

  letGo(): void {
    this.#recording.letGo();
  }

  /** `detail` is only recorded: pages of what is issued, code of an answer, 1 for a last one dropped. */
  add(event: number, device: number, index: number, pasid: number, id: number, detail = 0): void {
    if (IS_RECORDED[event] === true) {
      this.#recording.add(this.#thread, event, (device << 16) | index, pasid, id, detail);
    }
    if (word(this.#control, FROZEN) !== 0) return;
    const count = word(this.#words, this.#at);
    const at = this.#at + LINE_WORDS + (count & (EVENTS_MAX - 1)) * EVENT_WORDS;
    this.#words[at] = event;
    this.#words[at + 1] = (device << 16) | index;
    this.#words[at + 2] = pasid;
    this.#words[at + 3] = id;
    this.#words[this.#at] = (count + 1) | 0;
  }

  /** The PRQ thread reports a request; only recorded. `highAndAccess` as a driver reads them. */
  report(
    device: number,
    index: number,
    pasid: number,
    id: number,
    last: boolean,
    low: number,
    highAndAccess: number,
  ): void {
    const access = (highAndAccess >>> 20) | (last ? LAST_BIT : 0);
    const high = highAndAccess & 0xfffff;
    const source = (device << 16) | index;
    this.#recording.add(this.#thread, RECORD.reported, source, pasid, id, access, low, high);
  }

  /** The last events that name the device and PASID, at most `most`. */
  lastOf(device: number, pasid: number, most: number): LoggedEvent[] {
    const count = word(this.#words, this.#at);
    const found: LoggedEvent[] = [];
    for (let back = 1; back <= Math.min(count, EVENTS_MAX) && found.length < most; back += 1) {
      const at = this.#at + LINE_WORDS + ((count - back) & (EVENTS_MAX - 1)) * EVENT_WORDS;
      const source = word(this.#words, at + 1);
      if (source >>> 16 !== device || word(this.#words, at + 2) !== pasid) continue;
      const id = word(this.#words, at + 3);
      const group = id === 0 ? '' : ` ${id}, index ${source & 0xffff}`;
      const event = word(this.#words, at);
      const sentence = SENTENCES[event] ?? 'event';
      found.push({ id, event, sentence: `${sentence}${group} (device ${device}, PASID ${pasid})` });
    }
    return found.reverse();
  }
}

/** Events of several threads as one story: by group, each group's as it lived through them, then the rest. */
export const inOrder = (events: readonly LoggedEvent[]): string[] =>
  [...events]
    .sort((left, right) => place(left) - place(right) || left.event - right.event)
    .map(({ sentence }) => sentence);

const place = ({ id }: LoggedEvent): number => (id === 0 ? Number.MAX_VALUE : id);
