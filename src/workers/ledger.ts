/**
 * Ledger: one row for every group a device has outstanding, closed by exactly one answer.
 *
 * Source: the race catalogue's S1 (answered at most once), S2 (no answer that none owes), S3 (SUCCESS is true),
 *         L1 (everything is answered).
 * Actor:  the device thread's own; a row is (device, PRG index), its generation the hidden request id.
 *
 * The id travels in words that no driver reads, so an answer for an earlier group of the same index is told from
 * the right one, which real hardware could not do.
 */
import { GROUP_PAGES_MAX, PRG_INDICES } from '../core/limits.ts';
import { double, word } from '../core/words.ts';

const FREE = 0;
const OPEN = 1;
/** Answered, and its device doesn't know. */
const DISREGARDED = 2;

/**
 * Words of a row. What a group of up to eight pages is about lies in two cache lines: a device looks at a row when it
 * issues and again when it is answered, with a thousand others in between.
 */
export const ROW = {
  state: 0,
  id: 1,
  stream: 2,
  /** Requests. */
  pages: 3,
  /** 1 for a group that its device sent although it was to stop. */
  rude: 4,
  /** Which of its stream's windows it belongs to; scripts have none. */
  window: 5,
  /** What the page tables had lived through when it was issued: shrinks of its mm, overflow episodes, stream start. */
  shrinks: 6,
  episodes: 7,
  generation: 8,
  /** As many as it consumed: its requests, or none when it was sent beyond them. */
  credits: 9,
  /** Intended start, milliseconds: a double. */
  start: 10,
  /** For each page the halves of its number, access << 18 beside the high one. */
  accesses: 16,
  words: 16 + 2 * GROUP_PAGES_MAX,
} as const;

/** First word of a row. */
export const rowAt = (row: number): number => row * ROW.words;

export class Ledger {
  /** `at` of a row, and fields from there on. */
  readonly words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #indices: Int16Array;
  readonly #free: Int32Array;
  #nextId = 0;
  #open = 0;

  /** `groupsOf` says how many each device may have outstanding. */
  constructor(devices: number, groupsOf: (device: number) => number) {
    this.words = new Int32Array(devices * PRG_INDICES * ROW.words);
    this.#doubles = new Float64Array(this.words.buffer);
    this.#indices = new Int16Array(devices * PRG_INDICES);
    this.#free = new Int32Array(devices);
    for (let device = 0; device < devices; device += 1) {
      const indices = Math.min(groupsOf(device), PRG_INDICES);
      this.#free[device] = indices;
      for (let index = 0; index < indices; index += 1) {
        this.#indices[device * PRG_INDICES + index] = indices - 1 - index;
      }
    }
  }

  /** Groups not yet answered. */
  get open(): number {
    return this.#open;
  }

  hasIndex(device: number): boolean {
    return word(this.#free, device) > 0;
  }

  /** Takes a free PRG index; the row is the caller's to fill. Caller's duty: `hasIndex`. */
  issue(device: number): number {
    const free = word(this.#free, device) - 1;
    this.#free[device] = free;
    const index = this.#indices[device * PRG_INDICES + free] ?? 0;
    const row = device * PRG_INDICES + index;
    this.#nextId = this.#nextId === 0x7fffffff ? 1 : this.#nextId + 1;
    this.words[rowAt(row) + ROW.id] = this.#nextId;
    this.words[rowAt(row) + ROW.state] = OPEN;
    this.#open += 1;
    return index;
  }

  isOpen(row: number): boolean {
    return word(this.words, rowAt(row) + ROW.state) === OPEN;
  }

  close(device: number, index: number): void {
    const free = word(this.#free, device);
    this.words[rowAt(device * PRG_INDICES + index) + ROW.state] = FREE;
    this.#indices[device * PRG_INDICES + free] = index;
    this.#free[device] = free + 1;
    this.#open -= 1;
  }

  /** The answer has come and its device ignores it: the index stays taken for good. `at` is that of the row. */
  disregard(at: number): void {
    this.words[at + ROW.state] = DISREGARDED;
    this.#open -= 1;
  }

  /** `at` is that of a row. */
  startOf(at: number): number {
    return double(this.#doubles, (at + ROW.start) >> 1);
  }

  start(at: number, milliseconds: number): void {
    this.#doubles[(at + ROW.start) >> 1] = milliseconds;
  }

  /** Rows of a device still open. */
  openOf(device: number): number {
    let open = 0;
    for (let row = device * PRG_INDICES; row < (device + 1) * PRG_INDICES; row += 1) {
      if (this.isOpen(row)) open += 1;
    }
    return open;
  }
}
