/**
 * context-entry-torn-clear: hardware fetches an entry word by word while software takes it down.
 *
 * The teardown is the operation machine's; repaired, the rest is zeroed only when the invalidation is done, and that
 * is done only when no fetch is under way. Defective, the word without the present bit is zeroed first.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { contextEntryHolds, contextEntryMachine } from '../../../machines/context-entry.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import type { OperationStep } from '../../../machines/operation-steps.ts';
import { flags } from '../flag.ts';
import { hardwareOf } from './thread.ts';

const REPAIRED: readonly OperationStep[] = ['block-entry', 'invalidate-context', 'zero-entry'];
const DEFECTIVE: readonly OperationStep[] = ['zero-entry', 'block-entry', 'invalidate-context'];

export function contextEntryWorld(defective: boolean): World {
  const entry = alike('entry', contextEntryMachine, contextEntryHolds, 1);
  const fetch = flags('fetch');
  const machine = operationMachine('teardown', defective ? DEFECTIVE : REPAIRED);
  const teardown = slotKind('teardown', machine, operationHolds, [
    { operation: 0, device: 0, attachment: 0 },
  ]);
  const isPresent = () => where(entry, 0, (of) => of.hasTag('present'));

  return {
    name: 'context entry, cleared under a fetch',
    before: [call(entry, 0, { type: 'entry.program' })],
    sightings: [
      {
        id: 'fetch-under-teardown',
        sentence: 'a fetch is under way when the present bit is cleared',
        reads: [fetch.isSet(), where(entry, 0, (of) => !of.hasTag('present'))],
      },
    ],
    parts: [
      actor(teardown, {
        takes: () => [offer({ type: 'step' })],
        asks: {
          entryIsPresent: () => [isPresent()],
          entryOwesDrain: () => false,
          invalidationIsDone: () => [fetch.isClear()],
        },
        effects: {
          finishZeroing: () => [call(entry, 0, { type: 'entry.zero' })],
          clearPresent: () => [call(entry, 0, { type: 'present.clear' })],
          submitContextInvalidation: () => [],
          zeroEntry: () => [call(entry, 0, { type: 'entry.zero' })],
        },
      }),
      hardwareOf(
        'walker',
        ['fetch-present', { when: [isPresent(), fetch.isClear()], does: [fetch.set()] }],
        [
          'fetch-rest',
          {
            when: [fetch.isSet()],
            does: [fetch.clear(), call(entry, 0, { type: 'rest.fetched' })],
          },
        ],
      ),
      object(entry),
      fetch.part,
    ],
  };
}
