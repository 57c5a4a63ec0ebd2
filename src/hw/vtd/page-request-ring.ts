/**
 * VT-d page request queue: the ring hardware fills and the PRQ thread empties, with its registers.
 *
 *   line 0  produced   entries ever written  -> PQT = (produced & mask) << 5   (hardware writes)
 *   line 1  consumed   entries ever retired  -> PQH = (consumed & mask) << 5   (software writes)
 *   line 2  PRS        PPR bit 0, PRO bit 1; both write-1-to-clear
 *   line 3  entries    32 bytes each
 *
 * Spec:   Intel VT-d, "Page Request Queue", "Page Request Status Register".
 * Kernel: drivers/iommu/intel/prq.c, intel_iommu_enable_prq(), prq_event_thread().
 * Actor:  one producing thread (the hardware of one unit) and one consuming thread.
 * Units:  counts run freely over 32 bits and are compared by signed difference; `word` counts words.
 * Policy: which requests may enter (PRE, drops while overflowed) is decided by whoever produces.
 */
import { invariant } from '../../core/invariant.ts';
import { PRQ_ENTRIES } from '../../core/limits.ts';
import { word } from '../../core/words.ts';
import { REQUEST_WORDS } from './page-request-descriptor.ts';

/** PRS: a page request is pending. */
export const PRS_PPR = 1;
/** PRS: a page request met a full queue. */
export const PRS_PRO = 2;

/** A control word with its own writer keeps a line for itself. */
const LINE_BYTES = 128;
const LINE_WORDS = LINE_BYTES / 4;
const CONTROL_LINES = 3;
const OFFSET_SHIFT = 5;

export type PageRequestRing = {
  /** The ring's own words: what `entryWord` and `wordOf` index. */
  readonly words: Int32Array;
  /** Entries the queue can hold: one less than it has, or full would look empty. */
  readonly capacity: number;

  /** Hardware: entries that still fit. */
  room(): number;
  /** Hardware: first word of the entry `ahead` places beyond the tail. Caller's duty: room. */
  entryWord(ahead: number): number;
  /**
   * Hardware: moves the tail over `count` written entries; true when an event must be raised.
   * While PRO is set nothing moves: ask `isOverflowed` first to know what was dropped.
   */
  publish(count: number): boolean;
  /** Hardware: a request found no room; true when an event must be raised. */
  overflow(): boolean;
  isOverflowed(): boolean;

  /** Software: clears PPR; before the tail is read, or an event is lost. */
  acknowledge(): void;
  /** Entries ever written. */
  tail(): number;
  /** Entries ever retired. */
  head(): number;
  /** First word of the entry written as number `count` (from 0). */
  wordOf(count: number): number;
  /** Software: retires every entry before `tail`, itself an earlier answer of `tail()`. */
  advance(tail: number): void;
  /** Software: clears PRO. */
  clearOverflow(): void;
  /** Entries written and not yet retired. */
  pending(): number;

  /** PRS as the register reads. */
  status(): number;
  /** A count as PQT and PQH hold it: a byte offset into the entries. */
  offsetBytes(count: number): number;
  /** Head, tail and status to zero, as enabling the queue does; no other thread may be inside. */
  reset(): void;
};

/** Bytes a ring occupies in its buffer. */
export const pageRequestRingBytes = (entries: number = PRQ_ENTRIES): number =>
  CONTROL_LINES * LINE_BYTES + entries * REQUEST_WORDS * 4;

/**
 * A view of the ring at `byteOffset`; each thread makes its own over the same buffer.
 *
 * @throws InvariantViolation when `entries` is no power of two or the place is not line-aligned.
 */
export function pageRequestRing(
  buffer: SharedArrayBuffer,
  byteOffset: number,
  entries: number = PRQ_ENTRIES,
): PageRequestRing {
  invariant(entries >= 2 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
  invariant(byteOffset % LINE_BYTES === 0, `${byteOffset} is not aligned to ${LINE_BYTES}`);
  const words = new Int32Array(buffer, byteOffset, pageRequestRingBytes(entries) / 4);
  const mask = entries - 1;
  const capacity = entries - 1;
  const produced = 0;
  const consumed = LINE_WORDS;
  const prs = 2 * LINE_WORDS;
  const first = CONTROL_LINES * LINE_WORDS;
  const wordOf = (count: number): number => first + (count & mask) * REQUEST_WORDS;
  const distance = (tail: number, head: number): number => (tail - head) | 0;

  return {
    words,
    capacity,

    // The producer is the only writer of `produced`: reading it back needs no atomic.
    room: () => capacity - distance(word(words, produced), Atomics.load(words, consumed)),
    entryWord: (ahead) => wordOf(word(words, produced) + ahead),
    publish: (count) => {
      if ((Atomics.load(words, prs) & PRS_PRO) !== 0) return false;
      Atomics.store(words, produced, (word(words, produced) + count) | 0);
      // Software clears PPR before it reads the tail, so PPR seen set means the tail will be seen.
      if ((Atomics.load(words, prs) & PRS_PPR) !== 0) return false;
      return Atomics.or(words, prs, PRS_PPR) === 0;
    },
    overflow: () => Atomics.or(words, prs, PRS_PRO) === 0,
    isOverflowed: () => (Atomics.load(words, prs) & PRS_PRO) !== 0,

    acknowledge: () => {
      Atomics.and(words, prs, ~PRS_PPR);
    },
    tail: () => Atomics.load(words, produced),
    head: () => Atomics.load(words, consumed),
    wordOf,
    advance: (tail) => {
      const retired = distance(tail, word(words, consumed));
      invariant(retired >= 0, () => `the head would move back by ${-retired} entries`);
      invariant(retired <= capacity, () => `the head would move over ${retired} entries`);
      const left = distance(Atomics.load(words, produced), tail);
      invariant(left >= 0, () => `the head would be ${-left} entries beyond the tail`);
      Atomics.store(words, consumed, tail);
    },
    clearOverflow: () => {
      Atomics.and(words, prs, ~PRS_PRO);
    },
    pending: () => distance(Atomics.load(words, produced), Atomics.load(words, consumed)),

    status: () => Atomics.load(words, prs),
    offsetBytes: (count) => (count & mask) << OFFSET_SHIFT,
    reset: () => {
      Atomics.store(words, produced, 0);
      Atomics.store(words, consumed, 0);
      Atomics.store(words, prs, 0);
    },
  };
}
