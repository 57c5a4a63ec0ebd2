/**
 * Reports: the requests that each unit's thread reports, one after the other.
 *
 * A request is traced when its report has returned; the next one has arrived by then, or arrives later.
 */
import type { CaptureEvent, PageRequestReported } from '../capture/capture-event.ts';
import type { Fault } from './judgement.ts';
import type { PlaceBook } from './place-book.ts';
import type { RequestClass } from './place-observer.ts';
import { reportAt, type TraceScan } from './trace-scan.ts';

/** The addresses that a processor of 48 bits has. */
const CANONICAL_TOP = 2 ** (64 - 48 + 1) - 1;
const CANONICAL_PFN_BITS = 2 ** (47 - 12);

/** Those of one unit: the next among all of the trace, its number, and the event that is waited for. */
type Sequence = { next: number; number: number | undefined; expected: number | undefined };

export class Reports {
  readonly #events: readonly CaptureEvent[];
  readonly #scan: TraceScan;
  readonly #book: PlaceBook;
  readonly #sequences = new Map<string, Sequence>();
  count = 0;

  constructor(events: readonly CaptureEvent[], scan: TraceScan, book: PlaceBook) {
    this.#events = events;
    this.#scan = scan;
    this.#book = book;
  }

  /** From this event on everything is seen. */
  expectAll(from: number): void {
    for (const [unit, places] of this.#scan.reports) {
      const found = places.findIndex((at) => at >= from);
      const next = found < 0 ? places.length : found;
      const sequence = { next, number: undefined, expected: undefined };
      this.#sequences.set(unit, sequence);
      this.#expect(unit, sequence);
    }
  }

  /** The request that the unit reports next has arrived, or will have. */
  #expect(unit: string, sequence: Sequence): void {
    const at = this.#scan.reports.get(unit)?.[sequence.next];
    const request =
      at === undefined || this.#scan.isLost[at] === true ? undefined : reportAt(this.#events, at);
    sequence.expected = request && at;
    if (request === undefined || at === undefined) return;
    const place = this.#book.placeOf(request.unit, request.rid, request.pasid);
    this.#book.openIndexOf(request).expect(place, at, classOf(request));
  }

  reported(at: number, fact: PageRequestReported): Fault | undefined {
    const sequence = this.#sequences.get(fact.unit);
    if (sequence === undefined || sequence.expected !== at) return undefined;
    const wanted = sequence.number;
    if (wanted !== undefined && fact.sequence !== wanted) {
      return {
        why: `report ${wanted} of ${fact.unit} comes next, and this is number ${fact.sequence}`,
        candidates: [],
      };
    }
    sequence.number = fact.sequence + 1;
    this.count += 1;
    const openIndex = this.#book.openIndexOf(fact);
    const fault = openIndex.reported(at, at);
    if (fault !== undefined) return fault;
    this.#book.learn(this.#book.placeOf(fact.unit, fact.rid, fact.pasid));
    this.#book.forget(openIndex);
    sequence.next += 1;
    this.#expect(fact.unit, sequence);
    return undefined;
  }
}

const classOf = ({
  read,
  write,
  exec,
  privileged,
  last,
  pfn,
}: PageRequestReported): RequestClass => {
  const top = Math.floor(pfn / CANONICAL_PFN_BITS);
  const isCanonical = top === 0 || top === CANONICAL_TOP;
  return { read, write, exec, privileged, last, isCanonical };
};
