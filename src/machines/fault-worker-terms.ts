/**
 * Terms of the fault worker: its events, what it holds, its effects, questions and guards.
 *
 * Kernel: drivers/iommu/iommu-sva.c, iommu_sva_handle_iopf(), iommu_sva_handle_mm().
 *
 * The chart is in fault-worker.ts; here is what its words mean.
 */
import { assign, setup } from 'xstate';

import type { RequesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import type { RequestRecord } from './page-request-queue.ts';
import type { ReportRules } from './report-rules.ts';
import { effect, question } from './wiring-types.ts';

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
  | {
      readonly type: 'handle.read'; //                        from attach handle
      readonly handle: number;
      /** The address space of the handle's domain. */
      readonly mm: number;
      /** Not an SVA handler's: a request needs no PASID. */
      readonly takesNoPasid?: boolean;
    }
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

export type Of = { readonly context: Context };
type Group = { readonly group: number };
type Param = { readonly rid: RequesterId; readonly param: number };
type Mm = { readonly mm: number };
type Fault = Mm & { readonly request: RequestRecord };
export type Read = { readonly event: Extract<FaultWorkerEvent, { type: 'group.read' }> };
export type ReadHandle = { readonly event: Mm };

export const worker = setup({
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
    lacksPasid: ({ context, event }) =>
      event.type === 'handle.read' &&
      event.takesNoPasid !== true &&
      faultOf(context).pasid === undefined,
    isDone: ({ context }) =>
      context.code !== 'success' || context.handled === context.requests.length,
    raisesNoUsers: ({ context }) => !context.rules.raiseUsersFirst,
    respondsAlways: ({ context }) => !context.rules.respondOnlyWhilePending,
    mmHasUsers: question<Fault>('mmHasUsers'),
    resolves: question<Fault>('resolves'),
    isLastUser: question<Mm>('isLastUser'),
    addressSpaceHasEnded: question<Mm>('addressSpaceHasEnded'),
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

export const ofGroup = ({ context }: Of): Group => ({ group: groupOf(context) });
export const ofParam = ({ context }: Of): Param => {
  const rid = context.requests.at(-1)?.rid;
  invariant(rid !== undefined && context.param !== undefined, 'the worker has read no group');
  return { rid, param: context.param };
};
export const ofGroupAndParam = (of: Of): Group & Param => ({ ...ofGroup(of), ...ofParam(of) });
export const faultIn = ({ context, event }: Of & ReadHandle): Fault => ({
  mm: event.mm,
  request: faultOf(context),
});
export const ofMm = ({ context }: Of): Mm => ({ mm: mmOf(context) });
export const putUsers = { type: 'putUsers', params: ofMm } as const;
export const faultHeld = ({ context }: Of): Fault => ({
  mm: mmOf(context),
  request: faultOf(context),
});
/** Group and handle are followed anew for each fault: `group->attach_handle->domain->mm`. */
export const follow = [
  { type: 'touchGroup', params: ofGroup },
  { type: 'dereferenceHandle', params: ({ context }: Of) => ({ handle: handleOf(context) }) },
] as const;
export const answer = [
  { type: 'respond', params: (of: Of) => ({ ...ofGroup(of), code: of.context.code }) },
  { type: 'unlink', params: ofGroupAndParam },
] as const;
