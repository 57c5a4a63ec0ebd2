/**
 * Violation log: properties of the race catalogue that a thread saw broken, as numbers.
 *
 * Actor: one log a thread, written by it alone. The first of each kind are kept, all are counted.
 *
 *   word 0  all breaches   word `breach`  those of a kind   line 1  the first records, ALIKE_MAX a kind
 */
import { word } from '../core/words.ts';
import { LINE_WORDS } from './lines.ts';
import { ALIKE_MAX, BREACH_KINDS, CONTROL, VIOLATION_WORDS } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

export const BREACH = {
  answeredTwice: 1,
  answeredNothing: 2,
  successWithoutMapping: 3,
  mixedEpochs: 4,
  indexReused: 5,
  wrongOwner: 6,
  handleFreed: 7,
  detachNotQuiet: 8,
  groupFreedTwice: 9,
  staleTranslation: 10,
  notAnswered: 11,
} as const;

type Breach = {
  readonly property: string;
  readonly say: (record: BreachRecord) => string;
};

/** `extra` is what the sentence needs: a count, another id, an owner. */
export type BreachRecord = {
  readonly breach: number;
  readonly device: number;
  readonly index: number;
  readonly pasid: number;
  readonly id: number;
  readonly extra: number;
  /** Whether it was the first of all threads: the event logs stand still where it happened. */
  readonly first: boolean;
};

/** Wrong requests have ids of their own, below zero. */
const group = ({ device, index, pasid, id }: BreachRecord) =>
  id < 0
    ? `the wrong request ${-id} (device ${device}, PRG index ${index})`
    : `group ${id} (device ${device}, PASID ${pasid}, PRG index ${index})`;

const groups = (count: number): string => (count === 1 ? '1 group' : `${count} groups`);

export const BREACHES: Readonly<Record<number, Breach>> = {
  [BREACH.answeredTwice]: {
    property: 'S1',
    say: (record) => `${group(record)} was answered a second time`,
  },
  [BREACH.answeredNothing]: {
    property: 'S2',
    say: (record) => `an answer for ${group(record)} arrived though none was owed`,
  },
  [BREACH.successWithoutMapping]: {
    property: 'S3',
    say: (record) => `${group(record)} got SUCCESS but page ${record.extra} of it was never mapped`,
  },
  [BREACH.mixedEpochs]: {
    property: 'S4',
    say: (record) => `${group(record)} took in a request of the earlier group ${record.extra}`,
  },
  [BREACH.indexReused]: {
    property: 'S4',
    say: (record) =>
      `${group(record)} was queued while group ${record.extra} of the same index was pending`,
  },
  [BREACH.wrongOwner]: {
    property: 'S5',
    say: (record) =>
      `${group(record)} was handled in the address space of process ${record.extra}, which was not its owner`,
  },
  [BREACH.handleFreed]: {
    property: 'S6',
    say: (record) =>
      `${group(record)} was handled through attach handle ${record.extra}, freed before`,
  },
  [BREACH.detachNotQuiet]: {
    property: 'S6',
    say: (record) =>
      `detach of device ${record.device}, PASID ${record.pasid} returned with ${groups(record.extra)} in flight, not drained`,
  },
  [BREACH.groupFreedTwice]: {
    property: 'S7',
    say: (record) => `${group(record)} was freed under the worker that handled it`,
  },
  [BREACH.staleTranslation]: {
    property: 'S9',
    say: ({ device, pasid, extra }) => {
      // What the unit keeps need not be tagged by a PASID.
      const holder = pasid < 0 ? 'the unit' : `device ${device}, PASID ${pasid}`;
      return `a translation cached for ${holder} led to frame ${extra} after it was freed`;
    },
  },
  [BREACH.notAnswered]: {
    property: 'L1',
    say: (record) => `${groups(record.extra)} of device ${record.device} never got an answer`,
  },
};

type ViolationMemory = Pick<StormMemory, 'violations' | 'control'>;

const THREAD_WORDS = LINE_WORDS + BREACH_KINDS * ALIKE_MAX * VIOLATION_WORDS;

export class ViolationLog {
  readonly #words: Int32Array;
  readonly #control: Int32Array;
  readonly #at: number;

  constructor({ violations, control }: ViolationMemory, thread: number) {
    this.#words = violations;
    this.#control = control;
    this.#at = thread * THREAD_WORDS;
  }

  add(
    breach: number,
    device: number,
    index: number,
    pasid: number,
    id: number,
    extra: number,
  ): void {
    const first = Atomics.exchange(this.#control, CONTROL.frozen * LINE_WORDS, 1) === 0;
    const alike = word(this.#words, this.#at + breach);
    if (alike < ALIKE_MAX) {
      const at = this.#at + LINE_WORDS + (breach * ALIKE_MAX + alike) * VIOLATION_WORDS;
      this.#words[at] = breach;
      this.#words[at + 1] = device;
      this.#words[at + 2] = index;
      this.#words[at + 3] = pasid;
      this.#words[at + 4] = id;
      this.#words[at + 5] = extra;
      this.#words[at + 6] = first ? 1 : 0;
    }
    this.#words[this.#at + breach] = alike + 1;
    Atomics.store(this.#words, this.#at, this.count + 1);
  }

  /** All of them. */
  get count(): number {
    return Atomics.load(this.#words, this.#at);
  }

  countOf(breach: number): number {
    return word(this.#words, this.#at + breach);
  }

  /** The first few of each kind, by kind. */
  records(): BreachRecord[] {
    return Object.values(BREACH).flatMap((breach) =>
      Array.from({ length: Math.min(this.countOf(breach), ALIKE_MAX) }, (_, alike) =>
        this.#record(this.#at + LINE_WORDS + (breach * ALIKE_MAX + alike) * VIOLATION_WORDS),
      ),
    );
  }

  #record(at: number): BreachRecord {
    return {
      breach: word(this.#words, at),
      device: word(this.#words, at + 1),
      index: word(this.#words, at + 2),
      pasid: word(this.#words, at + 3),
      id: word(this.#words, at + 4),
      extra: word(this.#words, at + 5),
      first: word(this.#words, at + 6) === 1,
    };
  }
}
