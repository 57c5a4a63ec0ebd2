/**
 * Address space: its users, the references on its structure, and its end.
 *
 * Kernel: include/linux/mm_types.h, struct mm_struct (mm_users, mm_count); kernel/fork.c, mmput(), __mmdrop();
 *         mm/mmap.c, exit_mmap(); mm_get_enqcmd_pasid().
 * Actor:  an object, one per process.
 * Effects: changeMapping, protectPages, zapPages, invalidateSecondaryTlbs, releaseNotifiers, tearDownTables,
 *          freePasid, refuse, violate.
 *
 * Users hold the pages, the structure count holds the PASID. The last user may be a fault worker: then the whole
 * exit runs inside it. After the notifiers are released, pages go with no further notification.
 */
import { setup } from 'xstate';

import { LIFETIME_7_3, type LifetimeRules } from './lifetime-rules.ts';
import { count, effect, holds, id, maybe } from './wiring-types.ts';

export const MM_USERS_MAX = 64;
export const MM_STRUCTURE_MAX = 4096;

/** Pages of the address space: the first one's number and how many. */
type Range = { readonly pfn: number; readonly pages: number };

export type MmEvent =
  | { readonly type: 'users.get' } //                                                       from bind, fault worker
  | { readonly type: 'users.put' } //                                                       from exit, fault worker
  | { readonly type: 'structure.get' } //                                                   from domain, notifier
  | { readonly type: 'structure.put' } //                                                   from domain, notifier
  | { readonly type: 'pasid.assigned'; readonly pasid: number } //                          from the first bind
  | (Range & { readonly type: 'range.map'; readonly bits: number }) //                      from the process
  | (Range & { readonly type: 'range.unmap' }) //                                           from the process
  | (Range & { readonly type: 'range.protect'; readonly bits: number }) //                  from the process
  | { readonly type: 'notifiers.released' } //                                              from the release pass
  | { readonly type: 'tables.torn-down' }; //                                               from exit_mmap

type Input = {
  readonly mm: number;
  /** Linux 7.3's unless told otherwise. */
  readonly rules?: LifetimeRules;
};

type Context = {
  readonly mm: number;
  readonly rules: LifetimeRules;
  readonly users: number;
  readonly structure: number;
  readonly pasid: number | undefined;
};
type OfRange = Range & { readonly mm: number };

const mm = setup({
  types: {
    context: {} as Context,
    events: {} as MmEvent,
    input: {} as Input,
  },
  actions: {
    /** `bits` are Linux permissions; undefined leaves nothing mapped. */
    changeMapping: effect<OfRange & { readonly bits: number | undefined }>(),
    protectPages: effect<OfRange & { readonly bits: number | undefined }>(),
    zapPages: effect<OfRange>(),
    invalidateSecondaryTlbs: effect<OfRange>(),
    releaseNotifiers: effect<{ readonly mm: number }>(),
    tearDownTables: effect<{ readonly mm: number }>(),
    freePasid: effect<{ readonly mm: number; readonly pasid: number | undefined }>(),
    refuse: effect<{ readonly reason: string }>(),
    violate: effect<{ readonly property: string; readonly unexpected: string }>(),
  },
  guards: {
    isLastUser: ({ context }) => context.users === 1,
    isLastReference: ({ context }) => context.structure === 1,
    hasUserRoom: ({ context }) => context.users < MM_USERS_MAX,
    hasRoom: ({ context }) => context.structure < MM_STRUCTURE_MAX,
    hasNoPasid: ({ context }) => context.pasid === undefined,
    freesPasidWithUsers: ({ context }) => context.rules.pasidEndsWith === 'users',
  },
});

