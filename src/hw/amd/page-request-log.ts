/**
 * PPR log: the ring an AMD unit fills with page requests, with the registers that run it.
 *
 *   line 0  produced   entries ever written -> tail register, byte offset   (hardware writes)
 *   line 1  consumed   entries ever retired -> head register, byte offset   (software writes)
 *   line 2  control    PPRLOG_EN, PPRINT_EN, PPR_EN, GT_EN
 *   line 3  status     PPR_OVERFLOW, PPR_INT: write-1-to-clear; PPR_RUN: read only
 *   line 4  entries    16 bytes each
 *
 * Spec:   AMD IOMMU Specification, "Peripheral Page Request Log", "IOMMU Control Register", "Status Register".
 * Kernel: drivers/iommu/amd/ppr.c, amd_iommu_enable_ppr_log(), amd_iommu_poll_ppr_log(),
 *         amd_iommu_restart_ppr_log(); init.c, amd_iommu_restart_log().
 * Actor:  one producing thread (the hardware of one unit) and one consuming thread.
 * Units:  counts run freely over 32 bits; `wordOf` counts words of the ring's own view.
 * Policy: an overflow stops the log until it is restarted. That hardware then answers nothing by itself is
 *         unconfirmed: Linux 7.3 does not enable it. One entry stays empty, or full would look empty.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { bitLayout, bits } from '../bit-layout.ts';
import { eraseEntry, isWritten, PPR_LOG_ENTRY_WORDS } from './page-request-log-entry.ts';

/** Control register. */
export const PPRLOG_EN = 1 << 13;
export const PPRINT_EN = 1 << 14;
export const PPR_EN = 1 << 15;
export const GT_EN = 1 << 16;
/** Status register. */
export const PPR_OVERFLOW = 1 << 5;
export const PPR_INT = 1 << 6;
export const PPR_RUN = 1 << 7;

/** The base register: frame of the log, and the code of its size. */
export const PPR_LOG_BASE = bitLayout(8, { base: bits(51, 12), sizeCode: bits(59, 56) });

const SIZE_CODE_MIN = 0x8;
const SIZE_CODE_MAX = 0xf;
/** 8 KiB, what Linux takes unless told otherwise. */
export const SIZE_CODE_DEFAULT = 0x9;

/** Entries of a log whose size has that code: 0x8 is 256 of them, 0xf is 32768. */
export function logEntries(code: number): number {
  invariant(code >= SIZE_CODE_MIN && code <= SIZE_CODE_MAX, `${code} is no code of a log's size`);
  return 2 ** code;
}

const LINE_BYTES = 128;
const LINE_WORDS = LINE_BYTES / 4;
const CONTROL_LINES = 4;
const ENTRY_BYTES_SHIFT = 4;

export type PageRequestLog = {
  readonly words: Int32Array;
  readonly capacity: number;

  /** Hardware: whether requests are logged: enabled and not stopped by an overflow. */
  isRunning(): boolean;
  /** Hardware: entries that still fit. */
  room(): number;
  /** Hardware: first word of the entry `ahead` places beyond the tail. Caller's duty: room. */
  entryWord(ahead: number): number;
  /** Hardware: moves the tail over `count` entries; true when an interrupt must be raised. */
  publish(count: number): boolean;
  /** Hardware: a request met a full log, which stops; true when an interrupt must be raised. */
  overflow(): boolean;

  tail(): number;
  head(): number;
  wordOf(count: number): number;
  /** Software: whether hardware has written the entry of that number. */
  isWritten(count: number): boolean;
  /** Software: zeroes the oldest entry and moves the head over it, before it is handled. */
  retire(): void;
  /** Software: the status bits, read and cleared but for PPR_RUN. */
  takeStatus(): number;
  status(): number;
  /** Software: logs again after an overflow unless the log still runs; head and tail stay. */
  restart(): void;
  /** Software: head and tail to zero, then interrupts, then the log. */
  enable(): void;
  /** A count as the head and tail registers hold it. */
  offsetBytes(count: number): number;
};

export const pageRequestLogBytes = (entries: number): number =>
  CONTROL_LINES * LINE_BYTES + entries * PPR_LOG_ENTRY_WORDS * 4;

/**
 * A view of the log at `byteOffset`; each thread makes its own over the same buffer.
 *
 * @throws InvariantViolation when `entries` is no power of two or the place is not line-aligned.
 */
export function pageRequestLog(
  buffer: SharedArrayBuffer,
  byteOffset: number,
  entries: number = logEntries(SIZE_CODE_DEFAULT),
): PageRequestLog {
  invariant(entries >= 2 && (entries & (entries - 1)) === 0, `${entries} is no power of two`);
  invariant(byteOffset % LINE_BYTES === 0, `${byteOffset} is not aligned to ${LINE_BYTES}`);
  const words = new Int32Array(buffer, byteOffset, pageRequestLogBytes(entries) / 4);
  const mask = entries - 1;
  const capacity = entries - 1;
  const produced = 0;
  const consumed = LINE_WORDS;
  const control = 2 * LINE_WORDS;
  const status = 3 * LINE_WORDS;
  const first = CONTROL_LINES * LINE_WORDS;
  const wordOf = (count: number): number => first + (count & mask) * PPR_LOG_ENTRY_WORDS;
  const pending = (): number => (Atomics.load(words, produced) - Atomics.load(words, consumed)) | 0;
  const raises = (before: number): boolean =>
    (before & (PPR_INT | PPR_OVERFLOW)) === 0 && (Atomics.load(words, control) & PPRINT_EN) !== 0;
  const start = (): void => {
    Atomics.or(words, control, PPRINT_EN);
    Atomics.or(words, control, PPRLOG_EN);
    Atomics.or(words, status, PPR_RUN);
  };

  return {
    words,
    capacity,
    isRunning: () => (Atomics.load(words, status) & PPR_RUN) !== 0,
    room: () => capacity - pending(),
    entryWord: (ahead) => wordOf(word(words, produced) + ahead),
    publish: (count) => {
      if ((Atomics.load(words, status) & PPR_RUN) === 0) return false;
      Atomics.store(words, produced, (word(words, produced) + count) | 0);
      return raises(Atomics.or(words, status, PPR_INT));
    },
    overflow: () => {
      Atomics.and(words, status, ~PPR_RUN);
      return raises(Atomics.or(words, status, PPR_OVERFLOW));
    },
    tail: () => Atomics.load(words, produced),
    head: () => Atomics.load(words, consumed),
    wordOf,
    isWritten: (count) => isWritten(words, wordOf(count)),
    retire: () => {
      invariant(pending() > 0, 'the log is empty');
      const head = word(words, consumed);
      eraseEntry(words, wordOf(head));
      Atomics.store(words, consumed, (head + 1) | 0);
    },
    takeStatus: () => Atomics.and(words, status, PPR_RUN),
    status: () => Atomics.load(words, status),
    restart: () => {
      if ((Atomics.load(words, status) & PPR_RUN) !== 0) return;
      Atomics.and(words, control, ~(PPRLOG_EN | PPRINT_EN));
      Atomics.and(words, status, ~PPR_OVERFLOW);
      start();
    },
    enable: () => {
      Atomics.or(words, control, PPR_EN);
      Atomics.store(words, produced, 0);
      Atomics.store(words, consumed, 0);
      start();
    },
    offsetBytes: (count) => (count & mask) << ENTRY_BYTES_SHIFT,
  };
}
