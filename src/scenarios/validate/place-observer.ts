/**
 * Place observer: what may be true of a place, and of one page request there, given what was traced of them.
 */
import type { Driver } from '../../actors/driver.ts';
import { iovaPfn, pasid, prgIndex } from '../../core/ids.ts';
import { type Locals, localOf } from '../../explore/careful-step.ts';
import { modelOf } from '../../explore/model.ts';
import {
  type Actors,
  type Frontier,
  type NextSign,
  NOWHERE,
  type Observer,
  observerOf,
} from '../../explore/observer.ts';
import { type Call, call, type Read, where } from '../../explore/wiring.ts';
import type { RequestRecord } from '../../machines/page-request-queue.ts';
import { gateOf, type PlaceKinds, type PlaceShape, RID, UNKNOWN } from './place-kinds.ts';
import { placeWorld } from './place-world.ts';
import { type SignRules, signsOf } from './signs.ts';

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
  readonly detached: Frontier;
  readonly #observer: Observer;
  readonly #kinds: PlaceKinds;
  readonly #listSlots: readonly number[];
  readonly #always: readonly number[];
  /** The unit's own thread, and a handler that runs in it. */
  readonly reporter: Actors;
  readonly everybody: Actors;
  #anything: Frontier | undefined;

  constructor(driver: Driver, shape: PlaceShape, rules: SignRules) {
    const { world, kinds } = placeWorld(
      driver,
      shape,
      shape.kind === 'function' ? undefined : PASID,
    );
    const model = modelOf(world);
    this.shape = shape;
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
    this.detached = this.#observer.first;
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
      const first = kind.machine.config.initial;
      left = this.#observer.kept(
        left,
        `${kind.name} ended`,
        where(kind, 0, ({ value }) => value === first || value === 'done'),
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
    return this.#observer.told(frontier, `request ${Object.values(request).join(' ')}`, calls);
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

  /** The states in which the group was freed under the hands of whoever still works on it. */
  dangling(frontier: Frontier): Frontier {
    const { group } = this.#kinds;
    return this.#kept(
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

export const isNowhere = (frontier: Frontier): boolean => frontier === NOWHERE;

/**
 * What is over begins anew: a list that has ended, an answer that nobody waits for, and the address space of a place
 * where nothing is attached any more, since the next bind is of another one.
 */
function settling(
  { cells, first }: ReturnType<typeof modelOf>,
  shape: PlaceShape,
  kinds: PlaceKinds,
): (locals: Locals) => Locals {
  const slotOf = (kind: { readonly name: string }, index = 0): number =>
    cells.slots.named([kind.name, index]).number;
  const reader = (read: Read) => {
    const { slot, holds } = cells.readOf(read);
    return (locals: Locals): boolean => holds(localOf(locals, slot));
  };
  const isFirst = (slot: number, locals: Locals): boolean =>
    localOf(locals, slot) === localOf(first, slot);
  const lists = shape.operations.flatMap((operation, at) => {
    const { list } = operation;
    const kind = kinds.lists[at];
    if (kind === undefined) return [];
    return [
      {
        list: slotOf(kind),
        gate: slotOf(kinds.gate, gateOf(operation)),
        isRelease: list === 'mm-release',
        isDone: reader(where(kind, 0, ({ status }) => status === 'done')),
        isChecking: reader(where(kind, 0, ({ value }) => isIn(value, 'checking'))),
      },
    ];
  });
  const resolving = reader(where(kinds.worker, 0, ({ value }) => value === 'resolving'));
  const handing = reader(
    where(kinds.thread, 0, (one) => one.matches({ pass: { reporting: 'handing' } })),
  );
  const isBare = [
    where(kinds.slot, 0, ({ value }) => value === 'empty'),
    where(kinds.entry, 0, ({ value }) => value === 'absent'),
    where(kinds.worker, 0, ({ value }) => value === 'idle'),
    where(kinds.group, 0, ({ value }) => value === 'free'),
    where(kinds.thread, 0, ({ value }) => value === 'idle'),
    where(kinds.work, 0, ({ context }) => context.queued.length === 0),
  ].map(reader);
  const ofSpace = shape.operations.some(({ list }) => list === 'mm-release')
    ? [kinds.mm, kinds.process, kinds.exit].map((kind) => slotOf(kind))
    : [];

  const unknowns = [
    { slot: slotOf(kinds.unknown, UNKNOWN.resolves), isAsked: resolving },
    { slot: slotOf(kinds.unknown, UNKNOWN.refuses), isAsked: handing },
    {
      slot: slotOf(kinds.unknown, UNKNOWN.overflow),
      isAsked: (locals: Locals) => lists.some(({ isChecking }) => isChecking(locals)),
    },
  ];
  const releases = lists.filter(({ isRelease }) => isRelease);

  return (locals) => {
    let settled: number[] | undefined;
    const reset = (slot: number): void => {
      if (isFirst(slot, settled ?? locals)) return;
      settled ??= [...locals];
      settled[slot] = localOf(first, slot);
    };
    for (const { list, gate, isRelease, isDone } of lists) {
      if (isRelease || !isDone(locals)) continue;
      reset(list);
      reset(gate);
    }
    for (const { slot, isAsked } of unknowns) if (!isAsked(locals)) reset(slot);
    const isOver = (now: Locals): boolean =>
      isBare.every((holds) => holds(now)) &&
      lists.every(
        ({ list, isRelease, isDone }) => isFirst(list, now) || (isRelease && isDone(now)),
      );
    if (releases.length > 0 && isOver(settled ?? locals)) {
      for (const slot of ofSpace) reset(slot);
      for (const { list, gate } of releases) {
        reset(list);
        reset(gate);
      }
    }
    return settled ?? locals;
  };
}

/** Steps of the unit's thread before it looks anything up and behind its report, and what a worker does alone. */
const ALONE = {
  thread: [
    'idle',
    'pass.acknowledging',
    'pass.reading',
    'pass.fetching',
    'pass.lookingUp',
    'pass.reporting.releasing',
    'pass.reporting.releasingUnstored',
    'pass.reporting.freeing',
    'pass.advancing',
    'pass.checkingOverflow',
    'pass.comparing',
    'pass.completing',
  ],
  worker: ['idle', 'starting', 'freeing'],
  exit: ['beginning', 'releasing', 'tearing'],
  /** Of every list: what nobody else looks at. */
  list: [
    'allocate-handle',
    'get-domain',
    'put-domain',
    'put-old-domain',
    'free-handle',
    'await-reporting',
    'drain-ring.scanning',
    'drain-ring-by-completion.rearming',
    'drain-ring-by-completion.scanning',
    'invalidate-pasid-cache.waiting',
    'invalidate-iotlb.waiting',
    'invalidate-device-tlb.waiting',
    'drain-hardware.waiting',
    'drain-hardware-by-completion.waiting',
    'drain-hardware.overflowed',
    'drain-hardware-by-completion.overflowed',
  ],
};

/** A private step: see the observer's rules. */
function privacyOf(
  { cells }: ReturnType<typeof modelOf>,
  kinds: PlaceKinds,
): (slot: number, local: number) => boolean {
  const alone = new Map<number, readonly string[]>();
  const add = (name: string, states: readonly string[]): void => {
    alone.set(cells.slots.named([name, 0]).number, states);
  };
  add(kinds.thread.name, ALONE.thread);
  add(kinds.worker.name, ALONE.worker);
  if (cells.slots.all.some(({ part }) => part.kind === kinds.exit))
    add(kinds.exit.name, ALONE.exit);
  for (const { name } of kinds.lists) add(name, ALONE.list);
  const known = new Map<string, boolean>();
  return (slot, local) => {
    const states = alone.get(slot);
    if (states === undefined) return false;
    const key = `${slot} ${local}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = cells.localsOf(cells.slots.at(slot)).controlOf(local);
    const isAlone = states.includes(dotted(value));
    known.set(key, isAlone);
    return isAlone;
  };
}

const dotted = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([state, inner]) => `${state}.${dotted(inner)}`)
        .join(' ')
    : String(value);

const isIn = (value: unknown, state: string): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).includes(state);
