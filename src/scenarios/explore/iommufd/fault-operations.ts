/**
 * Fault operations: detach and replace by the mock driver's lists, each under the device's semaphore.
 */
import { type Call, call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, type Part } from '../../../explore/world.ts';
import type { OperationTarget } from '../../../machines/operation.ts';
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
            where(semaphore, 0, ({ context }) => !context.held),
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
  const { gate, slot, handle, reporting, deliverList, responses } = kinds;
  const plan = OPERATIONS[at] ?? OPERATIONS[0];
  const wants = call(gate, at, { type: 'mutex.wanted' });
  const attached = ({ attachment }: OperationTarget): number => attachment;
  const put = (): readonly Call[] => [call(kinds.object, 0, { type: 'users.put' })];
  const drop = (): readonly Call[] => [call(reporting, 0, { type: 'reporting.disable' })];
  return actor(operation, {
    takes: () => [
      offerFrom(gate, at, ({ context: { open, wants, held } }) =>
        open && !(wants && held) ? { type: 'step' as const } : undefined,
      ),
    ],
    effects: {
      allocateHandle: () => [call(handle, plan.handle ?? 0, { type: 'handle.allocate' })],
      programEntry: unheard,
      zeroEntry: unheard,
      getDomain: () => [call(kinds.object, 0, { type: 'users.get' })],
      enableReporting: () => [call(reporting, 0, { type: 'reporting.enable' })],
      dropReporting: drop,
      dropOldReporting: drop,
      replaceHandle: (target) => [
        call(slot, attached(target), { type: 'handle.replace', handle: plan.handle ?? 0 }),
        wants,
      ],
      eraseSlot: (target) => [call(slot, attached(target), { type: 'slot.erase' }), wants],
      answerInvalid: () => [
        call(deliverList, 0, { type: 'handle.sweep', handle: plan.oldHandle }),
        call(responses, 0, { type: 'handle.sweep', handle: plan.oldHandle }),
        call(gate, at, { type: 'mutex.passed' }),
      ],
      putDomain: put,
      putOldDomain: put,
      freeHandle: () => [
        call(handle, plan.oldHandle, { type: 'handle.free' }),
        call(kinds.semaphore, 0, { type: 'lock.drop' }),
      ],
    },
  });
}
