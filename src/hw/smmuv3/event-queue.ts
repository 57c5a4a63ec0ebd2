/**
 * Event queue: the ring an SMMU fills with fault records, with its two registers.
 *
 *   line 0  PROD      index and wrap bit of the next entry, OVFLG on top      (hardware writes)
 *   line 1  CONS      index and wrap bit of the oldest, OVACKFLG on top       (software writes)
 *   line 2  entries   32 bytes each
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Circular queues", "Event queue overflow".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_evtq_thread(), queue_remove_raw(),
 *         queue_sync_cons_ovf().
 * Actor:  one producing thread (the hardware of one unit) and one consuming thread.
 * Units:  a pointer is a register without its flag; `wordOf` counts words of the queue's own view.
 * Policy: records of stalled transactions are never discarded: who has one that does not fit waits. Only a discarded
 *         record overflows; the queue goes on recording whether or not that was acknowledged.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { EVENT_WORDS } from './event-entry.ts';

const LINE_BYTES = 128;
const LINE_WORDS = LINE_BYTES / 4;
const CONTROL_LINES = 2;
/** OVFLG in PROD, OVACKFLG in CONS. */
const FLAG = 1 << 31;

export type EventQueue = {
  readonly words: Int32Array;
  /** All of its entries: the wrap bit tells full from empty. */
  readonly capacity: number;

  /** Hardware: entries that still fit. */
  room(): number;
  /** Hardware: the pointer `ahead` places beyond PROD. */
  aheadOf(ahead: number): number;
  /** Hardware: moves PROD over `count` written entries; true when the queue was empty: an interrupt. */
  publish(count: number): boolean;
  /** Hardware: a record was discarded; true when that is news, an interrupt. */
  overflow(): boolean;

  /** Software: PROD and CONS without their flags. */
  prod(): number;
  cons(): number;
  isEmpty(): boolean;
  /** Software: whether records were discarded since the last acknowledgement. */
  isOverflowed(): boolean;
  /** Software: moves CONS over the oldest entry. */
  retire(): void;
  /** Software: copies the flag. */
  acknowledge(): void;

  /** The pointer after another. */
  after(pointer: number): number;
  /** Index of a pointer's entry, and its first word. */
  indexOf(pointer: number): number;
  wordOf(pointer: number): number;
};

export const eventQueueBytes = (entries: number): number =>
  CONTROL_LINES * LINE_BYTES + entries * EVENT_WORDS * 4;

/**
 * A view of the queue at `byteOffset`; each thread makes its own over the same buffer.
 *
 * @throws InvariantViolation when `entries` is no power of two or the place is not line-aligned.
 */
export function eventQueue(
  buffer: SharedArrayBuffer,
  byteOffset: number,
  entries: number,
): EventQueue {
  invariant(entries >= 1 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
  invariant(byteOffset % LINE_BYTES === 0, `${byteOffset} is not aligned to ${LINE_BYTES}`);
  const words = new Int32Array(buffer, byteOffset, eventQueueBytes(entries) / 4);
  const prod = 0;
  const cons = LINE_WORDS;
  const first = CONTROL_LINES * LINE_WORDS;
  /** Index and wrap bit. */
  const laps = 2 * entries - 1;
  const pointerOf = (register: number): number => register & laps;
  const moved = (register: number, by: number): number =>
    (register & FLAG) | ((register + by) & laps);
  const isOverflowed = (): boolean =>
    ((Atomics.load(words, prod) ^ Atomics.load(words, cons)) & FLAG) !== 0;

  return {
    words,
    capacity: entries,
    room: () => entries - ((word(words, prod) - Atomics.load(words, cons)) & laps),
    aheadOf: (ahead) => pointerOf(word(words, prod) + ahead),
    publish: (count) => {
      const before = word(words, prod);
      Atomics.store(words, prod, moved(before, count));
      return pointerOf(Atomics.load(words, cons)) === pointerOf(before);
    },
    overflow: () => {
      if (isOverflowed()) return false;
      Atomics.store(words, prod, word(words, prod) ^ FLAG);
      return true;
    },
    prod: () => pointerOf(Atomics.load(words, prod)),
    cons: () => pointerOf(Atomics.load(words, cons)),
    isEmpty: () => pointerOf(Atomics.load(words, prod)) === pointerOf(Atomics.load(words, cons)),
    isOverflowed,
    retire: () => {
      const before = word(words, cons);
      invariant(pointerOf(before) !== pointerOf(Atomics.load(words, prod)), 'the queue is empty');
      Atomics.store(words, cons, moved(before, 1));
    },
    acknowledge: () => {
      const flag = Atomics.load(words, prod) & FLAG;
      Atomics.store(words, cons, pointerOf(word(words, cons)) | flag);
    },
    after: (pointer) => pointerOf(pointer + 1),
    indexOf: (pointer) => pointer & (entries - 1),
    wordOf: (pointer) => first + (pointer & (entries - 1)) * EVENT_WORDS,
  };
}
