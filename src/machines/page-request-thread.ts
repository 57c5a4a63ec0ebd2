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
import { FAULT_PARAMS_MODEL_MAX } from './fault-queue.ts';
import { PRQ_MODEL_ENTRIES_MAX, requestHolds } from './page-request-queue.ts';
import {
  abort,
  acknowledge,
  beginPass,
  build,
  callHandler,
  cancelPartials,
  ignore,
  keepGroup,
  keepHandle,
  keepRequest,
  ofGroup,
  ofGroupAndHandle,
  ofGroupAndParam,
  ofParam,
  ofParamAndRequest,
  ofUnit,
  putReference,
  respond,
  respondRejected,
  returns,
  thread,
  warn,
} from './page-request-thread-terms.ts';
import { count, holds, id, maybe, record } from './wiring-types.ts';

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
                { guard: 'dropsUnhandled', target: TAKEN },
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
