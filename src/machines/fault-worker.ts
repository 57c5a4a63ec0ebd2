/**
 * Fault worker: handles one group at a time in its process's address space and answers it once.
 *
 * Kernel:  drivers/iommu/iommu-sva.c, iommu_sva_handle_iopf(), iommu_sva_handle_mm();
 *          drivers/iommu/io-pgfault.c, iopf_group_response(), iopf_free_group().
 * Actor:   active, as many as work items may run at once; they are interchangeable.
 * Lock:    beside each state.
 * Effects: takeWork, startWork, dereferenceHandle, touchGroup, getUsers, resolve, putUsers, respond, unlink,
 *          putReference, freeGroup, finishWork.
 * Asks:    mmHasUsers, resolves, groupIsPending.
 *
 * The first fault that can't be served decides the answer, and the rest of the group is left alone. Putting the
 * users may be the last put: then the process ends inside this worker, which its address space decides.
 */
import { assign, setup } from 'xstate';
import type { RequesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { FAULT_PARAMS_MODEL_MAX, PARTIALS_MODEL_MAX } from './fault-queue.ts';
import { type RequestRecord, requestHolds } from './page-request-queue.ts';
import type { ReportRules } from './report-rules.ts';
import { count, effect, holds, id, list, maybe, oneOf, question } from './wiring-types.ts';

export type FaultWorkerEvent =
  /** Offered for every queued item. */
  | { readonly type: 'work.take'; readonly group: number } // from work queue
  | {
      readonly type: 'group.read'; //                         from page-request group
      readonly group: number;
      readonly param: number;
      readonly handle: number;
      readonly requests: readonly RequestRecord[];
    }
  /** The address space of the handle's domain. */
  | { readonly type: 'handle.read'; readonly handle: number; readonly mm: number } // from attach handle
  | { readonly type: 'step' }; //                             from the scheduler

export type FaultWorkerInput = { readonly rules: ReportRules };

type Context = FaultWorkerInput & {
  readonly group: number | undefined;
  readonly param: number | undefined;
  readonly handle: number | undefined;
  readonly requests: readonly RequestRecord[];
  /** Requests handled so far. */
  readonly handled: number;
  /** Only while it holds the address space's users. */
  readonly mm: number | undefined;
  readonly code: PageResponseCode;
};

type Of = { readonly context: Context };
type Group = { readonly group: number };
type Param = { readonly rid: RequesterId; readonly param: number };
type Mm = { readonly mm: number };
type Fault = Mm & { readonly request: RequestRecord };
type Read = { readonly event: Extract<FaultWorkerEvent, { type: 'group.read' }> };
type ReadHandle = { readonly event: Mm };

const worker = setup({
  types: {
    context: {} as Context,
    events: {} as FaultWorkerEvent,
    input: {} as FaultWorkerInput,
  },
  actions: {
    keepGroup: assign((_, { group }: Group) => ({ group })),
    keepRequests: assign((_, params: Pick<Read['event'], 'param' | 'handle' | 'requests'>) => ({
      ...params,
    })),
    keepMm: assign((_, { mm }: Mm) => ({ mm })),
    fail: assign({ code: 'invalid' }),
    passFault: assign({ handled: ({ context }) => context.handled + 1, mm: undefined }),
    forgetFaults: assign(({ context }) => ({
      handle: undefined,
      handled: 0,
      requests: context.requests.slice(-1),
    })),
    forget: assign({ group: undefined, param: undefined, requests: [], code: 'success' }),
    takeWork: effect<Group>(),
    startWork: effect<Group>(),
    dereferenceHandle: effect<{ readonly handle: number }>(),
    touchGroup: effect<Group>(),
    getUsers: effect<Mm>(),
    resolve: effect<Fault>(),
    putUsers: effect<Mm>(),
    respond: effect<Group & { readonly code: PageResponseCode }>(),
    unlink: effect<Group & Param>(),
    putReference: effect<Param>(),
    freeGroup: effect<Group>(),
    finishWork: effect<Group>(),
  },
  guards: {
    isMine: ({ context, event }) => 'group' in event && event.group === context.group,
    isOtherHandle: ({ context, event }) =>
      event.type === 'handle.read' && event.handle !== context.handle,
    hasNoPasid: ({ context }) => faultOf(context).pasid === undefined,
    isDone: ({ context }) =>
      context.code !== 'success' || context.handled === context.requests.length,
    respondsAlways: ({ context }) => !context.rules.respondOnlyWhilePending,
    mmHasUsers: question<Fault>('mmHasUsers'),
    resolves: question<Fault>('resolves'),
    groupIsPending: question<Group & Param>('groupIsPending'),
  },
});

function faultOf(context: Context): RequestRecord {
  const request = context.requests[context.handled];
  invariant(request !== undefined, 'the worker has no fault in hand');
  return request;
}

function groupOf(context: Context): number {
  invariant(context.group !== undefined, 'the worker has no group in hand');
  return context.group;
}
function mmOf(context: Context): number {
  invariant(context.mm !== undefined, 'the worker holds no address space');
  return context.mm;
}
function handleOf(context: Context): number {
  invariant(context.handle !== undefined, 'the worker has no attach handle in hand');
  return context.handle;
}

const ofGroup = ({ context }: Of): Group => ({ group: groupOf(context) });
const ofParam = ({ context }: Of): Param => {
  const rid = context.requests.at(-1)?.rid;
  invariant(rid !== undefined && context.param !== undefined, 'the worker has read no group');
  return { rid, param: context.param };
};
const ofGroupAndParam = (of: Of): Group & Param => ({ ...ofGroup(of), ...ofParam(of) });
const faultIn = ({ context, event }: Of & ReadHandle): Fault => ({
  mm: event.mm,
  request: faultOf(context),
});
const faultHeld = ({ context }: Of): Fault => ({ mm: mmOf(context), request: faultOf(context) });
/** Group and handle are followed anew for each fault: `group->attach_handle->domain->mm`. */
const follow = [
  { type: 'touchGroup', params: ofGroup },
  { type: 'dereferenceHandle', params: ({ context }: Of) => ({ handle: handleOf(context) }) },
] as const;
const answer = [
  { type: 'respond', params: (of: Of) => ({ ...ofGroup(of), code: of.context.code }) },
  { type: 'unlink', params: ofGroupAndParam },
] as const;

export const faultWorkerMachine = worker.createMachine({
  id: 'fault-worker',
  options: { maxIterations: 1000 },
  context: ({ input }) => ({
    ...input,
    group: undefined,
    param: undefined,
    handle: undefined,
    requests: [],
    handled: 0,
    mm: undefined,
    code: 'success',
  }),
  initial: 'idle',
  states: {
    // work queue's lock, on the way out
    idle: {
      on: {
        'work.take': {
          target: 'starting',
          actions: [
            { type: 'keepGroup', params: ({ event }) => ({ group: event.group }) },
            { type: 'takeWork', params: ofGroup },
          ],
        },
      },
    },
    // no lock: the item is this worker's alone
    starting: {
      on: {
        'group.read': {
          guard: 'isMine',
          target: 'deciding',
          actions: [
            {
              type: 'keepRequests',
              params: ({ event: { param, handle, requests } }: Read) => ({
                param,
                handle,
                requests,
              }),
            },
            { type: 'startWork', params: ofGroup },
          ],
        },
      },
    },
    deciding: {
      always: [
        { guard: 'isDone', target: 'responding', actions: 'forgetFaults' },
        { target: 'entering' },
      ],
    },
    // no lock: the users are raised unless they are zero
    entering: {
      on: {
        'handle.read': [
          { guard: 'isOtherHandle' },
          { guard: 'hasNoPasid', target: 'deciding', actions: [...follow, 'fail'] },
          {
            guard: { type: 'mmHasUsers', params: faultIn },
            target: 'resolving',
            actions: [
              ...follow,
              { type: 'keepMm', params: ({ event }: ReadHandle) => ({ mm: event.mm }) },
              { type: 'getUsers', params: ({ event }: ReadHandle) => ({ mm: event.mm }) },
            ],
          },
          { target: 'deciding', actions: [...follow, 'fail'] },
        ],
      },
    },
    // mmap lock, for reading: VMA, permissions, fault
    resolving: {
      on: {
        step: [
          {
            guard: { type: 'resolves', params: faultHeld },
            target: 'leaving',
            actions: { type: 'resolve', params: faultHeld },
          },
          { target: 'leaving', actions: 'fail' },
        ],
      },
    },
    // no lock: the last put runs the process's end
    leaving: {
      on: {
        step: {
          target: 'deciding',
          actions: [
            { type: 'putUsers', params: ({ context }) => ({ mm: mmOf(context) }) },
            'passFault',
          ],
        },
      },
    },
    // fault parameter's lock
    responding: {
      on: {
        step: [
          { guard: 'respondsAlways', target: 'freeing', actions: [...answer] },
          {
            guard: { type: 'groupIsPending', params: ofGroupAndParam },
            target: 'freeing',
            actions: [...answer],
          },
          { target: 'freeing' },
        ],
      },
    },
    // no lock: the group is this worker's alone, the reference an atomic count
    freeing: {
      on: {
        step: {
          target: 'idle',
          actions: [
            { type: 'putReference', params: ofParam },
            { type: 'freeGroup', params: ofGroup },
            { type: 'finishWork', params: ofGroup },
            'forget',
          ],
        },
      },
    },
  },
});

export const faultWorkerHolds = holds({
  group: maybe(id('group')),
  param: maybe(count(FAULT_PARAMS_MODEL_MAX - 1)),
  handle: maybe(id('handle')),
  requests: list(PARTIALS_MODEL_MAX + 1, requestHolds),
  handled: count(PARTIALS_MODEL_MAX + 1),
  mm: maybe(id('mm')),
  code: oneOf(['success', 'invalid', 'failure']),
});
