/**
 * One IOMMU unit as a synchronous world: the report path's machines as live XState actors, every effect wired to
 * calls, every question answered from snapshots. A test decides who steps.
 *
 * Method: an active actor is offered all events the world could give it now, in a fixed order, and takes the first
 * that is a step. `log` is every effect in order, as `<who>.<effect> <what matters>`.
 */
import { type ActorRefFrom, type AnyActorRef, type AnyStateMachine, createActor } from 'xstate';

import {
  iovaPfn,
  type Pasid,
  pasid,
  prgIndex,
  type RequesterId,
  requesterId,
} from '../../../../src/core/ids.ts';
import { faultQueueMachine } from '../../../../src/machines/fault-queue.ts';
import { faultWorkerMachine } from '../../../../src/machines/fault-worker.ts';
import { pageRequestGroupMachine } from '../../../../src/machines/page-request-group.ts';
import {
  pageRequestQueueMachine,
  type RequestRecord,
} from '../../../../src/machines/page-request-queue.ts';
import { pageRequestThreadMachine } from '../../../../src/machines/page-request-thread.ts';
import type { PageRequestThreadInput } from '../../../../src/machines/page-request-thread-terms.ts';
import { LINUX_7_3, type ReportRules } from '../../../../src/machines/report-rules.ts';
import { isEffect, type Violation } from '../../../../src/machines/wiring-types.ts';
import { isFlushed, isIdle, workQueueMachine } from '../../../../src/machines/work-queue.ts';

export const RID = requesterId(0x28);
export const OTHER_RID = requesterId(0x30);
export const UNKNOWN_RID = requesterId(0x99);

/** The checks and answers of the two drivers that have a page request thread. */
export const VTD = {
  checks: {
    canonicalBits: 48,
    refusesPrivileged: true,
    requiresPasid: false,
    pasidsMax: undefined,
    dropsStopMarkers: true,
    afterLookup: false,
  },
  reject: { code: 'invalid', answerNonLast: false, unknownDevice: 'refuse' },
} as const satisfies Pick<PageRequestThreadInput, 'checks' | 'reject'>;
export const AMD = {
  checks: {
    canonicalBits: undefined,
    refusesPrivileged: false,
    requiresPasid: true,
    pasidsMax: 0xffff,
    dropsStopMarkers: false,
    afterLookup: true,
  },
  reject: { code: 'failure', answerNonLast: true, unknownDevice: 'ignore' },
} as const satisfies Pick<PageRequestThreadInput, 'checks' | 'reject'>;

type Asked = {
  readonly rid?: RequesterId;
  readonly pasid?: number | undefined;
  readonly prgi?: number;
  readonly pfn?: number;
  readonly last?: boolean;
  readonly access?: string;
  readonly owner?: number;
  readonly prgEpoch?: number;
};

/** A request; by default the last, and only, one of its group, a read for PASID 1. `access` is letters of rwxp. */
export function request(asked: Asked = {}): RequestRecord {
  const access = asked.access ?? 'r';
  const has = 'pasid' in asked ? asked.pasid : 1;
  return {
    rid: asked.rid ?? RID,
    pasid: has === undefined ? undefined : pasid(has),
    prgi: prgIndex(asked.prgi ?? 3),
    iovaPfn: iovaPfn(asked.pfn ?? 0x10),
    access: {
      read: access.includes('r'),
      write: access.includes('w'),
      exec: access.includes('x'),
      privileged: access.includes('p'),
    },
    last: asked.last ?? true,
    owner: asked.owner ?? 1,
    prgEpoch: asked.prgEpoch ?? 1,
  };
}

export type Bond = {
  readonly handle: number;
  readonly mm: number;
  readonly hasHandler: boolean;
};

export type WorldOptions = {
  readonly rules?: ReportRules;
  readonly capacity?: number;
  readonly driver?: Pick<PageRequestThreadInput, 'checks' | 'reject'>;
  readonly userPasidTable?: boolean;
  readonly answersDroppedLast?: boolean;
};

const GROUP_SLOTS = 4;
const STACK_SLOT = GROUP_SLOTS;
const WORKERS = 2;
const STEPS_MAX = 1000;

export class ReportWorld {
  readonly log: string[] = [];
  readonly responses: string[] = [];
  readonly violations: Violation[] = [];
  readonly devices = new Set<RequesterId>([RID, OTHER_RID]);
  /** Keyed by `slotKey`; a detached handle is simply absent. */
  readonly bonds = new Map<string, Bond>();
  /** Handles freed by their owner: touching one is a use after free. */
  readonly freedHandles = new Set<number>();
  /** Frames each address space can map. A missing address space has no users. */
  readonly mappable = new Map<number, Set<number>>();
  /** What got mapped, as `mm:pfn`. */
  readonly resident: string[] = [];
  interrupted = false;
  handlerRefuses = false;
  allocationFails = false;

