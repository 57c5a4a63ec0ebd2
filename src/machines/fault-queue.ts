/**
 * Fault queue: one device's place on its unit's fault queue, with its partial requests and pending groups.
 *
 * Kernel:  drivers/iommu/io-pgfault.c, struct iommu_fault_param, iopf_queue_add_device(),
 *          iopf_queue_remove_device(), iopf_queue_flush_dev(), iopf_queue_discard_partial().
 * Actor:   an object, one per device; its states say whether the fault parameter is published.
 * Lock:    the fault parameter's, except add and remove, which also hold the queue's and the device's, and
 *          take, put and flush, which hold none. Remove is one transition: whoever takes a reference between its
 *          two halves could as well have taken it before.
 * Effects: fillGroup, answerAndFree, answerOnly, freePartials, freeParam, return, warn, ignore, violate.
 *
 * A parameter that left the queue while referenced lives on unpublished, beside the device's next one. So whoever
 * uses one says which: `param` counts incarnations, and starts over when no old one is referenced. Old
 * parameters are counted, not kept: no list of theirs is ever read again.
 */
import { and, assign, not, setup } from 'xstate';
import type { Pasid, PrgIndex } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { type RequestRecord, requestHolds } from './page-request-queue.ts';
import type { ReportRules } from './report-rules.ts';
import { bit, count, type Errno, effect, holds, id, list, type Violation } from './wiring-types.ts';

/** Incarnations of one device's fault parameter that may be referenced at once. */
export const FAULT_PARAMS_MODEL_MAX = 4;
export const PARTIALS_MODEL_MAX = 8;
export const PENDING_GROUPS_MODEL_MAX = 8;
/** References on one parameter, or on all old ones: the queue's, one a live group, one a report. */
export const PARAM_REFERENCES_MODEL_MAX = 16;

type OfParam = { readonly param: number };

export type FaultQueueEvent =
  /** `allocated` false: no memory for the fault parameter, a choice. */
  | { readonly type: 'device.add'; readonly allocated: boolean } //                         from attach
  | { readonly type: 'device.remove'; readonly queue: number } //                           from detach, release
  | (OfParam & { readonly type: 'reference.take' }) //                                      from reporter
  | (OfParam & { readonly type: 'reference.put' }) //                                       from reporter, worker
  | (OfParam & { readonly type: 'partial.store'; readonly request: RequestRecord }) //      from reporter
  | (OfParam & {
      readonly type: 'group.build'; //                                                      from reporter
      readonly group: number;
      readonly request: RequestRecord;
      readonly onStack: boolean;
    })
  | (OfParam & { readonly type: 'group.unlink'; readonly group: number }) //                from whoever responds
  | (OfParam & { readonly type: 'group.dequeue'; readonly group: number }) //               from a handler that owns it
  | { readonly type: 'partials.discard' } //                                                from overflow recovery
  | { readonly type: 'partials.discard-pasid'; readonly pasid: Pasid | undefined } //       from a repaired drain
  | {
      readonly type: 'partials.cancel'; //                                                  from a repaired reporter
      readonly prgi: PrgIndex;
      readonly pasid: Pasid | undefined;
    }
  /** Caller's duty: the hardware's ring is flushed first. On return 0 it waits for the work queue. */
  | { readonly type: 'queue.flush' }; //                                                    from detach

export type FaultQueueInput = {
  readonly device: number;
  readonly queue: number;
  /** The unit's driver can send responses. */
  readonly responds: boolean;
  readonly rules: ReportRules;
  /** Lists as long as the kernel's: for one that runs live, which nobody has to keep small. */
  readonly unbounded?: boolean;
};

type Context = FaultQueueInput & {
  /** Incarnation of the published parameter, or of the last one. */
  readonly param: number;
  /** References on the published parameter, the queue's own among them; 0 when there is none. */
  readonly users: number;
  /** References on parameters that are no longer published. */
  readonly oldUsers: number;
  /** Newest first, as the kernel keeps them. */
  readonly partials: readonly RequestRecord[];
  /** Newest first. */
  readonly pending: readonly number[];
  /** The last removal freed partials and left the list's head pointing at them; only old users can see it. */
  readonly headDangles: boolean;
};

