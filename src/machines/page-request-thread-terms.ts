/**
 * Terms of the page request thread: its events, what it is told at its start, its effects, questions and guards.
 *
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread(), intel_iommu_page_response();
 *         drivers/iommu/io-pgfault.c, iommu_report_device_fault().
 *
 * The chart is in page-request-thread.ts; here is what its words mean.
 */
import { and, assign, not, or, setup } from 'xstate';

import type { Pasid, RequesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import type { RequestRecord, ResponseRecord } from './page-request-queue.ts';
import type { ReportRules } from './report-rules.ts';
import { type Errno, effect, question } from './wiring-types.ts';

export type PageRequestThreadEvent =
  | { readonly type: 'interrupt.received' } //                        from page request queue
  | { readonly type: 'step' } //                                      from the scheduler
  /** Requests between head and tail. */
  | { readonly type: 'tail.read'; readonly tail: number } //          from page request queue
  /** The request `position` entries behind the head. */
  | {
      readonly type: 'entry.read'; //                                 from page request queue
      readonly position: number;
      readonly request: RequestRecord;
    }
  | { readonly type: 'device.found'; readonly rid: RequesterId } //   from the unit's device list
  | { readonly type: 'device.missing'; readonly rid: RequesterId } // from the unit's device list
  /** `pasid` undefined: the slot of the function itself. */
  | {
      readonly type: 'handle.found'; //                               from PASID attachment
      readonly rid: RequesterId;
      readonly pasid: Pasid | undefined;
      readonly handle: number;
      readonly hasHandler: boolean;
    }
  | {
      readonly type: 'handle.missing'; //                             from PASID attachment
      readonly rid: RequesterId;
      readonly pasid: Pasid | undefined;
    }
  | { readonly type: 'param.found'; readonly rid: RequesterId; readonly param: number } // from fault queue
  | { readonly type: 'param.missing'; readonly rid: RequesterId } //  from fault queue
  | { readonly type: 'group.allocated'; readonly group: number } //   from the lowest free group slot
  /** `group`: the slot that stands for the group on the thread's stack; none when a partial's copy failed. */
  | { readonly type: 'allocation.failed'; readonly group: number | undefined }; // from the scheduler, a choice

/** What the driver refuses before the core hears of it. */
export type RequestChecks = {
  /** Width of a canonical address; undefined: any address will do. */
  readonly canonicalBits: number | undefined;
  /** Privileged reads and writes, and reads that also execute, are refused. */
  readonly refusesPrivileged: boolean;
  /** A request without a PASID is refused, and so is PASID 0. */
  readonly requiresPasid: boolean;
  /** PASIDs from here on are refused; undefined: none. */
  readonly pasidsMax: number | undefined;
  /** A stop marker is known for what it is. */
  readonly dropsStopMarkers: boolean;
  /** The device is looked up before anything else is checked. */
  readonly afterLookup: boolean;
};

/** How the driver answers what it refuses. */
export type RejectPolicy = {
  readonly code: PageResponseCode;
  /** Refused requests are answered even if they aren't the last of their group. */
  readonly answerNonLast: boolean;
  /** A request of an unknown device is refused like any other, or dropped without a word. */
  readonly unknownDevice: 'refuse' | 'ignore';
};

export type PageRequestThreadInput = {
  readonly unit: number;
  readonly rules: ReportRules;
  readonly checks: RequestChecks;
  readonly reject: RejectPolicy;
  /** A PASID without a handler of its own may be handled by the nested domain of the function. */
  readonly userPasidTable: boolean;
};

type Context = PageRequestThreadInput & {
  /** Entries of this pass not yet taken. */
  readonly remaining: number;
  /** Entries of this pass taken while the head stood still. */
  readonly position: number;
  readonly request: RequestRecord | undefined;
  readonly handle: number | undefined;
  readonly param: number | undefined;
  readonly group: number | undefined;
};

type Of = { readonly context: Context };
type Unit = { readonly unit: number };
type Param = { readonly rid: RequesterId; readonly param: number };
type Group = { readonly group: number };

export const thread = setup({
  types: {
    context: {} as Context,
    events: {} as PageRequestThreadEvent,
    input: {} as PageRequestThreadInput,
    tags: '' as 'in-pass' | 'holds-device-lock',
  },
  actions: {
    beginPass: assign((_, params: { readonly tail: number }) => ({ remaining: params.tail })),
    keepRequest: assign(({ context }, params: { readonly request: RequestRecord }) => ({
      request: params.request,
      remaining: context.remaining - 1,
    })),
    passEntry: assign({ position: ({ context }) => context.position + 1 }),
    endPass: assign({ position: 0 }),
    keepHandle: assign((_, params: { readonly handle: number }) => ({ handle: params.handle })),
    keepParam: assign((_, params: { readonly param: number }) => ({ param: params.param })),
    keepGroup: assign((_, params: Group) => ({ group: params.group })),
    forgetHandle: assign({ handle: undefined }),
    forgetEntry: assign({
      request: undefined,
      handle: undefined,
      param: undefined,
      group: undefined,
    }),
    acknowledge: effect<Unit>(),
    advanceHead: effect<Unit & { readonly count: number }>(),
    respond: effect<ResponseRecord>(),
    cancelPartials: effect<{ readonly request: RequestRecord }>(),
    takeReference: effect<Param>(),
    putReference: effect<Param>(),
    storePartial: effect<Param & { readonly request: RequestRecord }>(),
    buildGroup: effect<
      Param & Group & { readonly request: RequestRecord; readonly onStack: boolean }
    >(),
    assignHandle: effect<Group & { readonly handle: number }>(),
    dereferenceHandle: effect<{ readonly handle: number }>(),
    hand: effect<Group & { readonly handle: number }>(),
    respondGroup: effect<Group & { readonly code: PageResponseCode }>(),
    unlinkGroup: effect<Param & Group>(),
    freeGroup: effect<Group>(),
    discardPartials: effect<Unit>(),
    clearOverflow: effect<Unit>(),
    complete: effect<Unit>(),
    return: effect<{ readonly errno: Errno }>(),
    trace: effect<{ readonly request: RequestRecord }>(),
    warn: effect<{ readonly reason: string }>(),
    ignore: effect<{ readonly reason: string }>(),
  },
  guards: {
    acknowledgesFirst: ({ context }) => context.rules.acknowledgeBeforeRead,
    movesHeadPerPass: ({ context }) => context.rules.headMovesPerPass,
    passGoesOn: ({ context }) => context.remaining > 0,
    isNext: ({ context, event }) =>
      event.type === 'entry.read' && event.position === context.position,
    nextStaysInRing: and(['isNext', 'movesHeadPerPass']),
    isBadBeforeLookup: ({ context }) =>
      !context.checks.afterLookup && isBad(requestOf(context), context.checks),
    isBadAfterLookup: ({ context }) =>
      context.checks.afterLookup && isBad(requestOf(context), context.checks),
    isStopMarker: ({ context }) =>
      context.checks.dropsStopMarkers && isStopMarker(requestOf(context)),
    isAboutDevice: ({ context, event }) => 'rid' in event && event.rid === context.request?.rid,
    isAboutPasid: ({ context, event }) =>
      'pasid' in event && event.pasid === context.request?.pasid,
    isAboutNoPasid: ({ event }) => 'pasid' in event && event.pasid === undefined,
    isAboutSlot: and(['isAboutDevice', 'isAboutPasid']),
    isAboutFunction: and(['isAboutDevice', 'isAboutNoPasid']),
    hasHandler: ({ event }) => event.type === 'handle.found' && event.hasHandler,
    mayAskFunction: ({ context }) => context.userPasidTable && context.request?.pasid !== undefined,
    slotHandles: and(['isAboutSlot', 'hasHandler']),
    functionMayHandle: and(['isAboutSlot', 'mayAskFunction']),
    functionHandles: and(['isAboutFunction', 'hasHandler']),
    foundButBad: and(['isAboutDevice', 'isBadAfterLookup']),
    refusesUnknown: ({ context }) => context.reject.unknownDevice === 'refuse',
    unknownIsRefused: and(['isAboutDevice', 'refusesUnknown']),
    isLast: ({ context }) => context.request?.last === true,
    cancelsPartials: ({ context }) => context.rules.cancelPartialsOnReject,
    dropsUnhandled: ({ context }) => !context.rules.answerUnhandled,
    lastCancelsPartials: and(['isLast', 'cancelsPartials']),
    rejectsAll: ({ context }) => context.reject.answerNonLast,
    answersRejected: or(['isLast', 'rejectsAll']),
    answersPartials: ({ context }) => context.rules.answerPartialsWithoutHandler,
    answersUnhandled: or(['isLast', 'answersPartials']),
    returnsAfterPartial: ({ context }) => context.rules.returnAfterPartial,
    hasStackGroup: ({ event }) => event.type === 'allocation.failed' && event.group !== undefined,
    respondsAlways: ({ context }) => !context.rules.respondOnlyWhilePending,
    discards: ({ context }) => context.rules.discardOnOverflow,
    clearsFirst: ({ context }) => context.rules.clearOverflowBeforeDiscard,
    discardsFirst: and(['discards', not('clearsFirst')]),
    discardsLast: and(['discards', 'clearsFirst']),
    handlerRefuses: question<Group & { readonly handle: number }>('handlerRefuses'),
    groupIsPending: question<Param & Group>('groupIsPending'),
    overflowIsSet: question<Unit>('overflowIsSet'),
    ringIsEmpty: question<Unit>('ringIsEmpty'),
  },
});

/** Whether bits 63 to `bits` - 1 of the address are all alike; a page frame number holds bits 63 to 12. */
function isCanonical(iovaPfn: number, bits: number): boolean {
  const top = Math.floor(iovaPfn / 2 ** (bits - 1 - 12));
  return top === 0 || top === 2 ** (64 - bits + 1) - 1;
}

/** The checks a driver makes on the descriptor alone; their order doesn't matter, the answer is the same. */
function isBad(request: RequestRecord, checks: RequestChecks): boolean {
  const { read, write, exec, privileged } = request.access;
  return (
    (checks.canonicalBits !== undefined && !isCanonical(request.iovaPfn, checks.canonicalBits)) ||
    (checks.refusesPrivileged && privileged && (read || write)) ||
    (checks.refusesPrivileged && exec && read) ||
    (checks.requiresPasid && (request.pasid === undefined || request.pasid === 0)) ||
    (checks.pasidsMax !== undefined &&
      request.pasid !== undefined &&
      request.pasid >= checks.pasidsMax)
  );
}

/** Last, and neither read nor write: execute and privileged alone don't make it a request. */
export const isStopMarker = ({ last, access }: RequestRecord): boolean =>
  last && !access.read && !access.write;

function requestOf(context: Context): RequestRecord {
  invariant(context.request !== undefined, 'the thread has no request in hand');
  return context.request;
}
function paramOf(context: Context): number {
  invariant(context.param !== undefined, 'the thread has no fault parameter in hand');
  return context.param;
}
function handleOf(context: Context): number {
  invariant(context.handle !== undefined, 'the thread has no attach handle in hand');
  return context.handle;
}
function groupOf(context: Context): number {
  invariant(context.group !== undefined, 'the thread has no group in hand');
  return context.group;
}

export const ofUnit = ({ context }: Of): Unit => ({ unit: context.unit });
const ofRequest = ({ context }: Of) => ({ request: requestOf(context) });
export const ofParam = ({ context }: Of): Param => ({
  rid: requestOf(context).rid,
  param: paramOf(context),
});
export const ofParamAndRequest = (of: Of) => ({ ...ofParam(of), ...ofRequest(of) });
export const ofGroup = ({ context }: Of): Group => ({ group: groupOf(context) });
export const ofGroupAndParam = (of: Of) => ({ ...ofParam(of), ...ofGroup(of) });
export const ofGroupAndHandle = ({ context }: Of) => ({
  group: groupOf(context),
  handle: handleOf(context),
});

export const acknowledge = { type: 'acknowledge', params: ofUnit } as const;
export const respond = (code: PageResponseCode) =>
  ({
    type: 'respond',
    params: ({ context }: Of): ResponseRecord => ({ request: requestOf(context), code }),
  }) as const;
export const respondRejected = {
  type: 'respond',
  params: ({ context }: Of): ResponseRecord => ({
    request: requestOf(context),
    code: context.reject.code,
  }),
} as const;
export const cancelPartials = { type: 'cancelPartials', params: ofRequest } as const;
export const putReference = { type: 'putReference', params: ofParam } as const;
export const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;
export const warn = (reason: string) => ({ type: 'warn', params: { reason } }) as const;
/** The end of a report: its result, and the driver's trace event for the request. */
export const returns = (errno: Errno) =>
  [
    { type: 'return', params: { errno } },
    { type: 'trace', params: ofRequest },
  ] as const;
export const keepHandle = {
  type: 'keepHandle',
  params: ({ event }: { readonly event: { readonly handle: number } }) => ({
    handle: event.handle,
  }),
} as const;
export const keepGroup = {
  type: 'keepGroup',
  params: ({ event }: { readonly event: { readonly group: number | undefined } }): Group => {
    invariant(event.group !== undefined, 'a failed group allocation names no stack group');
    return { group: event.group };
  },
} as const;
export const beginPass = {
  type: 'beginPass',
  params: ({ event }: { readonly event: { readonly tail: number } }) => ({ tail: event.tail }),
} as const;
export const keepRequest = {
  type: 'keepRequest',
  params: ({ event }: { readonly event: { readonly request: RequestRecord } }) => ({
    request: event.request,
  }),
} as const;
export const build = (onStack: boolean) =>
  ({
    type: 'buildGroup',
    params: (of: Of) => ({ ...ofGroupAndParam(of), ...ofRequest(of), onStack }),
  }) as const;
export const abort = [
  { type: 'respondGroup', params: (of: Of) => ({ ...ofGroup(of), code: 'failure' as const }) },
  { type: 'unlinkGroup', params: ofGroupAndParam },
] as const;
export const callHandler = [
  { type: 'assignHandle', params: ofGroupAndHandle },
  { type: 'dereferenceHandle', params: ({ context }: Of) => ({ handle: handleOf(context) }) },
] as const;
