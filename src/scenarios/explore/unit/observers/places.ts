/**
 * Places: where a request can still be, and which tasks are under way; the words in which properties are stated.
 */
import type { AnyMachineSnapshot, StateValue } from 'xstate';

import { type Read, where } from '../../../../explore/wiring.ts';
import { NOT_BEGUN } from '../../../../machines/operation-terms.ts';
import type { RequestRecord } from '../../../../machines/page-request-queue.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan, Task } from '../plan-terms.ts';

export type Where = { readonly place: string; readonly read: Read };

/** Every place of the unit where a request that is meant may be. */
export function placesOf(
  kinds: Kinds,
  device: number,
  isMeant: (request: RequestRecord) => boolean,
): readonly Where[] {
  const { ring, thread, faultQueue, group, worker } = kinds;
  return [
    {
      place: 'in the ring',
      read: where(ring, 0, ({ context }) => context.entries.some(isMeant)),
    },
    {
      place: 'in the hands of the page request thread',
      read: where(
        thread,
        0,
        ({ context }) => context.request !== undefined && isMeant(context.request),
      ),
    },
    {
      place: 'on the partial list',
      read: where(faultQueue, device, ({ context }) => context.partials.some(isMeant)),
    },
    ...group.inputs.map((_, of) => ({
      place: 'in a live group',
      read: where(
        group,
        of,
        ({ value, context }) => value !== 'free' && context.requests.some(isMeant),
      ),
    })),
    ...worker.inputs.map((_, of) => ({
      place: 'in the hands of a worker',
      read: where(worker, of, ({ context }) => context.requests.some(isMeant)),
    })),
  ];
}

/** The outermost state of a list: the step it is at. */
export const stepOf = (value: StateValue): string =>
  typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');

export const isOver = ({ taskKind }: Kinds, task: Task): Read =>
  where(taskKind(task), 0, ({ status }) => status === 'done');

/** The task has taken its first step, and has not come to its end. */
export const isUnderWay = (kinds: Kinds, task: Task): Read =>
  where(kinds.taskKind(task), 0, (of) => of.status !== 'done' && !hasNotBegun(of));

export const isResting = (kinds: Kinds, task: Task): Read =>
  where(kinds.taskKind(task), 0, (of) => of.status === 'done' || hasNotBegun(of));

const hasNotBegun = (of: AnyMachineSnapshot): boolean =>
  of.hasTag(NOT_BEGUN) || ['ready', 'locking'].includes(stepOf(of.value));

export const deviceKinds = ({ deviceGroups }: Kinds): readonly string[] =>
  deviceGroups.flatMap(({ name, inputs }) => (inputs.length > 0 ? [name] : []));

/** Tasks on one attachment or another of a device. */
export const tasksOf = ({ tasks, places }: Plan, device: number): readonly Task[] =>
  tasks.filter(({ work }) => 'attachment' in work && places[work.attachment]?.device === device);
