/**
 * Operation wiring: what the steps of a driver's list ask and do in a lifetime world.
 *
 * Policy: nobody sends page requests here, so ring and hardware are always drained; one group may be queued.
 */
import {
  type Answer,
  type Call,
  call,
  type Effects,
  offerFrom,
  unheard,
  where,
} from '../../../explore/wiring.ts';
import type { OperationMachine } from '../../../machines/operation.ts';
import type { OperationTarget } from '../../../machines/operation-terms.ts';
import { isFlushed } from '../../../machines/work-queue.ts';
import { type CacheName, operationOf, ticketOf } from './hardware.ts';
import type { LifetimeSlots } from './slots.ts';

/** What a bond takes of its address space, and gives back. */
export const heldMm = ({ mm, rules }: LifetimeSlots, of: number): Call =>
  call(mm, of, { type: rules.bondHolds === 'users' ? 'users.get' : 'structure.get' });
export const droppedMm = ({ mm, rules }: LifetimeSlots, of: number): Call =>
  call(mm, of, { type: rules.bondHolds === 'users' ? 'users.put' : 'structure.put' });

export function operationWiring(slots: LifetimeSlots) {
  const { faults, plan, notifier, domain, entry, slot, handle, queue, countedStates } = slots;
  const submit = (cache: CacheName) => (params: OperationTarget) => [
    call(queue, 0, {
      type: 'descriptors.submit',
      ticket: ticketOf(params.operation, cache),
      descriptors: 1,
      drain: false,
    }),
  ];
  const done: Answer = true;
  return {
    asks: {
      entryIsPresent: (of: OperationTarget) => [
        where(entry, of.device, ({ value }) => value === 'present'),
      ],
      entryOwesDrain: (of: OperationTarget) => [
        where(entry, of.device, (snapshot) => snapshot.hasTag('owes-drain')),
      ],
      invalidationIsDone: (of: OperationTarget) => [
        where(queue, 0, ({ context }) =>
          context.submissions.every(
            ({ ticket, done }) => done || operationOf(ticket) !== of.operation,
          ),
        ),
      ],
      releaseIsIdle: () =>
        plan.processes.map((_, process) =>
          where(notifier, process, (snapshot) => !snapshot.hasTag('release-running')),
        ),
      reportingIsOff: () => false,
      ringHasMine: () => false,
      passIsComplete: () => done,
      completionIsDone: () => done,
      workQueueIsFlushed: (of: OperationTarget) =>
        faults === undefined
          ? done
          : [where(faults.work, 0, ({ context }) => isFlushed(context, of.operation))],
      groupsAreFinished: (of: OperationTarget) =>
        faults === undefined
          ? done
          : [
              where(
                faults.group,
                0,
                ({ value, context }) =>
                  context.handle !== of.attachment || !countedStates.includes(String(value)),
              ),
            ],
      overflowIsSet: () => false,
      reportingIsSettled: () => done,
    },
    effects: {
      clearPresent: (of) => [call(entry, of.device, { type: 'present.clear' })],
      finishZeroing: (of) => [call(entry, of.device, { type: 'entry.zero' })],
      zeroEntry: (of) => [call(entry, of.device, { type: 'entry.zero' })],
      markFaultDisabled: (of) => [call(entry, of.device, { type: 'fault-disable.mark' })],
      markFaultDisabledIfPresent: (of) => [
        call(entry, of.device, { type: 'fault-disable.mark-if-present' }),
      ],
      programEntry: (of) => [
        call(entry, of.device, {
          type: 'entry.program',
          domain: of.attachment % plan.processes.length,
        }),
      ],
      reserveSlot: (of) => [call(slot, of.device, { type: 'slot.reserve' })],
      publishHandle: (of) => [
        call(slot, of.device, { type: 'handle.publish', handle: of.attachment }),
      ],
      eraseSlot: (of) => [call(slot, of.device, { type: 'slot.erase' })],
      submitPasidCacheInvalidation: submit('pasid-cache'),
      submitIotlbInvalidation: submit('iotlb'),
      submitDeviceTlbInvalidation: submit('device-tlb'),
      submitDrain: submit('device-tlb'),
      putDomain: (of) => [
        call(domain, of.attachment % plan.processes.length, { type: 'user.detached' }),
        droppedMm(slots, of.attachment % plan.processes.length),
      ],
      freeHandle: (of) => [call(handle, of.attachment, { type: 'handle.free' })],
      trackPasid: unheard,
      untrackPasid: unheard,
      enableReporting: unheard,
      dropReporting: unheard,
      discardPartials: unheard,
      answerInvalid: unheard,
      notePass: unheard,
      noteWorkQueue: (of) =>
        faults === undefined
          ? []
          : [call(faults.work, 0, { type: 'flush.begin', operation: of.operation })],
      rearmCompletion: unheard,
      consumeCompletion: unheard,
    } satisfies Effects<OperationMachine>,
  };
}

/** An operation goes on once somebody has begun it. */
export const runTakes = (runs: LifetimeSlots['attachRun']) => (index: number) => [
  offerFrom(runs, index, ({ value }) =>
    value === 'begun' ? { type: 'step' as const } : undefined,
  ),
];
