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

export class Ledger {
  readonly state: Uint8Array;
  readonly id: Int32Array;
  /** 1 for a group that its device sent although it was to stop. */
  readonly rude: Uint8Array;
  readonly pages: Int32Array;
  readonly stream: Int32Array;
  /** Requests that consumed a credit. */
  readonly requests: Int32Array;
  /** Intended start, milliseconds. */
  readonly start: Float64Array;
  /** Which of its stream's windows it belongs to; scripts have none. */
  readonly window: Int32Array;
  /** What the page tables had lived through when it was issued: shrinks of its mm, overflow episodes, stream start. */
  readonly shrinks: Int32Array;
  readonly episodes: Int32Array;
  readonly generation: Int32Array;
  /** row * GROUP_PAGES_MAX + page: the halves of the page number, and access << 18 beside the high one. */
  readonly low: Int32Array;
  readonly highAndAccess: Int32Array;
  readonly #indices: Int16Array;
  readonly #free: Int32Array;
  #nextId = 0;
  #open = 0;

  /** `groupsOf` says how many each device may have outstanding. */
  constructor(devices: number, groupsOf: (device: number) => number) {
    const rows = devices * PRG_INDICES;
    this.state = new Uint8Array(rows);
    this.id = new Int32Array(rows);
    this.rude = new Uint8Array(rows);
    this.pages = new Int32Array(rows);
    this.stream = new Int32Array(rows);
    this.requests = new Int32Array(rows);
    this.start = new Float64Array(rows);
    this.window = new Int32Array(rows);
    this.shrinks = new Int32Array(rows);
    this.episodes = new Int32Array(rows);
    this.generation = new Int32Array(rows);
    this.low = new Int32Array(rows * GROUP_PAGES_MAX);
    this.highAndAccess = new Int32Array(rows * GROUP_PAGES_MAX);
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
    this.id[row] = this.#nextId;
    this.state[row] = OPEN;
    this.#open += 1;
    return index;
  }

  isOpen(row: number): boolean {
    return this.state[row] === OPEN;
  }

  close(device: number, index: number): void {
    const free = word(this.#free, device);
    this.state[device * PRG_INDICES + index] = FREE;
    this.#indices[device * PRG_INDICES + free] = index;
    this.#free[device] = free + 1;
    this.#open -= 1;
  }

  /** The answer has come and its device ignores it: the index stays taken for good. */
  disregard(row: number): void {
    this.state[row] = DISREGARDED;
    this.#open -= 1;
  }

  startOf(row: number): number {
    return double(this.start, row);
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
