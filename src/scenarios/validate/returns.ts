/**
 * Returns: what is known once an attach or a detach has told that it returned.
 *
 * A drain of AMD units and SMMUs shows nothing by itself: that it is over is known when its detach has returned. It has
 * waited for the work of the whole unit, as far as that was queued when it began.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { type SubmitEffect, submittedBy } from '../../machines/operation-steps.ts';
import type { OperationReturned } from '../capture/capture-event.ts';
import type { BrokenProperties } from './broken.ts';
import type { Fault } from './judgement.ts';
import type { ListWalk } from './list-walk.ts';
import type { Place } from './place.ts';
import type { PlaceBook } from './place-book.ts';
import { type OperationSign, SIGN } from './signs.ts';
import { ridOf } from './trace-scan.ts';

/** What shows the steps that empty caches, which a drain comes behind. */
const EMPTIES: Readonly<Partial<Record<SubmitEffect, OperationSign>>> = {
  submitContextInvalidation: SIGN.functionEntry,
  submitPasidCacheInvalidation: SIGN.pasidCache,
  submitIotlbInvalidation: SIGN.iotlb,
  submitDeviceTlbInvalidation: SIGN.devtlb,
};

export class Returns {
  readonly #driver: Driver;
  readonly #book: PlaceBook;
  readonly #walk: ListWalk;
  readonly #broken: BrokenProperties;

  constructor(driver: Driver, book: PlaceBook, walk: ListWalk, broken: BrokenProperties) {
    this.#driver = driver;
    this.#broken = broken;
    this.#book = book;
    this.#walk = walk;
  }

  /** `line`: of the file. */
  returned(name: string, line: number, fact: OperationReturned): Fault | undefined {
    const place = this.#book.placeOf(fact.unit, ridOf(fact.device), fact.pasid);
    return this.#walk.goneTo(place, name) ?? this.at(place, name, line, fact.operation);
  }

  /** The thread is at the place, and what it did there has returned. */
  at(
    place: Place,
    name: string,
    line: number,
    operation: OperationReturned['operation'],
  ): Fault | undefined {
    const { shownAt, previousAt } = this.#walk.thread(name);
    const begunAt = shownAt.size === 0 ? previousAt : Math.min(...shownAt.values());
    const flushedAt = operation === 'detach' ? this.#drainedAt(place, name) : undefined;
    const fault = place.returned(operation, name);
    this.#walk.ended(name);
    if (fault !== undefined) return fault;
    if (operation === 'detach') this.#inFlight(place, begunAt, line);
    if (flushedAt === undefined) return undefined;
    for (const openIndex of this.#book.openIndices) {
      if (openIndex.named.unit !== place.unit) continue;
      const stuck = openIndex.flushed(flushedAt, place);
      if (stuck !== undefined) return stuck;
    }
    return undefined;
  }

  /** S6: what was reported before a detach began is over when it has returned. */
  #inFlight(place: Place, begunAt: number, line: number): void {
    for (const openIndex of this.#book.openIndices) {
      if (openIndex.named.unit !== place.unit) continue;
      const group = `a group of ${place.name}, index ${openIndex.index}`;
      const share = openIndex.inFlight(place, begunAt);
      this.#broken.add('S6', share, line, `the detach has returned, and ${group}, is in flight`);
    }
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
    const { operations, ownSteps } = this.#driver;
    const steps = operations[list];
    const before = steps.slice(0, Math.max(0, steps.indexOf('flush-workqueue')));
    const submitted = before.flatMap((step) => submittedBy(step, ownSteps));
    const shown = submitted.flatMap((effect) => {
      const sign = EMPTIES[effect];
      const at = sign && shownAt.get(sign);
      return at === undefined ? [] : [at];
    });
    return shown.length === 0 ? undefined : Math.max(...shown);
  }
}
