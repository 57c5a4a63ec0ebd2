/**
 * The groups of a capture: requests put together by their source, and matched with their answers.
 *
 * Kernel: a request is traced once it was reported, so an answer given inside the report comes before
 *         its request's line; a request refused before the report has an answer and no line at all.
 * Policy: at most so many groups are remembered; the oldest is given up first.
 */
import type { PageResponseCode } from '../../core/page-request.ts';
import type { PageGroupResponded, PageRequestReported } from './capture-event.ts';

/** More than 64 devices with every PRG index in flight. */
const REMEMBERED_MAX = 65_536;
const INDEX_SPAN = 2 ** 9;
const PASID_SPAN = 2 ** 20;
const RID_SPAN = 2 ** 16;
/** A group the model's devices can't send. */
const PAGES_COUNTED_MAX = 512;

/** Told of each group once: when its last request is known, or its answer if it had none. */
export type GroupArrived = (seconds: number | undefined) => void;

export type GroupTotals = {
  readonly requests: number;
  readonly writes: number;
  /** Groups whose requests were traced to the last one, and single ones answered without it. */
  readonly complete: number;
  /** Answered, but no request of theirs was traced: refused before the report, or lost. */
  readonly untraced: number;
  /** Groups whose last request never came. */
  readonly unfinished: number;
  readonly answers: Readonly<Record<PageResponseCode, number>>;
  /** How many complete groups have so many requests; index 0 is unused. */
  readonly sizes: readonly number[];
};

export class GroupLedger {
  readonly #arrived: GroupArrived;
  /** Requests so far, by source: not yet the last. */
  readonly #open = new Map<number, number>();
  /** Complete and not answered: how many of a source, for a device may use an index again at once. */
  readonly #owed = new Map<number, number>();
  /** Answered, and their requests not yet seen. */
  readonly #early = new Map<number, number>();
  /** The source answered just now, before its request was seen. */
  #justAnswered: number | undefined;
  readonly #sizes: number[] = [];
  readonly #answers = { success: 0, invalid: 0, failure: 0 };
  #requests = 0;
  #writes = 0;
  #complete = 0;
  #untraced = 0;
  #unfinished = 0;

  constructor(arrived: GroupArrived) {
    this.#arrived = arrived;
  }

  request(unit: number, request: PageRequestReported, seconds: number | undefined): void {
    const source = sourceOf(unit, request.rid, request.pasid, request.index);
    this.#requests += 1;
    if (request.write) this.#writes += 1;
    // Only a request refused inside its report is answered without being the last of its group.
    const mayBeAnswered = request.last || this.#justAnswered === source;
    this.#justAnswered = undefined;
    if (mayBeAnswered && takeOne(this.#early, source)) {
      // The answer counted as the arrival.
      this.#close((request.last ? this.#takeOpen(source) : 0) + 1);
      return;
    }
    if (!request.last) {
      const before = this.#takeOpen(source);
      if (remember(this.#open, source, before + 1) > 0) this.#unfinished += 1;
      return;
    }
    this.#close(this.#takeOpen(source) + 1);
    this.#arrived(seconds);
    remember(this.#owed, source, (this.#owed.get(source) ?? 0) + 1);
  }

  answer(unit: number, answer: PageGroupResponded, seconds: number | undefined): void {
    const source = sourceOf(unit, answer.rid, answer.pasid ?? 0, answer.index);
    this.#answers[answer.code] += 1;
    this.#justAnswered = undefined;
    if (takeOne(this.#owed, source)) return;
    this.#arrived(seconds);
    this.#untraced += remember(this.#early, source, (this.#early.get(source) ?? 0) + 1);
    this.#justAnswered = source;
  }

  totals(): GroupTotals {
    return {
      requests: this.#requests,
      writes: this.#writes,
      complete: this.#complete,
      untraced: [...this.#early.values()].reduce((sum, count) => sum + count, this.#untraced),
      unfinished: this.#unfinished + this.#open.size,
      answers: { ...this.#answers },
      sizes: Array.from({ length: this.#sizes.length }, (_, pages) => this.#sizes[pages] ?? 0),
    };
  }

  #takeOpen(source: number): number {
    const pages = this.#open.get(source) ?? 0;
    this.#open.delete(source);
    return pages;
  }

  #close(pages: number): void {
    this.#complete += 1;
    const counted = Math.min(pages, PAGES_COUNTED_MAX);
    this.#sizes[counted] = (this.#sizes[counted] ?? 0) + 1;
  }
}

/** Below 2^53 for up to 256 units. */
const sourceOf = (unit: number, rid: number, pasid: number, index: number): number =>
  ((unit * RID_SPAN + rid) * PASID_SPAN + pasid) * INDEX_SPAN + index;

/** Whether there was one of the source to take. */
function takeOne(counts: Map<number, number>, source: number): boolean {
  const count = counts.get(source);
  if (count === undefined) return false;
  if (count > 1) counts.set(source, count - 1);
  else counts.delete(source);
  return true;
}

/** Adds to a map that keeps what it got last; gives the count it dropped for that. */
function remember(counts: Map<number, number>, source: number, count: number): number {
  counts.set(source, count);
  if (counts.size <= REMEMBERED_MAX) return 0;
  for (const [oldest, dropped] of counts) {
    counts.delete(oldest);
    return dropped;
  }
  return 0;
}
