/**
 * Place observer: what may be true of a place, and of one page request there, given what was traced of them.
 */
import type { Driver } from '../../actors/driver.ts';
import { iovaPfn, pasid, prgIndex } from '../../core/ids.ts';
import { type Actors, type Frontier, type NextSign, NOWHERE } from '../../explore/frontier.ts';
import { modelOf } from '../../explore/model.ts';
import { type Observer, observerOf } from '../../explore/observer.ts';
import { type Call, call, type Read, where } from '../../explore/wiring.ts';
import { NOT_BEGUN } from '../../machines/operation-terms.ts';
import type { RequestRecord } from '../../machines/page-request-queue.ts';
import type { UnitKind } from '../../workers/unit-kind.ts';
import { gateOf, type PlaceKinds, type PlaceShape, RID } from './place-kinds.ts';
import { privacyOf } from './place-privacy.ts';
import { settling } from './place-settling.ts';
import { placeWorld } from './place-world.ts';
import { firstSigns, type SignRules, signsOf } from './signs.ts';

/** The PASID of every place that has one: worlds of two places do not meet. */
const PASID = pasid(1);
/** A page whose address no processor has. */
const NOT_CANONICAL = 2 ** 40;

/** What of a request decides how it is answered. */
export type RequestClass = {
  readonly read: boolean;
  readonly write: boolean;
  readonly exec: boolean;
  readonly privileged: boolean;
  readonly last: boolean;
  readonly isCanonical: boolean;
};

/** A last request that the driver refuses before it reports it. */
export const REFUSED_REQUEST: RequestClass = {
  read: true,
  write: false,
  exec: false,
  privileged: false,
  last: true,
  isCanonical: false,
};

export class PlaceObserver {
  readonly shape: PlaceShape;
  readonly unit: UnitKind;
  readonly detached: Frontier;
  /** Lists by the signs that they may begin with. */
  readonly #beginnings = new Map<string, number[]>();
  readonly #observer: Observer;
  readonly #kinds: PlaceKinds;
  readonly #listSlots: readonly number[];
  readonly #always: readonly number[];
  /** The unit's own thread, and a handler that runs in it. */
  readonly reporter: Actors;
  readonly everybody: Actors;
  /** All lists, and the other attachments of the device: each may take it off the fault queue. */
  readonly removers: Actors;
  #anything: Frontier | undefined;

