/**
 * Fault worker: handles one group at a time in its process's address space and answers it once.
 *
 * Kernel:  drivers/iommu/iommu-sva.c, iommu_sva_handle_iopf(), iommu_sva_handle_mm();
 *          drivers/iommu/io-pgfault.c, iopf_group_response(), iopf_free_group().
 * Actor:   active, as many as work items may run at once; they are interchangeable.
 * Lock:    beside each state.
 * Effects: takeWork, startWork, dereferenceHandle, touchGroup, getUsers, resolve, putUsers, respond, unlink,
 *          putReference, freeGroup, finishWork.
 * Asks:    mmHasUsers, resolves, isLastUser, addressSpaceHasEnded, groupIsPending.
 *
 * The first fault that can't be served decides the answer, and the rest of the group is left alone. Putting the
 * users may be the last put: then the address space ends inside this worker, which goes on when that is over.
 */
import { FAULT_PARAMS_MODEL_MAX, PARTIALS_MODEL_MAX } from './fault-queue.ts';
import {
  answer,
  faultHeld,
  faultIn,
  follow,
  ofGroup,
  ofGroupAndParam,
  ofMm,
  ofParam,
  putUsers,
  type Read,
  type ReadHandle,
  worker,
} from './fault-worker-terms.ts';
import { requestHolds } from './page-request-queue.ts';
import { count, holds, id, list, maybe, oneOf } from './wiring-types.ts';

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
          { guard: 'lacksPasid', target: 'deciding', actions: [...follow, 'fail'] },
          {
            guard: 'raisesNoUsers',
            target: 'resolving',
            actions: [
              ...follow,
              { type: 'keepMm', params: ({ event }: ReadHandle) => ({ mm: event.mm }) },
            ],
          },
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
        step: [
          { guard: 'raisesNoUsers', target: 'deciding', actions: 'passFault' },
          { guard: { type: 'isLastUser', params: ofMm }, target: 'ending', actions: putUsers },
          { target: 'deciding', actions: [putUsers, 'passFault'] },
        ],
      },
    },
    // whatever the end of an address space takes: exit_mmap(), notifiers and all
    ending: {
      on: {
        step: {
          guard: { type: 'addressSpaceHasEnded', params: ofMm },
          target: 'deciding',
          actions: 'passFault',
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
