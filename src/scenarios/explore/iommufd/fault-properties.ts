/**
 * Fault properties: what must never be in a world whose VMM reads and answers faults.
 */
import { type Read, where } from '../../../explore/wiring.ts';
import type { Property, Sighting } from '../../../explore/world.ts';
import { type FaultKinds, OPERATIONS, REQUESTS, THREAD_GATE } from './fault-kinds.ts';

export const faultProperties = (kinds: FaultKinds): readonly Property[] => [
  ...quiescence(kinds),
  ...places(kinds),
  endless(kinds),
  asleep(kinds),
];

/** S6: nothing of a handle is left once its operation has returned. */
function quiescence({ operations, deliverList, responses }: FaultKinds): readonly Property[] {
  return OPERATIONS.flatMap(({ name, oldHandle }, at) => {
    const operation = operations[at];
    if (operation === undefined || oldHandle === undefined) return [];
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

/** L5: while a user's page is awaited under the mutex, the thread that would serve it wants the mutex too. */
const asleep = ({ reader, gate }: FaultKinds): Property => ({
  id: 'L5',
  sentence: 'the reporting thread waits for a user',
  never: [
    where(reader, 0, ({ value }) => value === 'copying'),
    where(gate, THREAD_GATE, ({ context }) => context.wants && context.held),
  ],
});

/** What a search must have met, or it has proved little. */
export const faultSightings = ({
  group,
  operations,
  closer,
  memory,
}: FaultKinds): readonly Sighting[] => {
  const [detach] = operations;
  if (detach === undefined) return [];
  return [
    {
      id: 'read-while-detaching',
      sentence: 'a group that was read is owed an answer while its PASID is being detached',
      reads: [
        where(group, 0, ({ value }) => value === 'running'),
        where(detach, 0, ({ value }: { readonly value: unknown }) => value === 'answer-invalid'),
      ],
    },
    {
      id: 'unread-while-closed',
      sentence: 'a group waits on the list of a file that is closed',
      reads: [
        where(group, 1, ({ value }) => value === 'queued'),
        where(closer, 0, ({ value }) => value === 'closed'),
      ],
    },
    {
      id: 'two-read',
      sentence: 'the VMM has two records to answer',
      reads: [where(memory, 0, ({ context }) => context.records.length === 2)],
    },
    {
      id: 'destroyed',
      sentence: 'the queue is destroyed',
      reads: [where(closer, 0, ({ value }) => value === 'destroyed')],
    },
  ];
};
