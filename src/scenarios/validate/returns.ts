/**
 * Returns: what is known once an attach or a detach has told that it returned.
 *
 * A drain of AMD units and SMMUs shows nothing by itself: that it is over is known when its detach has returned. It has
 * waited for the work of the whole unit, as far as that was queued when it began.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import type { OperationReturned } from '../capture/capture-event.ts';
import type { Fault } from './judgement.ts';
import type { ListWalk } from './list-walk.ts';
import type { Place } from './place.ts';
import type { PlaceBook } from './place-book.ts';
import { type OperationSign, SIGN } from './signs.ts';
import { ridOf } from './trace-scan.ts';

/** What shows the steps that empty caches, which a drain comes behind. */
const EMPTIES: Readonly<Record<string, OperationSign>> = {
  'invalidate-context': SIGN.functionEntry,
  'invalidate-pasid-cache': SIGN.pasidCache,
  'invalidate-iotlb': SIGN.iotlb,
  'invalidate-device-tlb': SIGN.devtlb,
};

export class Returns {
  readonly #driver: Driver;
  readonly #book: PlaceBook;
  readonly #walk: ListWalk;

  constructor(driver: Driver, book: PlaceBook, walk: ListWalk) {
    this.#driver = driver;
    this.#book = book;
    this.#walk = walk;
  }

  returned(name: string, fact: OperationReturned): Fault | undefined {
    const { operation, unit, device, pasid } = fact;
    const place = this.#book.placeOf(unit, ridOf(device), pasid);
    const left = this.#walk.goneTo(place, name);
    if (left !== undefined) return left;
    const flushedAt = operation === 'detach' ? this.#drainedAt(place, name) : undefined;
    const fault = place.returned(operation, name);
    this.#walk.ended(name);
    if (fault !== undefined || flushedAt === undefined) return fault;
    for (const openIndex of this.#book.openIndices) {
      if (openIndex.named.unit !== unit) continue;
      const stuck = openIndex.flushed(flushedAt, place);
      if (stuck !== undefined) return stuck;
    }
    return undefined;
  }

  /** The event behind which the thread's drain began to wait for queued work; undefined when it may not have. */
  #drainedAt(place: Place, name: string): number | undefined {
    const { shownAt } = this.#walk.thread(name);
    const ends = place.listsOf(name).map((list) => this.#flushedBehind(list, shownAt));
    const known = ends.filter((end) => end !== 'no detach');
    return known.length > 0 && known.every((end) => end !== undefined)
      ? Math.min(...known)
      : undefined;
  }

  #flushedBehind(
    list: OperationName,
    shownAt: ReadonlyMap<OperationSign, number>,
  ): number | undefined | 'no detach' {
    if (!list.startsWith('unbind') && !list.startsWith('detach')) return 'no detach';
    const steps: readonly string[] = this.#driver.operations[list];
    const before = steps.slice(0, Math.max(0, steps.indexOf('flush-workqueue')));
    const shown = before.flatMap((step) => {
      const sign = EMPTIES[step];
      const at = sign && shownAt.get(sign);
      return at === undefined ? [] : [at];
    });
    return shown.length === 0 ? undefined : Math.max(...shown);
  }
}