  constructor(driver: Driver, shape: PlaceShape, rules: SignRules) {
    const { world, kinds } = placeWorld(
      driver,
      shape,
      shape.kind === 'function' ? undefined : PASID,
    );
    const model = modelOf(world);
    this.shape = shape;
    this.unit = rules.unit;
    for (const [number, { list }] of shape.operations.entries()) {
      for (const sign of firstSigns(rules, list, driver.operations[list], driver.ownSteps)) {
        this.#beginnings.set(sign, [...(this.#beginnings.get(sign) ?? []), number]);
      }
    }
    this.#kinds = kinds;
    this.#observer = observerOf(model, {
      signsOf: (effects) => signsOf(rules, effects),
      settled: settling(model, shape, kinds),
      isPrivate: privacyOf(model, kinds),
    });
    const slotOf = (name: string): number => this.#observer.slotOf(name);
    this.#listSlots = shape.operations.map(({ name }) => slotOf(name));
    const thread = slotOf(kinds.thread.name);
    this.#always = [kinds.worker, kinds.handler, kinds.others].map(({ name }) => slotOf(name));
    const handler = slotOf(kinds.handler.name);
    this.reporter = { name: 'reporter', has: (slot) => slot === thread || slot === handler };
    this.everybody = { name: 'everybody', has: () => true };
    const removing = new Set([...this.#listSlots, slotOf(kinds.others.name)]);
    this.removers = { name: 'removers', has: (slot) => removing.has(slot) };
    this.detached = this.#observer.first;
  }

  /** Numbers of the lists that may begin with the sign. */
  beginningWith(sign: string): readonly number[] {
    return this.#beginnings.get(sign) ?? [];
  }

  /** The threads that run these lists, and with `others` whoever else may answer a group but the PRQ thread. */
  actors(lists: Iterable<number>, others: boolean): Actors {
    const slots = [...lists].map((list) => this.#listSlots[list] ?? -1);
    const all = new Set(others ? [...slots, ...this.#always] : slots);
    return { name: [...all].sort((a, b) => a - b).join(' '), has: (slot) => all.has(slot) };
  }

  after(frontier: Frontier, sign: string, actors: Actors): Frontier {
    return this.#observer.after(frontier, sign, actors);
  }

  union(left: Frontier, right: Frontier): Frontier {
    return this.#observer.union(left, right);
  }

  next(frontier: Frontier, actors: Actors): readonly NextSign[] {
    return this.#observer.next(frontier, actors);
  }

  size(frontier: Frontier): number {
    return this.#observer.sizeOf(frontier);
  }

  wasCut(): boolean {
    return this.#observer.wasCut();
  }

  /** The list may begin, in the states in which there is what it takes away, or room for what it brings. */
  found(): { readonly states: number; readonly frontiers: number } {
    return this.#observer.size();
  }

  opened(frontier: Frontier, list: number): Frontier {
    const operation = this.shape.operations[list];
    const { going, coming } = operation ?? {};
    const { slot } = this.#kinds;
    const fitting =
      going !== undefined
        ? this.#kept(
            frontier,
            `holds ${going}`,
            where(slot, 0, (one) => one.context.handle === going),
          )
        : coming !== undefined
          ? this.unattached(frontier)
          : frontier;
    if (operation === undefined) return NOWHERE;
    const gate = gateOf(operation);
    const { gate: gates } = this.#kinds;
    const free = this.#kept(
      fitting,
      `gate ${gate}`,
      where(gates, gate, (one) => one.value !== 'running'),
    );
    return this.#observer.told(free, `gate.open ${list}`, [
      call(gates, gate, { type: 'gate.open', list }),
    ]);
  }

  /** What has not begun may not begin any more. */
  closed(frontier: Frontier): Frontier {
    const { gate } = this.#kinds;
    const calls = gate.inputs.map((_, index) => call(gate, index, { type: 'gate.close' }));
    return this.#observer.told(frontier, 'gate.close', calls);
  }

  /** The states in which none of these lists is under way. */
  ended(frontier: Frontier, lists: Iterable<number>): Frontier {
    let left = frontier;
    for (const list of lists) {
      const kind = this.#kinds.lists[list];
      if (kind === undefined) continue;
      left = this.#observer.kept(
        left,
        `${kind.name} ended`,
        where(kind, 0, (of) => of.status === 'done' || of.hasTag(NOT_BEGUN)),
      );
    }
    return left;
  }

  /** A request arrives in the unit's ring. */
  requested(frontier: Frontier, request: RequestClass): Frontier {
    const { isCanonical, last, ...access } = request;
    const record: RequestRecord = {
      rid: RID,
      pasid: this.shape.kind === 'function' ? undefined : PASID,
      prgi: prgIndex(0),
      iovaPfn: iovaPfn(isCanonical ? 0 : NOT_CANONICAL),
      access,
      last,
      owner: 0,
      prgEpoch: 0,
    };
    const calls = [call(this.#kinds.ring, 0, { type: 'page-request.received', request: record })];
    // What went wrong before is no affair of this request's.
    const before = this.#observer.forgiven(frontier);
    return this.#observer.told(before, `request ${Object.values(request).join(' ')}`, calls);
  }

  /** The states in which the group still owes its response. */
  owing(frontier: Frontier): Frontier {
    return this.#kept(
      frontier,
      'owes',
      where(this.#kinds.group, 0, (one) => one.hasTag('owes-response')),
    );
  }

  /** The states in which the group's work is not queued and not running: a flush may end. */
  flushed(frontier: Frontier): Frontier {
    const { work } = this.#kinds;
    return this.#kept(
      frontier,
      'flushed',
      where(work, 0, ({ context }) => context.queued.length + context.running.length === 0),
    );
  }

  /** Whether the group was freed under the hands of whoever works on it, who will touch it or has. */
  isFreedUnderHands(frontier: Frontier): boolean {
    const { group } = this.#kinds;
    return this.#observer.isDoomed(
      frontier,
      'dangling',
      where(group, 0, ({ value }) => value === 'dangling'),
    );
  }

  /** The states in which nothing is attached. */
  unattached(frontier: Frontier): Frontier {
    const { slot } = this.#kinds;
    return this.#kept(
      frontier,
      'unattached',
      where(slot, 0, ({ value }) => value === 'empty'),
    );
  }

  /** The states in which something is attached. */
  attached(frontier: Frontier): Frontier {
    const { slot } = this.#kinds;
    return this.#kept(
      frontier,
      'attached',
      where(slot, 0, ({ value }) => value === 'attached'),
    );
  }

  /** Whatever a place may be in when nobody saw what happened before. */
  get anything(): Frontier {
    this.#anything ??= this.#anyStart();
    return this.#anything;
  }

  #kept(frontier: Frontier, name: string, read: Read): Frontier {
    return this.#observer.kept(frontier, name, read);
  }

  #anyStart(): Frontier {
    const { slot, reporting, entry } = this.#kinds;
    const release = this.shape.operations.findIndex(({ list }) => list === 'mm-release');
    let all = this.detached;
    for (const [domain, { name, hasHandler, isSpare }] of this.shape.domains.entries()) {
      if (isSpare) continue;
      const calls: Call[] = [
        call(slot, 0, { type: 'slot.reserve' }),
        ...(hasHandler && this.shape.hasPri
          ? [call(reporting, 0, { type: 'reporting.enable' })]
          : []),
        call(entry, 0, { type: 'entry.program', domain }),
        call(slot, 0, { type: 'handle.publish', handle: domain }),
      ];
      const attached = this.#observer.told(this.detached, `attached ${name}`, calls);
      all = this.union(all, attached);
      if (release >= 0) all = this.union(all, this.#released(attached, release));
    }
    return all;
  }

  /** Behind an mm release, whatever the driver's list shows. */
  #released(attached: Frontier, release: number): Frontier {
    const actors = this.actors([release], false);
    let frontier = this.opened(attached, release);
    for (;;) {
      const [next] = this.next(frontier, actors);
      if (next === undefined) break;
      frontier = this.after(frontier, next.sign, actors);
    }
    const ended = this.ended(this.closed(frontier), [release]);
    return this.#kept(
      ended,
      'ended mm',
      where(this.#kinds.mm, 0, (mm) => !mm.hasTag('has-users')),
    );
  }
}
