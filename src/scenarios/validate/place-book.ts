/**
 * Place book: the places of a trace and their open PRG indices, each made when it is first named.
 */

import { unitOf } from '../../actors/driver.ts';
import type { UnitKind } from '../../workers/unit-kind.ts';
import type { ObserverPool } from './observer-pool.ts';
import { OpenIndex } from './open-index.ts';
import { Place } from './place.ts';
import type { PlaceShape } from './place-kinds.ts';
import type { PlaceObserver } from './place-observer.ts';
import { placeShapesOf } from './place-shapes.ts';
import type { TraceScan } from './trace-scan.ts';

type IndexKey = {
  readonly unit: string;
  readonly rid: number;
  readonly pasid: number;
  readonly index: number;
};

export class PlaceBook {
  readonly #pool: ObserverPool;
  readonly #kind: UnitKind;
  readonly #shapes: readonly PlaceShape[];
  readonly #scan: Pick<TraceScan, 'ats' | 'shows'>;
  readonly #isStorm: boolean;
  #isUnknown: boolean;
  #places = new Map<string, Place>();
  #openIndices = new Map<string, OpenIndex>();
  readonly #seen = new Set<string>();
  /** Devices known to have PRI. */
  readonly #withPri = new Set<string>();

  constructor(pool: ObserverPool, scan: Pick<TraceScan, 'ats' | 'shows'>, isStorm: boolean) {
    this.#pool = pool;
    this.#kind = unitOf(pool.driver);
    this.#shapes = placeShapesOf(pool.driver);
    this.#scan = scan;
    this.#isStorm = isStorm;
    this.#isUnknown = !isStorm;
  }

  get places(): Iterable<Place> {
    return this.#places.values();
  }

  get openIndices(): Iterable<OpenIndex> {
    return this.#openIndices.values();
  }

  /** Places that were ever named. */
  get placesSeen(): number {
    return this.#seen.size;
  }

  /** Groups that owe their response. */
  get owed(): number {
    return [...this.#openIndices.values()].reduce((sum, { owed }) => sum + owed, 0);
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#isUnknown = true;
    this.#places = new Map();
    this.#openIndices = new Map();
  }

  placeOf(unit: string, rid: number | undefined, pasid: number): Place {
    const key = `${unit} ${rid ?? '?'} ${pasid}`;
    this.#seen.add(key);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const observers = this.#shapes
      .filter(({ kind }) => (kind === 'function') === (pasid === 0))
      .map((shape) => this.#observer(shape, rid !== undefined && this.#scan.ats.has(rid)));
    const place = new Place(unit, rid, pasid, observers, this.#isUnknown);
    if (pasid > 0 && this.#withPri.has(`${unit} ${rid ?? '?'}`)) place.learnPri();
    this.#places.set(key, place);
    return place;
  }

  /** Where answers need not name the PASID, all those of a function are open together. */
  openIndexOf({ unit, rid, pasid, index }: IndexKey): OpenIndex {
    const named = this.#kind === 'vtd' ? pasid : 0;
    const key = `${unit} ${rid} ${named} ${index}`;
    const known = this.#openIndices.get(key);
    if (known !== undefined) return known;
    const openIndex = new OpenIndex(this.placeOf(unit, rid, named), index);
    this.#openIndices.set(key, openIndex);
    return openIndex;
  }

  /** An index under which nothing is open is made again when it is needed. */
  forget(openIndex: OpenIndex): void {
    const { named, index, isEmpty } = openIndex;
    if (isEmpty) {
      this.#openIndices.delete(`${named.unit} ${named.rid} ${named.pasid} ${index}`);
    }
  }

  /** What was handled at one place of a device says that it has PRI everywhere. */
  learn({ unit, rid, pasid, hasPri }: Place): void {
    const device = `${unit} ${rid ?? '?'}`;
    if (pasid === 0 || !hasPri || this.#withPri.has(device)) return;
    this.#withPri.add(device);
    for (const place of this.#places.values()) {
      if (place.unit === unit && place.rid === rid && place.pasid > 0) place.learnPri();
    }
  }

  #observer(shape: PlaceShape, hasDevtlb: boolean): PlaceObserver {
    const { reports, submissions, tags } = this.#scan.shows;
    return this.#pool.observer(shape, {
      reportsAtOnce: this.#isStorm,
      unit: this.#kind,
      hasDevtlb,
      hasTags: shape.kind !== 'function',
      showsTags: tags,
      showsSubmissions: submissions,
      showsReports: reports,
    });
  }
}
