/**
 * Fault properties: what must never be in a world whose VMM reads and answers faults.
 */
import { type Read, where } from '../../../explore/wiring.ts';
import type { Property } from '../../../explore/world.ts';
import { type FaultKinds, OPERATIONS, REQUESTS } from './fault-kinds.ts';

export const faultProperties = (kinds: FaultKinds): readonly Property[] => [
  ...quiescence(kinds),
  ...places(kinds),
  endless(kinds),
];

/** S6: nothing of a handle is left once its operation has returned. */
function quiescence({ operations, deliverList, responses }: FaultKinds): readonly Property[] {
  return OPERATIONS.flatMap(({ name, oldHandle }, at) => {
    const operation = operations[at];
    if (operation === undefined) return [];
    const isDone = where(operation, 0, ({ status }) => status === 'done');
    const holds = ({ handle }: { readonly handle: number }) => handle === oldHandle;
    const left: readonly (readonly [string, Read])[] = [
      ['deliver list', where(deliverList, 0, ({ context }) => context.groups.some(holds))],
      ['response table', where(responses, 0, ({ context }) => context.awaited.some(holds))],
    ];
    return left.map(([place, read]) => ({
      id: 'S6',
      sentence: `${name} has returned with a group in the ${place}`,
      never: [isDone, read],
    }));
  });
}

/** S7: a group that owes a response is on the list, in the table or in a reader's hand. */
function places({ group, deliverList, responses, reader }: FaultKinds): readonly Property[] {
  return REQUESTS.map((of) => ({
    id: 'S7',
    sentence: `group ${of} is in no place`,
    never: [
      where(group, of, ({ value }) => value === 'queued' || value === 'running'),
      where(deliverList, 0, ({ context }) => context.groups.every((each) => each.group !== of)),
      where(responses, 0, ({ context }) => context.awaited.every((each) => each.group !== of)),
      where(reader, 0, ({ context }) => context.group !== of),
    ],
  }));
}

/** L2: a buffer that can't be written stays so; whoever fetches again under the same lock fetches for ever. */
const endless = ({ reader }: FaultKinds): Property => ({
  id: 'L2',
  sentence: 'a read whose copy failed fetches again and never lets its mutex go',
  never: [where(reader, 0, ({ value, context }) => value === 'fetching' && context.failed)],
});
