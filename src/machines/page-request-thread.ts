/**
 * Page request thread: takes requests out of one unit's ring, refuses the bad ones and reports the others.
 *
 * Kernel:  drivers/iommu/intel/prq.c, prq_event_thread(); drivers/iommu/io-pgfault.c,
 *          iommu_report_device_fault(), find_fault_handler(), report_partial_fault(), iopf_group_alloc().
 * Spec:    Intel VT-d, "Page Request Queue".
 * Actor:   active, one per IOMMU unit: a threaded, one-shot interrupt, so an event that comes during a pass waits.
 * Lock:    beside each state, the lock under which its step runs. All of `reporting` runs under the unit's lock on
 *          its device list (tag holds-device-lock), which is what keeps the device from being released.
 * Effects: acknowledge, advanceHead, respond, cancelPartials, takeReference, putReference, storePartial,
 *          buildGroup, assignHandle, dereferenceHandle, hand, respondGroup, unlinkGroup, freeGroup,
 *          discardPartials, clearOverflow, complete, return, trace, warn, ignore.
 * Asks:    handlerRefuses, groupIsPending, overflowIsSet, ringIsEmpty.
 *
 * What the thread reads of others comes in events, and each says of whom it speaks, so that the thread takes
 * only what it waits for. Whether `return` was IRQ_HANDLED is in advanceHead's count.
 */
import { and, assign, not, or, setup } from 'xstate';

