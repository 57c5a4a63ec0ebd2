/**
 * Place book: the places and lanes of a trace, each made when it is first named.
 */
import { Lane } from './lane.ts';
import type { ObserverPool } from './observer-pool.ts';
import { Place } from './place.ts';
import type { PlaceShape } from './place-kinds.ts';
import type { PlaceObserver } from './place-observer.ts';
import { PLACE_SHAPES } from './place-shapes.ts';
import type { TraceScan } from './trace-scan.ts';

type LaneKey = {
  readonly unit: string;
  readonly rid: number;
  readonly pasid: number;
  readonly index: number;
};

export class PlaceBook {
  readonly #pool: ObserverPool;
  readonly #scan: Pick<TraceScan, 'ats' | 'shows'>;
  readonly #isStorm: boolean;
  #isUnknown: boolean;
  #places = new Map<string, Place>();
  #lanes = new Map<string, Lane>();
  readonly #seen = new Set<string>();
  /** Devices known to have PRI. */
  readonly #withPri = new Set<string>();

  constructor(pool: ObserverPool, scan: Pick<TraceScan, 'ats' | 'shows'>, isStorm: boolean) {
    this.#pool = pool;
    this.#scan = scan;
    this.#isStorm = isStorm;
    this.#isUnknown = !isStorm;
  }

  get places(): Iterable<Place> {
    return this.#places.values();
  }

  get lanes(): Iterable<Lane> {
    return this.#lanes.values();
  }

  /** Places that were ever named. */
  get placesSeen(): number {
    return this.#seen.size;
  }

  /** Groups that owe their response. */
  get owed(): number {
    return [...this.#lanes.values()].reduce((sum, { owed }) => sum + owed, 0);
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#isUnknown = true;
    this.#places = new Map();
    this.#lanes = new Map();
  }

  placeOf(unit: string, rid: number | undefined, pasid: number): Place {
    const key = `${unit} ${rid ?? '?'} ${pasid}`;
    this.#seen.add(key);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const observers = PLACE_SHAPES.filter(
      ({ kind }) => (kind === 'function') === (pasid === 0),
    ).map((shape) => this.#observer(shape, rid !== undefined && this.#scan.ats.has(rid)));
    const place = new Place(unit, rid, pasid, observers, this.#isUnknown);
    if (pasid > 0 && this.#withPri.has(`${unit} ${rid ?? '?'}`)) place.learnPri();
    this.#places.set(key, place);
    return place;
  }

  laneOf(of: LaneKey): Lane {
    const { unit, rid, pasid, index } = of;
    const key = keyOf(of);
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Lane(this.placeOf(unit, rid, pasid), index);
    this.#lanes.set(key, lane);
    return lane;
  }

  /** A lane where nothing is open is made again when it is needed. */
  forget(of: LaneKey, lane: Lane): void {
    if (lane.isEmpty) this.#lanes.delete(keyOf(of));
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
      hasDevtlb,
      hasTags: shape.kind !== 'function',
      showsTags: tags,
      showsSubmissions: submissions,
      showsReports: reports,
    });
  }
}

const keyOf = ({ unit, rid, pasid, index }: LaneKey): string => `${unit} ${rid} ${pasid} ${index}`;