type Of = { readonly context: Context };
type Build = { readonly event: Extract<FaultQueueEvent, { type: 'group.build' }> };
type Removal = { readonly groups: readonly number[]; readonly code: PageResponseCode };

type Fault = Pick<RequestRecord, 'prgi' | 'pasid'>;

const queue = setup({
  types: {
    context: {} as Context,
    events: {} as FaultQueueEvent,
    input: {} as FaultQueueInput,
  },
  actions: {
    publish: assign(({ context }) => {
      const param = context.oldUsers === 0 ? 0 : context.param + 1;
      invariant(param < FAULT_PARAMS_MODEL_MAX, 'too many old fault parameters are referenced');
      return { param, users: 1 };
    }),
    leave: assign(({ context }) => {
      const freed = context.rules.freeRemovedGroups && context.rules.referenceFaultParam;
      const users = context.users - 1 - (freed ? context.pending.length : 0);
      const dangles = context.partials.length > 0 && !context.rules.resetPartialsOnRemove;
      return {
        users,
        partials: [],
        pending: [],
        headDangles: context.headDangles || (users > 0 && dangles),
      };
    }),
    grow: assign({ oldUsers: ({ context }) => context.oldUsers + context.users, users: 0 }),
    take: assign(({ context }) => {
      invariant(
        context.unbounded === true || context.users + context.oldUsers < PARAM_REFERENCES_MODEL_MAX,
        'too many references on one fault parameter',
      );
      return { users: context.users + 1 };
    }),
    put: assign({ users: ({ context }) => context.users - 1 }),
    putOld: assign({ oldUsers: ({ context }) => context.oldUsers - 1 }),
    forgetOld: assign({ headDangles: false }),
    startOver: assign({ param: 0, headDangles: false }),
    store: assign(({ context }, params: { readonly request: RequestRecord }) => {
      invariant(
        context.unbounded === true || context.partials.length < PARTIALS_MODEL_MAX,
        'too many partials on one device',
      );
      return { partials: [params.request, ...context.partials] };
    }),
    adopt: assign(
      ({ context }, params: { readonly group: number; readonly request: RequestRecord }) => {
        invariant(
          context.unbounded === true || context.pending.length < PENDING_GROUPS_MODEL_MAX,
          'too many groups pending on one device',
        );
        return {
          partials: without(context, params.request),
          pending: [params.group, ...context.pending],
        };
      },
    ),
    unlink: assign(({ context }, params: { readonly group: number }) => ({
      pending: context.pending.filter((group) => group !== params.group),
    })),
    forgetPartials: assign({ partials: [] }),
    forgetPartialsOfPasid: assign(({ context }, params: Pick<Fault, 'pasid'>) => ({
      partials: context.partials.filter((partial) => partial.pasid !== params.pasid),
    })),
    forgetPartialsOfGroup: assign(({ context }, params: Fault) => ({
      partials: without(context, params),
    })),
    fillGroup: effect<
      OfParam & {
        readonly group: number;
        /** In order of arrival, the last one at the tail. */
        readonly requests: readonly RequestRecord[];
        readonly onStack: boolean;
      }
    >(),
    answerAndFree: effect<Removal>(),
    answerOnly: effect<Removal>(),
    freePartials: effect<{ readonly requests: readonly RequestRecord[] }>(),
    freeParam: effect<OfParam>(),
    return: effect<{ readonly errno: Errno }>(),
    warn: effect<{ readonly reason: string }>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    lacksResponse: ({ context }) => !context.responds,
    lacksMemory: ({ event }) => event.type === 'device.add' && !event.allocated,
    isOtherQueue: ({ context, event }) =>
      event.type === 'device.remove' && event.queue !== context.queue,
    isPublished: ({ context, event }) =>
      'param' in event && context.users > 0 && event.param === context.param,
    isOld: ({ context, event }) =>
      'param' in event &&
      context.oldUsers > 0 &&
      (context.users > 0 ? event.param < context.param : event.param <= context.param),
    headDangles: ({ context }) => context.headDangles,
    oldAndDangling: and(['isOld', 'headDangles']),
    countsReferences: ({ context }) => context.rules.referenceFaultParam,
    countsNone: not('countsReferences'),
    freesGroups: ({ context }) => context.rules.freeRemovedGroups,
    isReferenced: ({ context }) => context.users > 0,
    hasOldUsers: ({ context }) => context.oldUsers > 0,
    // The queue keeps one reference and each pending group one.
    isSpare: ({ context }) => context.users > 1 + context.pending.length,
    publishedAndSpare: and(['isPublished', 'isSpare']),
    publishedUncounted: and(['isPublished', 'countsNone']),
    isLastOld: ({ context }) => context.oldUsers === 1,
    lastOld: and(['isOld', 'isLastOld']),
    isListed: ({ context, event }) => 'group' in event && context.pending.includes(event.group),
    publishedAndListed: and(['isPublished', 'isListed']),
  },
});

