/**
 * Iommufd object: one id of an iommufd's table, and the life of whatever it names.
 *
 * Kernel:  drivers/iommu/iommufd/main.c, struct iommufd_object, iommufd_object_remove(); iommufd_private.h,
 *          iommufd_object_tombstone_user().
 * Actor:   an object, one per id; an aborted or freed id is empty again and the next object may have it.
 * Lock:    the table's, for a look-up and for the test and erase of a removal.
 * Effects: refuse, violate.
 *
 * `users` counts who needs the object to stay, the table itself first; `waits` those who hold it only for the length
 * of a system call, whom a removal waits for once it has taken the id out of the table.
 */
import { and, assign, not, setup } from 'xstate';

import { count, effect, holds, type Violation } from './wiring-types.ts';

/** Linux's reference counts saturate here. */
export const OBJECT_USERS_MAX = 0x7fff_ffff;
/** System calls that may be inside one object at once. */
export const OBJECT_WAITS_MAX = 64;

export type IommufdObjectEvent =
  | { readonly type: 'object.reserve' } //  from the system call that makes it
  | { readonly type: 'object.finalize' } // from the same, when nothing can fail any more
  | { readonly type: 'object.abort' } //    from the same, when something failed
  | { readonly type: 'users.get' } //       from an object that comes to depend on it
  | { readonly type: 'users.put' } //       from the same
  | { readonly type: 'waits.get' } //       from a system call that looked it up
  | { readonly type: 'waits.put' } //       from the same
  | { readonly type: 'object.touch' } //    from whoever reads or locks something inside it
  | { readonly type: 'object.remove' } //   from IOMMU_DESTROY, from the close of the file
  | { readonly type: 'object.revoke' } //   from its owner in the kernel, who takes no refusal
  | { readonly type: 'object.free' } //     from the remover
  | { readonly type: 'object.bury' }; //    from a remover that leaves the id reserved for ever

type Context = { readonly users: number; readonly waits: number };

const object = setup({
  types: { context: {} as Context, events: {} as IommufdObjectEvent },
  actions: {
    begin: assign({ users: 1, waits: 0 }),
    getUser: assign({ users: ({ context }) => context.users + 1 }),
    putUser: assign({ users: ({ context }) => context.users - 1 }),
    getWait: assign({ waits: ({ context }) => context.waits + 1 }),
    putWait: assign({ waits: ({ context }) => context.waits - 1 }),
    empty: assign({ users: 0, waits: 0 }),
    refuse: effect<{ readonly errno: 'EBUSY' | 'ENOENT'; readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isUnused: ({ context }) => context.users === 1,
    hasUsers: ({ context }) => context.users > 1,
    hasWaits: ({ context }) => context.waits > 0,
    isIdle: ({ context }) => context.waits === 0,
    hasRoom: ({ context }) => context.users < OBJECT_USERS_MAX,
    hasWaitRoom: ({ context }) => context.waits < OBJECT_WAITS_MAX,
    unusedAndIdle: and(['isUnused', not('hasWaits')]),
  },
});

const refuse = (errno: 'EBUSY' | 'ENOENT', reason: string) =>
  ({ type: 'refuse', params: { errno, reason } }) as const;
const violate = (state: string, property: string, sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: IommufdObjectEvent }): Violation => ({
      unexpected: event.type,
      state,
      property,
      sentence,
    }),
  }) as const;
const absent = refuse('ENOENT', 'there is no such object');
const usedAfterFree = (state: string) =>
  violate(state, 'S17', 'an object is freed only after its last reference');
const lookups = { 'waits.get': { actions: absent }, 'object.remove': { actions: absent } } as const;

export const iommufdObjectMachine = object.createMachine({
  id: 'iommufd-object',
  context: { users: 0, waits: 0 },
  initial: 'empty',
  states: {
    empty: {
      on: {
        'object.touch': { actions: violate('empty', 'S8', 'no access to a freed object') },
        ...lookups,
        'object.reserve': { target: 'reserved', actions: 'begin' },
        '*': { actions: usedAfterFree('empty') },
      },
    },
    // In the table as a zero entry: nobody finds it, nobody else gets the id.
    reserved: {
      on: {
        ...lookups,
        'object.finalize': 'live',
        'object.abort': [
          { guard: 'isUnused', target: 'empty', actions: 'empty' },
          {
            target: 'empty',
            actions: [violate('reserved', 'S17', 'an object is freed while it is used'), 'empty'],
          },
        ],
        // Its own file is open already, and counted.
        'users.get': { guard: 'hasRoom', actions: 'getUser' },
        'users.put': [
          { guard: 'hasUsers', actions: 'putUser' },
          { actions: violate('reserved', 'S17', 'the table keeps one reference of its own') },
        ],
        '*': { actions: violate('reserved', 'S17', 'an object is used before it is finished') },
      },
    },
    live: {
      on: {
        'object.touch': {},
        'users.get': { guard: 'hasRoom', actions: 'getUser' },
        'users.put': [
          { guard: 'hasUsers', actions: 'putUser' },
          { actions: violate('live', 'S17', 'the table keeps one reference of its own') },
        ],
        'waits.get': { guard: 'hasWaitRoom', actions: 'getWait' },
        'waits.put': [
          { guard: 'hasWaits', actions: 'putWait' },
          { actions: violate('live', 'S17', 'a look-up is put once') },
        ],
        'object.remove': [
          { guard: 'isUnused', target: 'removed', actions: 'putUser' },
          { actions: refuse('EBUSY', 'something uses the object') },
        ],
        'object.revoke': { target: 'removed', actions: 'putUser' },
        '*': { actions: violate('live', 'S17', 'a live object is removed before it is freed') },
      },
    },
    // Out of the table; whoever looked it up before may still be inside.
    removed: {
      on: {
        'object.touch': {},
        ...lookups,
        'users.put': [
          { guard: 'hasUsers', actions: 'putUser' },
          { actions: usedAfterFree('removed') },
        ],
        'waits.put': [
          { guard: 'hasWaits', actions: 'putWait' },
          { actions: usedAfterFree('removed') },
        ],
        'object.free': [
          { guard: 'isIdle', target: 'empty', actions: 'empty' },
          {
            target: 'empty',
            actions: [
              violate('removed', 'S17', 'an object is freed while a call is inside it'),
              'empty',
            ],
          },
        ],
        'object.bury': { guard: 'isIdle', target: 'tombstone', actions: 'empty' },
        '*': { actions: usedAfterFree('removed') },
      },
    },
    tombstone: { on: { ...lookups, '*': { actions: usedAfterFree('tombstone') } } },
  },
});

export const iommufdObjectHolds = holds({
  users: count(OBJECT_USERS_MAX),
  waits: count(OBJECT_WAITS_MAX),
});
