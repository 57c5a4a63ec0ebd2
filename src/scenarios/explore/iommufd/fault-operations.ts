/**
 * Fault operations: detach and replace by the mock driver's lists, each under the device's semaphore.
 */
import { invariant } from '../../../core/invariant.ts';
import { type Call, call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import type { OperationTarget } from '../../../machines/operation-terms.ts';
import { type FaultKinds, OPERATIONS } from './fault-kinds.ts';

export function faultOperationParts(kinds: FaultKinds): readonly Part[] {
  const { taker, semaphore, gate, operations } = kinds;
  return [
    actor(taker, {
      takes: () => [offer({ type: 'step' })],
      asks: {
        mayLock: (_, index) => {
          const after = OPERATIONS[index]?.after;
          const before = after === undefined ? undefined : operations[after];
          return [
            where(semaphore, 0, ({ value }) => value === 'free'),
            ...(before === undefined ? [] : [where(before, 0, ({ status }) => status === 'done')]),
          ];
        },
      },
      effects: {
        lock: (_, index) => [
          call(semaphore, 0, { type: 'lock.take' }),
          call(gate, index, { type: 'gate.open' }),
        ],
      },
    }),
    ...operations.map((operation, at) => operationPart(kinds, operation, at)),
  ];
}

function operationPart(
  kinds: FaultKinds,
  operation: FaultKinds['operations'][number],
  at: number,
): Part {
  const { handle: allocated, oldHandle: freed } = planOf(at);
  const { gate, slot, handle, reporting, deliverList, responses } = kinds;
  const wants = call(gate, at, { type: 'mutex.wanted' });
  const attached = ({ attachment }: OperationTarget): number => attachment;
  // With a PASID's last attachment its page table is destroyed, which used the queue.
  const isLast = OPERATIONS.every(({ after }) => after !== at);
  const unlock = call(kinds.semaphore, 0, { type: 'lock.drop' });
  const drop = (): readonly Call[] => [call(reporting, 0, { type: 'reporting.disable' })];
  return actor(operation, {
    takes: () => [
      offerFrom(gate, at, ({ context: { open, wants, held } }) =>
        open && !(wants && held) ? { type: 'step' as const } : undefined,
      ),
    ],
    effects: {
      allocateHandle: () => of(allocated, (to) => [call(handle, to, { type: 'handle.allocate' })]),
      reserveSlot: (target) => [call(slot, attached(target), { type: 'slot.reserve' })],
      publishHandle: (target) =>
        of(allocated, (to) => [
          call(slot, attached(target), { type: 'handle.publish', handle: to }),
          unlock,
        ]),
      programEntry: unheard,
      zeroEntry: unheard,
      getDomain: unheard,
      enableReporting: () => [call(reporting, 0, { type: 'reporting.enable' })],
      dropReporting: drop,
      dropOldReporting: drop,
      replaceHandle: (target) =>
        of(allocated, (to) => [
          call(slot, attached(target), { type: 'handle.replace', handle: to }),
          wants,
        ]),
      eraseSlot: (target) => [call(slot, attached(target), { type: 'slot.erase' }), wants],
      answerInvalid: () =>
        of(freed, (from) => [
          call(deliverList, 0, { type: 'handle.sweep', handle: from }),
          call(responses, 0, { type: 'handle.sweep', handle: from }),
          call(gate, at, { type: 'mutex.passed' }),
        ]),
      putDomain: () => (isLast ? [call(kinds.object, 0, { type: 'users.put' })] : []),
      putOldDomain: unheard,
      freeHandle: () => of(freed, (from) => [call(handle, from, { type: 'handle.free' }), unlock]),
    },
  });
}

function planOf(at: number): (typeof OPERATIONS)[number] {
  const plan = OPERATIONS[at];
  invariant(plan !== undefined, `there is no operation ${at}`);
  return plan;
}

/** Calls about a handle the operation has. */
function of(
  handle: number | undefined,
  calls: (handle: number) => readonly Call[],
): readonly Call[] {
  invariant(handle !== undefined, 'the operation has no such handle');
  return calls(handle);
}