/** Whether a stored partial is taken along by, or dropped with, the last request of `fault`. */
function belongs(partial: RequestRecord, fault: Fault, rules: ReportRules): boolean {
  return (
    partial.prgi === fault.prgi &&
    (rules.matchPartialsBy === 'index' || partial.pasid === fault.pasid)
  );
}
const without = ({ partials, rules }: Context, fault: Fault): readonly RequestRecord[] =>
  partials.filter((partial) => !belongs(partial, fault, rules));
const within = ({ partials, rules }: Context, fault: Fault): readonly RequestRecord[] =>
  partials.filter((partial) => belongs(partial, fault, rules));

const ofParam = ({ context }: Of): OfParam => ({ param: context.param });
const removal = ({ context }: Of): Removal => ({ groups: context.pending, code: 'invalid' });
const returns = (errno: Errno) => ({ type: 'return', params: { errno } }) as const;
const warn = (reason: string) => ({ type: 'warn', params: { reason } }) as const;
const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;
const freePartials = {
  type: 'freePartials',
  params: ({ context }: Of) => ({ requests: context.partials }),
} as const;
const freeOldParam = {
  type: 'freeParam',
  params: ({ event }: { readonly event: OfParam }): OfParam => ({ param: event.param }),
} as const;
const usedAfterFree = (sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: FaultQueueEvent }): Violation => ({
      unexpected: event.type,
      property: 'S8',
      sentence,
    }),
  }) as const;
const danglingList = usedAfterFree('the partial list was freed when the device left the queue');
/** What an unpublished parameter still allows, in both states. */
const oldParam = {
  put: [
    { guard: 'lastOld', actions: ['putOld', 'forgetOld', freeOldParam] },
    { guard: 'isOld', actions: 'putOld' },
  ],
  store: [
    { guard: 'oldAndDangling', actions: danglingList },
    { guard: 'isOld', actions: ignore('stored on a parameter nobody will look at: leaked') },
  ],
  build: [
    { guard: 'oldAndDangling', actions: danglingList },
    {
      guard: 'isOld',
      actions: {
        type: 'fillGroup',
        params: ({ event }: Build) => ({
          param: event.param,
          group: event.group,
          requests: [event.request],
          onStack: event.onStack,
        }),
      },
    },
  ],
  unlink: { guard: 'isOld', actions: ignore('the pending list ended with the membership') },
} as const;
const notCounted = {
  guard: 'countsNone',
  actions: ignore('this kernel counts no references'),
} as const;
const buildGroup = [
  {
    type: 'fillGroup',
    params: ({ context, event }: Of & Build) => ({
      param: event.param,
      group: event.group,
      requests: [...within(context, event.request)].reverse().concat(event.request),
      onStack: event.onStack,
    }),
  },
  {
    type: 'adopt',
    params: ({ event }: Build) => ({ group: event.group, request: event.request }),
  },
] as const;
const noPartials = ignore('the device is on no fault queue');