import type { Pasid, RequesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { FAULT_PARAMS_MODEL_MAX } from './fault-queue.ts';
import {
  PRQ_MODEL_ENTRIES_MAX,
  type RequestRecord,
  type ResponseRecord,
  requestHolds,
} from './page-request-queue.ts';
import type { ReportRules } from './report-rules.ts';
import { count, type Errno, effect, holds, id, maybe, question, record } from './wiring-types.ts';

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

const thread = setup({
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
const isStopMarker = ({ last, access }: RequestRecord): boolean =>
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

const ofUnit = ({ context }: Of): Unit => ({ unit: context.unit });
const ofRequest = ({ context }: Of) => ({ request: requestOf(context) });
const ofParam = ({ context }: Of): Param => ({
  rid: requestOf(context).rid,
  param: paramOf(context),
});
const ofParamAndRequest = (of: Of) => ({ ...ofParam(of), ...ofRequest(of) });
const ofGroup = ({ context }: Of): Group => ({ group: groupOf(context) });
const ofGroupAndParam = (of: Of) => ({ ...ofParam(of), ...ofGroup(of) });
const ofGroupAndHandle = ({ context }: Of) => ({
  group: groupOf(context),
  handle: handleOf(context),
});

const acknowledge = { type: 'acknowledge', params: ofUnit } as const;
const respond = (code: PageResponseCode) =>
  ({
    type: 'respond',
    params: ({ context }: Of): ResponseRecord => ({ request: requestOf(context), code }),
  }) as const;
const respondRejected = {
  type: 'respond',
  params: ({ context }: Of): ResponseRecord => ({
    request: requestOf(context),
    code: context.reject.code,
  }),
} as const;
const cancelPartials = { type: 'cancelPartials', params: ofRequest } as const;
const putReference = { type: 'putReference', params: ofParam } as const;
const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;
const warn = (reason: string) => ({ type: 'warn', params: { reason } }) as const;
/** The end of a report: its result, and the driver's trace event for the request. */
const returns = (errno: Errno) =>
  [
    { type: 'return', params: { errno } },
    { type: 'trace', params: ofRequest },
  ] as const;
const keepHandle = {
  type: 'keepHandle',
  params: ({ event }: { readonly event: { readonly handle: number } }) => ({
    handle: event.handle,
  }),
} as const;
const keepGroup = {
  type: 'keepGroup',
  params: ({ event }: { readonly event: { readonly group: number | undefined } }): Group => {
    invariant(event.group !== undefined, 'a failed group allocation names no stack group');
    return { group: event.group };
  },
} as const;
const beginPass = {
  type: 'beginPass',
  params: ({ event }: { readonly event: { readonly tail: number } }) => ({ tail: event.tail }),
} as const;
const keepRequest = {
  type: 'keepRequest',
  params: ({ event }: { readonly event: { readonly request: RequestRecord } }) => ({
    request: event.request,
  }),
} as const;
const build = (onStack: boolean) =>
  ({
    type: 'buildGroup',
    params: (of: Of) => ({ ...ofGroupAndParam(of), ...ofRequest(of), onStack }),
  }) as const;
const abort = [
  { type: 'respondGroup', params: (of: Of) => ({ ...ofGroup(of), code: 'failure' as const }) },
  { type: 'unlinkGroup', params: ofGroupAndParam },
] as const;
const callHandler = [
  { type: 'assignHandle', params: ofGroupAndHandle },
  { type: 'dereferenceHandle', params: ({ context }: Of) => ({ handle: handleOf(context) }) },
] as const;
const TAKEN = '#page-request-thread.pass.taken';

export const pageRequestThreadMachine = thread.createMachine({
  id: 'page-request-thread',
  options: { maxIterations: 1000 },
  context: ({ input }) => ({
    ...input,
    remaining: 0,
    position: 0,
    request: undefined,
    handle: undefined,
    param: undefined,
    group: undefined,
  }),
  initial: 'idle',
  states: {
    idle: {
      on: {
        'interrupt.received': [
          { guard: 'acknowledgesFirst', target: 'pass' },
          { target: 'pass.reading' },
        ],
      },
    },
    pass: {
      tags: 'in-pass',
      initial: 'acknowledging',
      states: {
        // no lock: one register write
        acknowledging: {
          on: {
            step: [
              { guard: 'acknowledgesFirst', target: 'reading', actions: acknowledge },
              { target: 'choosing', actions: acknowledge },
            ],
          },
        },
        // no lock: tail, then head, which only this thread moves
        reading: {
          on: {
            'tail.read': [
              { guard: 'acknowledgesFirst', target: 'choosing', actions: beginPass },
              { target: 'acknowledging', actions: beginPass },
            ],
          },
        },
        choosing: {
          always: [
            { guard: 'passGoesOn', target: 'fetching' },
            { guard: 'movesHeadPerPass', target: 'advancing' },
            { target: 'checkingOverflow' },
          ],
        },
        // no lock: the entry is the thread's until the head passes it
        fetching: {
          on: {
            'entry.read': [
              { guard: 'nextStaysInRing', target: 'judging', actions: keepRequest },
              {
                guard: 'isNext',
                target: 'judging',
                actions: [
                  keepRequest,
                  {
                    type: 'advanceHead',
                    params: ({ context }) => ({ unit: context.unit, count: 1 }),
                  },
                ],
              },
            ],
          },
        },
        // The checks look at the descriptor alone; what fails them can't be a stop marker any more.
        judging: {
          always: [
            {
              guard: 'isBadBeforeLookup',
              target: 'rejected',
              actions: warn('the request is malformed'),
            },
            {
              guard: 'isStopMarker',
              target: 'taken',
              actions: ignore('a stop marker is never answered'),
            },
            { target: 'lookingUp' },
          ],
        },
        rejected: {
          always: [
            { guard: 'lastCancelsPartials', target: 'cancelling' },
            { guard: 'answersRejected', target: 'rejecting' },
            { target: 'taken', actions: ignore('not the last of its group') },
          ],
        },
        // fault parameter's lock
        cancelling: { on: { step: { target: 'rejecting', actions: cancelPartials } } },
        // hardware command queue's lock
        rejecting: { on: { step: { target: 'taken', actions: respondRejected } } },
        // lock of the device list, held until the report returns
        lookingUp: {
          on: {
            'device.found': [
              {
                guard: 'foundButBad',
                target: 'rejected',
                actions: warn('the request is malformed'),
              },
              { guard: 'isAboutDevice', target: 'reporting' },
            ],
            'device.missing': [
              {
                guard: 'unknownIsRefused',
                target: 'rejected',
                actions: warn('no device has this requester id'),
              },
              {
                guard: 'isAboutDevice',
                target: 'taken',
                actions: ignore('no device has this requester id'),
              },
            ],
          },
        },
        reporting: {
          tags: 'holds-device-lock',
          initial: 'findingHandle',
          states: {
            // attach-handle store's lock; nothing holds the handle once it is let go
            findingHandle: {
              on: {
                'handle.found': [
                  { guard: 'slotHandles', target: 'takingParam', actions: keepHandle },
                  { guard: 'isAboutSlot', target: 'unhandled' },
                ],
                'handle.missing': [
                  { guard: 'functionMayHandle', target: 'findingFunctionHandle' },
                  { guard: 'isAboutSlot', target: 'unhandled' },
                ],
              },
            },
            // attach-handle store's lock; only a nested domain is found here
            findingFunctionHandle: {
              on: {
                'handle.found': [
                  { guard: 'functionHandles', target: 'takingParam', actions: keepHandle },
                  { guard: 'isAboutFunction', target: 'unhandled' },
                ],
                'handle.missing': { guard: 'isAboutFunction', target: 'unhandled' },
              },
            },
            // RCU: read, and counted unless it is zero
            takingParam: {
              on: {
                'param.found': {
                  guard: 'isAboutDevice',
                  target: 'sorting',
                  actions: [
                    { type: 'keepParam', params: ({ event }) => ({ param: event.param }) },
                    { type: 'takeReference', params: ofParam },
                  ],
                },
                'param.missing': {
                  guard: 'isAboutDevice',
                  target: 'unhandled',
                  actions: ['forgetHandle', warn('the device is on no fault queue')],
                },
              },
            },
            sorting: {
              always: [{ guard: 'isLast', target: 'building' }, { target: 'storing' }],
            },
            unhandled: {
              always: [
                { guard: 'lastCancelsPartials', target: 'cancelling' },
                { guard: 'answersUnhandled', target: 'answering' },
                { target: TAKEN, actions: [...returns('EINVAL')] },
              ],
            },
            // fault parameter's lock
            cancelling: { on: { step: { target: 'answering', actions: cancelPartials } } },
            // hardware command queue's lock
            answering: {
              on: {
                step: { target: TAKEN, actions: [respond('invalid'), ...returns('EINVAL')] },
              },
            },
            // fault parameter's lock
            storing: {
              on: {
                step: [
                  {
                    guard: 'returnsAfterPartial',
                    target: 'releasing',
                    actions: { type: 'storePartial', params: ofParamAndRequest },
                  },
                  {
                    target: 'building',
                    actions: { type: 'storePartial', params: ofParamAndRequest },
                  },
                ],
                'allocation.failed': 'releasingUnstored',
              },
            },
            // no lock: an atomic count
            releasing: { on: { step: { target: TAKEN, actions: [putReference, ...returns(0)] } } },
            releasingUnstored: {
              on: { step: { target: TAKEN, actions: [putReference, ...returns('ENOMEM')] } },
            },
            // fault parameter's lock; the group takes the reference over
            building: {
              on: {
                'group.allocated': { target: 'handing', actions: [keepGroup, build(false)] },
                'allocation.failed': {
                  guard: 'hasStackGroup',
                  target: 'aborting',
                  actions: ['forgetHandle', keepGroup, build(true)],
                },
              },
            },
            // no lock: the handle's domain is read and its handler called
            handing: {
              on: {
                step: [
                  {
                    guard: { type: 'handlerRefuses', params: ofGroupAndHandle },
                    target: 'aborting',
                    actions: [...callHandler, 'forgetHandle'],
                  },
                  {
                    target: TAKEN,
                    actions: [
                      ...callHandler,
                      { type: 'hand', params: ofGroupAndHandle },
                      ...returns(0),
                    ],
                  },
                ],
              },
            },
            // fault parameter's lock
            aborting: {
              on: {
                step: [
                  {
                    guard: 'respondsAlways',
                    target: 'freeing',
                    actions: [warn('the group is aborted'), ...abort],
                  },
                  {
                    guard: { type: 'groupIsPending', params: ofGroupAndParam },
                    target: 'freeing',
                    actions: [warn('the group is aborted'), ...abort],
                  },
                  { target: 'freeing', actions: warn('the group is aborted') },
                ],
              },
            },
            // no lock: the group is the thread's alone, the reference an atomic count
            freeing: {
              on: {
                step: {
                  target: TAKEN,
                  actions: [putReference, { type: 'freeGroup', params: ofGroup }, ...returns(0)],
                },
              },
            },
          },
        },
        taken: {
          always: [
            {
              guard: 'movesHeadPerPass',
              target: 'choosing',
              actions: ['forgetEntry', 'passEntry'],
            },
            { target: 'choosing', actions: 'forgetEntry' },
          ],
        },
        // no lock: one register write; up to here a drain sees all of this pass's entries
        advancing: {
          on: {
            step: {
              target: 'checkingOverflow',
              actions: [
                {
                  type: 'advanceHead',
                  params: ({ context }) => ({ unit: context.unit, count: context.position }),
                },
                'endPass',
              ],
            },
          },
        },
        // no lock: one register read
        checkingOverflow: {
          on: {
            step: [
              {
                guard: { type: 'overflowIsSet', params: ofUnit },
                target: 'comparing',
                actions: warn('the page request queue overflowed'),
              },
              { target: 'completing' },
            ],
          },
        },
        // no lock: head and tail are read again
        comparing: {
          on: {
            step: [
              { guard: { type: 'ringIsEmpty', params: ofUnit }, target: 'recovering' },
              { target: 'completing' },
            ],
          },
        },
        recovering: {
          always: [{ guard: 'discardsFirst', target: 'discarding' }, { target: 'clearing' }],
        },
        // fault queue's lock, and each fault parameter's
        discarding: {
          on: {
            step: [
              {
                guard: 'clearsFirst',
                target: 'completing',
                actions: { type: 'discardPartials', params: ofUnit },
              },
              { target: 'clearing', actions: { type: 'discardPartials', params: ofUnit } },
            ],
          },
        },
        // no lock: one register write, which reopens reception
        clearing: {
          on: {
            step: [
              {
                guard: 'discardsLast',
                target: 'discarding',
                actions: { type: 'clearOverflow', params: ofUnit },
              },
              { target: 'completing', actions: { type: 'clearOverflow', params: ofUnit } },
            ],
          },
        },
        // the completion's own lock
        completing: {
          on: {
            step: {
              target: '#page-request-thread.idle',
              actions: { type: 'complete', params: ofUnit },
            },
          },
        },
      },
    },
  },
});

export const pageRequestThreadHolds = holds({
  remaining: count(PRQ_MODEL_ENTRIES_MAX),
  position: count(PRQ_MODEL_ENTRIES_MAX),
  request: maybe(record(requestHolds)),
  handle: maybe(id('handle')),
  param: maybe(count(FAULT_PARAMS_MODEL_MAX - 1)),
  group: maybe(id('group')),
});