  readonly ring: ActorRefFrom<typeof pageRequestQueueMachine>;
  readonly thread: ActorRefFrom<typeof pageRequestThreadMachine>;
  readonly queues: Map<RequesterId, ActorRefFrom<typeof faultQueueMachine>>;
  readonly groups: readonly ActorRefFrom<typeof pageRequestGroupMachine>[];
  readonly workQueue: ActorRefFrom<typeof workQueueMachine>;
  readonly workers: readonly ActorRefFrom<typeof faultWorkerMachine>[];

  constructor(options: WorldOptions = {}) {
    const rules = options.rules ?? LINUX_7_3;
    const driver = options.driver ?? VTD;
    this.ring = createActor(this.#bind('ring', pageRequestQueueMachine), {
      input: {
        unit: 0,
        capacity: options.capacity ?? 8,
        answersDroppedLast: options.answersDroppedLast ?? false,
      },
    }).start();
    this.thread = createActor(this.#bind('thread', pageRequestThreadMachine), {
      input: { unit: 0, rules, ...driver, userPasidTable: options.userPasidTable ?? false },
    }).start();
    this.queues = new Map(
      [RID, OTHER_RID].map((rid) => [
        rid,
        createActor(this.#bind('queue', faultQueueMachine), {
          input: { device: rid, queue: 0, responds: true, rules },
        }).start(),
      ]),
    );
    this.groups = Array.from({ length: GROUP_SLOTS + 1 }, () =>
      createActor(this.#bind('group', pageRequestGroupMachine)).start(),
    );
    this.workQueue = createActor(this.#bind('work', workQueueMachine)).start();
    this.workers = Array.from({ length: WORKERS }, () =>
      createActor(this.#bind('worker', faultWorkerMachine), { input: { rules } }).start(),
    );
  }

  /** Adds the device to the fault queue and binds each PASID to an address space with these frames. */
  bind(of: { rid?: RequesterId; pasid?: number | undefined; mm?: number; pfns?: number[] } = {}) {
    const rid = of.rid ?? RID;
    const which = 'pasid' in of ? of.pasid : 1;
    const mm = of.mm ?? which ?? 0;
    this.mappable.set(mm, new Set(of.pfns ?? [0x10, 0x11, 0x12]));
    this.bonds.set(slotKey(rid, which), { handle: 100 + mm, mm, hasHandler: true });
    if (!this.queue(rid).getSnapshot().matches('present')) {
      this.queue(rid).send({ type: 'device.add', allocated: true });
    }
    return this;
  }

  queue(rid: RequesterId): ActorRefFrom<typeof faultQueueMachine> {
    const queue = this.queues.get(rid);
    if (queue === undefined) throw new Error(`no fault queue for ${rid}`);
    return queue;
  }

  receive(...requests: readonly RequestRecord[]): this {
    for (const each of requests) this.ring.send({ type: 'page-request.received', request: each });
    return this;
  }

  /** One step of the thread; false when it can't take any. */
  stepThread(): boolean {
    for (const event of this.#offersToThread()) {
      if (!this.thread.getSnapshot().can(event)) continue;
      if (event.type === 'interrupt.received') this.interrupted = false;
      this.thread.send(event);
      return true;
    }
    return false;
  }

  /** Steps the thread until it stands at the step named by `state`, or can't step. */
  runThreadTo(state: string): this {
    while (!JSON.stringify(this.thread.getSnapshot().value).includes(`"${state}"`)) {
      if (!this.stepThread()) throw new Error(`the thread never comes to ${state}`);
    }
    return this;
  }

  runThread(): this {
    return this.#repeat(() => this.stepThread());
  }

  stepWorker(index = 0): boolean {
    const worker = this.workers[index];
    if (worker === undefined) throw new Error(`no worker ${index}`);
    for (const event of this.#offersToWorker(index)) {
      if (!worker.getSnapshot().can(event)) continue;
      worker.send(event);
      return true;
    }
    return false;
  }

  runWorkers(): this {
    return this.#repeat(() => this.workers.some((_, index) => this.stepWorker(index)));
  }

  /** Runs everybody until nobody can step. */
  run(): this {
    return this.#repeat(
      () => this.stepThread() || this.workers.some((_, index) => this.stepWorker(index)),
    );
  }

  /** Effects of one actor, in order. */
  logOf(who: string): string[] {
    return this.log
      .filter((line) => line.startsWith(`${who}.`))
      .map((line) => line.slice(who.length + 1));
  }

  partials(rid: RequesterId = RID): readonly string[] {
    return this.queue(rid).getSnapshot().context.partials.map(describe);
  }
  pending(rid: RequesterId = RID): readonly number[] {
    return this.queue(rid).getSnapshot().context.pending;
  }
  properties(): readonly (string | undefined)[] {
    return this.violations.map(({ property }) => property);
  }
  /** Violations in a word each: the property and what broke it. */
  breaches(): readonly string[] {
    return this.violations.map(({ property, unexpected }) => `${property} ${unexpected}`);
  }
  flushed(operation: number): boolean {
    return isFlushed(this.workQueue.getSnapshot().context, operation);
  }
  workIsIdle(): boolean {
    return isIdle(this.workQueue.getSnapshot().context);
  }

  #repeat(step: () => boolean): this {
    for (let steps = 0; step(); steps += 1) {
      if (steps === STEPS_MAX) throw new Error(`still stepping after ${STEPS_MAX} steps`);
    }
    return this;
  }

  #bind<Machine extends AnyStateMachine>(who: string, machine: Machine): Machine {
    const effects = Object.entries(machine.implementations.actions)
      .filter(([, body]) => isEffect(body))
      .map(([type]) => [
        type,
        // biome-ignore lint/suspicious/noExplicitAny: effects of every machine pass through here
        ({ self }: { self: AnyActorRef }, params: any) => this.#perform(who, self, type, params),
      ]);
    return machine.provide({
      actions: Object.fromEntries(effects),
      guards: this.#answers(),
    }) as Machine; // provide() forgets the type it was called on
  }

  #answers() {
    const users = (_: unknown, { mm }: { mm: number }) => this.mappable.has(mm);
    return {
      handlerRefuses: () => this.handlerRefuses,
      groupIsPending: (_: unknown, of: { rid: RequesterId; group: number }) =>
        this.pending(of.rid).includes(of.group),
      overflowIsSet: () => this.ring.getSnapshot().matches({ overflow: 'set' }),
      ringIsEmpty: () => this.ring.getSnapshot().context.entries.length === 0,
      mmHasUsers: users,
      isLastUser: () => false, // a process that ends does so at once here
      addressSpaceHasEnded: () => true,
      resolves: (_: unknown, of: { mm: number; request: RequestRecord }) =>
        this.mappable.get(of.mm)?.has(of.request.iovaPfn) === true,
    };
  }

  #offersToThread() {
    const { entries } = this.ring.getSnapshot().context;
    const { context } = this.thread.getSnapshot();
    const rid = context.request?.rid ?? RID;
    const which = context.request?.pasid;
    const param = this.queues.get(rid)?.getSnapshot();
    const free = this.groups.findIndex(
      (group, index) => index !== STACK_SLOT && group.getSnapshot().matches('free'),
    );
    return [
      ...(this.interrupted ? [{ type: 'interrupt.received' } as const] : []),
      ...(this.allocationFails
        ? [
            {
              type: 'allocation.failed',
              group: context.request?.last ? STACK_SLOT : undefined,
            } as const,
          ]
        : []),
      { type: 'step' } as const,
      { type: 'tail.read', tail: entries.length } as const,
      ...entries.map(
        (entry, position) => ({ type: 'entry.read', position, request: entry }) as const,
      ),
      { type: this.devices.has(rid) ? 'device.found' : 'device.missing', rid } as const,
      this.#lookUp(rid, which),
      this.#lookUp(rid, undefined),
      param?.matches('present')
        ? ({ type: 'param.found', rid, param: param.context.param } as const)
        : ({ type: 'param.missing', rid } as const),
      { type: 'group.allocated', group: free } as const,
    ];
  }

  #lookUp(rid: RequesterId, which: Pasid | undefined) {
    const bond = this.bonds.get(slotKey(rid, which));
    return bond === undefined
      ? ({ type: 'handle.missing', rid, pasid: which } as const)
      : ({
          type: 'handle.found',
          rid,
          pasid: which,
          handle: bond.handle,
          hasHandler: bond.hasHandler,
        } as const);
  }

  #offersToWorker(index: number) {
    const worker = this.workers[index]?.getSnapshot().context;
    return [
      ...this.workQueue
        .getSnapshot()
        .context.queued.map((group) => ({ type: 'work.take', group }) as const),
      ...this.groups.map((slot, group) => {
        const { param, handle, requests } = slot.getSnapshot().context;
        return {
          type: 'group.read',
          group,
          param: param ?? 0,
          handle: handle ?? 0,
          requests,
        } as const;
      }),
      {
        type: 'handle.read',
        handle: worker?.handle ?? 0,
        mm: (worker?.handle ?? 100) - 100,
      } as const,
      { type: 'step' } as const,
    ];
  }

  // biome-ignore lint/suspicious/noExplicitAny: params of every effect
  #perform(who: string, self: AnyActorRef, type: string, params: any): void {
    this.log.push(`${who}.${type}${summary(params)}`);
    const slot = (group: number) =>
      this.groups[group] as ActorRefFrom<typeof pageRequestGroupMachine>; // slots are made in the constructor
    switch (type) {
      case 'violate':
        this.violations.push(params);
        return;
      case 'raiseEvent':
        this.interrupted = true;
        return;
      case 'answerDropped':
      case 'respond':
        if (who === 'worker') {
          slot(params.group).send({ type: 'group.answered', code: params.code });
          return;
        }
        this.responses.push(`${params.code} ${describe(params.request)}`);
        return;
      case 'respondGroup':
        slot(params.group).send({ type: 'group.answered', code: params.code });
        return;
      case 'acknowledge':
        this.ring.send({ type: 'pending.acknowledge' });
        return;
      case 'advanceHead':
        this.ring.send({ type: 'head.advance', count: params.count });
        return;
      case 'clearOverflow':
        this.ring.send({ type: 'overflow.clear' });
        return;
      case 'cancelPartials':
        this.queue(params.request.rid).send({ ...params.request, type: 'partials.cancel' });
        return;
      case 'discardPartials':
        for (const queue of this.queues.values()) queue.send({ type: 'partials.discard' });
        return;
      case 'takeReference':
        this.queue(params.rid).send({ type: 'reference.take', param: params.param });
        return;
      case 'putReference':
        this.queue(params.rid).send({ type: 'reference.put', param: params.param });
        return;
      case 'storePartial':
        this.queue(params.rid).send({ ...params, type: 'partial.store' });
        return;
      case 'buildGroup':
        this.queue(params.rid).send({ ...params, type: 'group.build' });
        return;
      case 'fillGroup':
        slot(params.group).send({ ...params, type: 'group.filled' });
        return;
      case 'answerAndFree':
        for (const group of params.groups)
          slot(group).send({ type: 'group.retired', code: params.code });
        return;
      case 'answerOnly':
        for (const group of params.groups)
          slot(group).send({ type: 'group.answered', code: params.code });
        return;
      case 'assignHandle':
        slot(params.group).send({ type: 'handle.assigned', handle: params.handle });
        return;
      case 'dereferenceHandle':
        if (this.freedHandles.has(params.handle)) {
          this.violations.push({ unexpected: 'handle.dereference', property: 'S8' });
        }
        return;
      case 'hand':
        slot(params.group).send({ type: 'group.queued' });
        this.workQueue.send({ type: 'work.queued', group: params.group });
        return;
      case 'unlink':
      case 'unlinkGroup':
        this.queue(params.rid).send({ ...params, type: 'group.unlink' });
        return;
      case 'takeWork':
        this.workQueue.send({ type: 'work.taken', group: params.group });
        return;
      case 'startWork':
        slot(params.group).send({ type: 'work.started' });
        return;
      case 'touchGroup':
        slot(params.group).send({ type: 'group.touched' });
        return;
      case 'freeGroup':
        slot(params.group).send({ type: 'group.freed' });
        return;
      case 'finishWork':
        this.workQueue.send({ type: 'work.finished', group: params.group });
        return;
      case 'resolve':
        this.resident.push(`${params.mm}:${params.request.iovaPfn.toString(16)}`);
        return;
      case 'freeParam':
      case 'freePartials':
      case 'drop':
      case 'ignore':
      case 'warn':
      case 'return':
      case 'trace':
      case 'complete':
      case 'getUsers':
      case 'putUsers':
        return;
      default:
        throw new Error(`${self.id}: effect ${type} is not wired`);
    }
  }
}

const slotKey = (rid: RequesterId, which: number | undefined): string =>
  `${rid}/${which ?? 'none'}`;

/** A request in a word: `pasid/index@frame`, with a plus sign where more of its group follow. */
export function describe(of: RequestRecord): string {
  const which = of.pasid === undefined ? '-' : of.pasid;
  return `${which}/${of.prgi}@${of.iovaPfn.toString(16)}${of.last ? '' : '+'}`;
}

// biome-ignore lint/suspicious/noExplicitAny: params of every effect
function summary(params: any): string {
  if (params === undefined) return '';
  const words: string[] = [];
  if ('errno' in params) words.push(String(params.errno));
  if ('code' in params) words.push(params.code);
  if ('group' in params) words.push(`g${params.group}`);
  if ('groups' in params) words.push(`[${params.groups}]`);
  if ('count' in params) words.push(String(params.count));
  if ('request' in params) words.push(describe(params.request));
  if ('requests' in params) words.push(`[${params.requests.map(describe).join(' ')}]`);
  if ('reason' in params) words.push(`'${params.reason}'`);
  if ('property' in params) words.push(String(params.property));
  return words.length === 0 ? '' : ` ${words.join(' ')}`;
}