export const faultQueueMachine = queue.createMachine({
  id: 'fault-queue',
  options: { maxIterations: 1000 },
  context: ({ input }) => ({
    ...input,
    param: 0,
    users: 0,
    oldUsers: 0,
    partials: [],
    pending: [],
    headDangles: false,
  }),
  on: {
    '*': { actions: usedAfterFree('no such fault parameter') },
  },
  initial: 'absent',
  states: {
    absent: {
      on: {
        'device.add': [
          { guard: 'lacksResponse', actions: returns('ENODEV') },
          { guard: 'lacksMemory', actions: returns('ENOMEM') },
          { target: 'present', actions: ['publish', returns(0)] },
        ],
        'device.remove': { actions: warn('the device is not on this queue') },
        'queue.flush': { actions: [warn('no fault parameter'), returns('ENODEV')] },
        'partials.discard': { actions: noPartials },
        'partials.discard-pasid': { actions: noPartials },
        'partials.cancel': { actions: noPartials },
        'reference.take': notCounted,
        'reference.put': [
          notCounted,
          { guard: 'lastOld', actions: ['putOld', freeOldParam, 'startOver'] },
          { guard: 'isOld', actions: 'putOld' },
        ],
        'partial.store': [...oldParam.store],
        'group.build': [...oldParam.build],
        'group.unlink': oldParam.unlink,
        'group.dequeue': oldParam.unlink,
      },
    },
    present: {
      on: {
        'device.add': [
          { guard: 'lacksResponse', actions: returns('ENODEV') },
          { actions: returns('EBUSY') },
        ],
        'device.remove': [
          { guard: 'isOtherQueue', actions: warn('the device is not on this queue') },
          {
            guard: 'freesGroups',
            target: 'leaving',
            actions: [freePartials, { type: 'answerAndFree', params: removal }, 'leave'],
          },
          {
            target: 'leaving',
            actions: [freePartials, { type: 'answerOnly', params: removal }, 'leave'],
          },
        ],
        'queue.flush': { actions: returns(0) },
        'reference.take': [notCounted, { guard: 'isPublished', actions: 'take' }],
        'reference.put': [
          notCounted,
          { guard: 'publishedAndSpare', actions: 'put' },
          { guard: 'isPublished', actions: usedAfterFree('somebody else needs the reference put') },
          ...oldParam.put,
        ],
        'partial.store': [
          {
            guard: 'isPublished',
            actions: { type: 'store', params: ({ event }) => ({ request: event.request }) },
          },
          ...oldParam.store,
        ],
        'group.build': [
          { guard: 'publishedAndSpare', actions: [...buildGroup] },
          { guard: 'publishedUncounted', actions: [...buildGroup] },
          { guard: 'isPublished', actions: usedAfterFree('a group has no reference of its own') },
          ...oldParam.build,
        ],
        'group.unlink': [
          {
            guard: 'publishedAndListed',
            actions: { type: 'unlink', params: ({ event }) => ({ group: event.group }) },
          },
          { guard: 'isPublished', actions: ignore('unlinked before') },
          oldParam.unlink,
        ],
        'group.dequeue': [
          {
            guard: 'publishedAndListed',
            actions: { type: 'unlink', params: ({ event }) => ({ group: event.group }) },
          },
          { guard: 'isPublished', actions: ignore('unlinked before') },
          oldParam.unlink,
        ],
        'partials.discard': { actions: [freePartials, 'forgetPartials'] },
        'partials.discard-pasid': {
          actions: [
            {
              type: 'freePartials',
              params: ({ context, event }) => ({
                requests: context.partials.filter(({ pasid }) => pasid === event.pasid),
              }),
            },
            { type: 'forgetPartialsOfPasid', params: ({ event }) => ({ pasid: event.pasid }) },
          ],
        },
        'partials.cancel': {
          actions: [
            {
              type: 'freePartials',
              params: ({ context, event }) => ({ requests: within(context, event) }),
            },
            {
              type: 'forgetPartialsOfGroup',
              params: ({ event }) => ({ prgi: event.prgi, pasid: event.pasid }),
            },
          ],
        },
      },
    },
    // The queue's reference is gone; a report or a group may hold the parameter still.
    leaving: {
      always: [
        { guard: 'isReferenced', target: 'absent', actions: 'grow' },
        { guard: 'hasOldUsers', target: 'absent', actions: { type: 'freeParam', params: ofParam } },
        {
          target: 'absent',
          actions: [{ type: 'freeParam', params: ofParam }, 'startOver'],
        },
      ],
    },
  },
});

export const faultQueueHolds = holds({
  param: count(FAULT_PARAMS_MODEL_MAX - 1),
  users: count(PARAM_REFERENCES_MODEL_MAX),
  oldUsers: count(PARAM_REFERENCES_MODEL_MAX),
  partials: list(PARTIALS_MODEL_MAX, requestHolds),
  pending: list(PENDING_GROUPS_MODEL_MAX, id('group')),
  headDangles: bit,
});