const moreUsers = mm.assign({ users: ({ context }) => context.users + 1 });
const fewerUsers = mm.assign({ users: ({ context }) => context.users - 1 });
const moreReferences = mm.assign({ structure: ({ context }) => context.structure + 1 });
const fewerReferences = mm.assign({ structure: ({ context }) => context.structure - 1 });
const takePasid = mm.assign(({ event }) =>
  event.type === 'pasid.assigned' ? { pasid: event.pasid } : {},
);
const dropPasid = mm.assign({ pasid: undefined });
const ofMm = ({ context }: { readonly context: Context }) => ({ mm: context.mm });
type Of = { readonly context: Context; readonly event: MmEvent };
const range = ({ context, event }: Of): OfRange => ({
  mm: context.mm,
  pfn: 'pfn' in event ? event.pfn : 0,
  pages: 'pages' in event ? event.pages : 0,
});
const mapping = (of: Of) => ({
  ...range(of),
  bits: 'bits' in of.event ? of.event.bits : undefined,
});
const changeMapping = { type: 'changeMapping', params: mapping } as const;
const protectPages = { type: 'protectPages', params: mapping } as const;
const zapPages = { type: 'zapPages', params: range } as const;
const invalidate = { type: 'invalidateSecondaryTlbs', params: range } as const;
const freePasid = {
  type: 'freePasid',
  params: ({ context }: { readonly context: Context }) => ({
    mm: context.mm,
    pasid: context.pasid,
  }),
} as const;
const violate = (property: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: MmEvent }) => ({ property, unexpected: event.type }),
  }) as const;
const putReference = [
  { guard: 'isLastReference', target: 'dropped', actions: [fewerReferences, freePasid, dropPasid] },
  { actions: fewerReferences },
] as const;

export const mmMachine = mm.createMachine({
  id: 'mm',
  context: ({ input }) => ({
    mm: input.mm,
    rules: input.rules ?? LIFETIME_7_3,
    users: 1,
    structure: 1,
    pasid: undefined,
  }),
  on: { '*': { actions: violate('S22') } },
  initial: 'alive',
  states: {
    alive: {
      tags: 'has-users',
      on: {
        'users.get': { guard: 'hasUserRoom', actions: moreUsers },
        'users.put': [
          {
            guard: 'isLastUser',
            target: 'exiting',
            actions: [fewerUsers, { type: 'releaseNotifiers', params: ofMm }],
          },
          { actions: fewerUsers },
        ],
        'structure.get': { guard: 'hasRoom', actions: moreReferences },
        'structure.put': [...putReference],
        'pasid.assigned': { guard: 'hasNoPasid', actions: takePasid },
        // A mapping over another one replaces it: the old pages go first.
        'range.map': { actions: [zapPages, changeMapping, invalidate] },
        'range.unmap': { actions: [changeMapping, zapPages, invalidate] },
        'range.protect': { actions: [changeMapping, protectPages, invalidate] },
      },
    },
    exiting: {
      on: {
        'users.get': {
          actions: { type: 'refuse', params: { reason: 'the address space has no users' } },
        },
        'structure.get': { guard: 'hasRoom', actions: moreReferences },
        'structure.put': [...putReference],
        'notifiers.released': {
          target: 'silent',
          actions: { type: 'tearDownTables', params: ofMm },
        },
      },
    },
    silent: {
      on: {
        'users.get': {
          actions: { type: 'refuse', params: { reason: 'the address space has no users' } },
        },
        'structure.get': { guard: 'hasRoom', actions: moreReferences },
        'structure.put': [...putReference],
        'tables.torn-down': [
          {
            guard: 'isLastReference',
            target: 'dropped',
            actions: [fewerReferences, freePasid, dropPasid],
          },
          {
            guard: 'freesPasidWithUsers',
            target: 'empty',
            actions: [fewerReferences, freePasid, dropPasid],
          },
          { target: 'empty', actions: fewerReferences },
        ],
      },
    },
    empty: {
      on: {
        'users.get': {
          actions: { type: 'refuse', params: { reason: 'the address space has no users' } },
        },
        'structure.put': [...putReference],
      },
    },
    dropped: { on: { '*': { actions: violate('S8') } } },
  },
});

export const mmHolds = holds({
  users: count(MM_USERS_MAX),
  structure: count(MM_STRUCTURE_MAX),
  pasid: maybe(id('pasid')),
});
