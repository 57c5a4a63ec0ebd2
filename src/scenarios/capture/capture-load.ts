/**
 * The load of a capture: which devices asked for what, how fast, and how they were answered.
 *
 * Units:  rates are a second; shares from 0 to 1.
 * Policy: devices are told apart by unit and requester id, PASIDs by number; both lists are bounded.
 */
import { type ArrivalPattern, Arrivals } from './arrivals.ts';
import type {
  CacheTagChanged,
  CaptureEvent,
  PageGroupResponded,
  PageRequestReported,
} from './capture-event.ts';
import { ownText } from './capture-tally.ts';
import { GroupLedger, type GroupTotals } from './group-ledger.ts';

const UNITS_MAX = 256;
const DEVICES_MAX = 4096;
const PASIDS_MAX = 65_536;

export type CapturedDevice = {
  readonly unit: string;
  /** Undefined when no request of it was traced. */
  readonly device: string | undefined;
  readonly rid: number;
  readonly requests: number;
  readonly answers: number;
};

export type CaptureLoad = {
  /** By unit and requester id. */
  readonly devices: readonly CapturedDevice[];
  /** Every PASID that a request, an answer or a cache tag names, ascending; 0 is none. */
  readonly pasids: readonly number[];
  /** Most PASIDs that one device had or used at once. */
  readonly pasidsPerDevice: number;
  readonly groups: GroupTotals;
  readonly arrivals: ArrivalPattern;
  /** PASIDs taken off a device that went on asking. */
  readonly detaches: number;
  /** Reports whose sequence number was never seen. */
  readonly missedReports: number;
};

type Device = {
  readonly unit: string;
  readonly rid: number;
  name: string | undefined;
  requests: number;
  answers: number;
  readonly used: Set<number>;
};

type Holder = { readonly pasids: Set<number>; most: number; detachesSinceRequest: number };

export class LoadKeeper {
  readonly #units = new Map<string, number>();
  readonly #devices = new Map<number, Device>();
  readonly #holders = new Map<string, Holder>();
  readonly #pasids = new Set<number>();
  readonly #sequences = new Map<number, number>();
  readonly #arrivals = new Arrivals();
  readonly #groups = new GroupLedger((seconds) => this.#arrivals.add(seconds));
  #detaches = 0;
  #missedReports = 0;

  add({ fact, seconds }: CaptureEvent): void {
    switch (fact.kind) {
      case 'page-request.reported':
        this.#request(fact, seconds);
        break;
      case 'page-group.responded':
        this.#answer(fact, seconds);
        break;
      case 'cache-tag.assigned':
      case 'cache-tag.unassigned':
        this.#tag(fact);
        break;
      case 'events.lost':
        // What a number would have been is anybody's guess.
        this.#sequences.clear();
        break;
      default: // says nothing of load
    }
  }

  #request(fact: PageRequestReported, seconds: number | undefined): void {
    const unit = this.#unitOf(fact.unit);
    const device = this.#deviceOf(unit, fact.unit, fact.rid);
    if (device !== undefined) {
      device.requests += 1;
      device.name ??= ownText(fact.device);
      if (fact.pasid > 0) keep(device.used, fact.pasid);
    }
    if (fact.pasid > 0) keep(this.#pasids, fact.pasid);
    this.#follow(unit, fact);
    this.#groups.request(unit, fact, seconds);
  }

  #answer(fact: PageGroupResponded, seconds: number | undefined): void {
    const unit = this.#unitOf(fact.unit);
    const device = this.#deviceOf(unit, fact.unit, fact.rid);
    if (device !== undefined) device.answers += 1;
    if (fact.pasid !== undefined && fact.pasid > 0) keep(this.#pasids, fact.pasid);
    this.#groups.answer(unit, fact, seconds);
  }

  read(): CaptureLoad {
    const devices = [...this.#devices]
      .sort(([left], [right]) => left - right)
      .map(([, { unit, rid, name, requests, answers }]) => ({
        unit,
        device: name,
        rid,
        requests,
        answers,
      }));
    const held = [...this.#holders.values()].map(({ most }) => most);
    const used = [...this.#devices.values()].map((device) => device.used.size);
    return {
      devices,
      pasids: [...this.#pasids].sort((left, right) => left - right),
      pasidsPerDevice: Math.max(0, ...(Math.max(0, ...held) > 0 ? held : used)),
      groups: this.#groups.totals(),
      arrivals: this.#arrivals.pattern(),
      detaches: this.#detaches,
      missedReports: this.#missedReports,
    };
  }

  #unitOf(name: string): number {
    const found = this.#units.get(name);
    if (found !== undefined) return found;
    const unit = this.#units.size;
    if (unit < UNITS_MAX) this.#units.set(ownText(name), unit);
    return Math.min(unit, UNITS_MAX - 1);
  }

  #deviceOf(unit: number, name: string, rid: number): Device | undefined {
    const key = unit * 2 ** 16 + rid;
    const found = this.#devices.get(key);
    if (found !== undefined || this.#devices.size >= DEVICES_MAX) return found;
    const device: Device = {
      unit: ownText(name),
      rid,
      name: undefined,
      requests: 0,
      answers: 0,
      used: new Set(),
    };
    this.#devices.set(key, device);
    return device;
  }

  /** Counts the reports missing between two; a number that goes back is another boot's. */
  #follow(unit: number, request: PageRequestReported): void {
    const next = this.#sequences.get(unit);
    if (next !== undefined && request.sequence > next) {
      this.#missedReports += request.sequence - next;
    }
    this.#sequences.set(unit, request.sequence + 1);
    const holder = this.#holders.get(`${request.unit}/${request.device}`);
    if (holder === undefined) return;
    this.#detaches += holder.detachesSinceRequest;
    holder.detachesSinceRequest = 0;
  }

  /** A device has a PASID while it has a device-TLB tag with it. */
  #tag(tag: CacheTagChanged): void {
    if (tag.pasid > 0) keep(this.#pasids, tag.pasid);
    if (tag.pasid === 0 || tag.type !== 'devtlb') return;
    const key = `${tag.unit}/${tag.device}`;
    let holder = this.#holders.get(key);
    if (holder === undefined) {
      if (this.#holders.size >= DEVICES_MAX) return;
      holder = { pasids: new Set(), most: 0, detachesSinceRequest: 0 };
      this.#holders.set(ownText(key), holder);
    }
    if (tag.kind === 'cache-tag.assigned') {
      keep(holder.pasids, tag.pasid);
      holder.most = Math.max(holder.most, holder.pasids.size);
    } else if (tag.references <= 1) {
      if (holder.pasids.delete(tag.pasid)) holder.detachesSinceRequest += 1;
    }
  }
}

/** Adds to a set that grows no further than it may. */
function keep(set: Set<number>, value: number): void {
  if (set.size < PASIDS_MAX) set.add(value);
}
