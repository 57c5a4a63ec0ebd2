/**
 * Tag allocator: the numbers that tag cached translations, each counted by the assignments that use it.
 *
 * Kernel:  drivers/iommu/intel/iommu.c, domain_attach_iommu(), domain_detach_iommu(): domain ids of one unit;
 *          arm/arm-smmu-v3/arm-smmu-v3.c: VMIDs of one unit and ASIDs of all; amd/iommu.c: domain ids of all.
 * Actor:   an object, one per space of tags. A holder is whatever a tag stands for: a domain, a second stage.
 * Lock:    the allocator's mutex.
 * Effects: grant, release, refuse, ignore, violate (S11: an assignment undone that was never made; S12).
 *
 * The first assignment of a holder takes the lowest free tag, the last one undone gives it back. Tags that are
 * reserved belong to holders of their own, are never counted and never change hands.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { bag, count, effect, holds, id, scalar, type Violation } from './wiring-types.ts';

export const TAG_GRANTS_MODEL_MAX = 8;
export const TAG_USERS_MAX = 64;

export type TagAllocatorEvent =
  | { readonly type: 'tag.get'; readonly holder: number } //  from attach, domain allocation
  | { readonly type: 'tag.put'; readonly holder: number }; // from detach, domain free

export type ReservedTag = { readonly holder: number; readonly tag: number };

export type TagAllocatorInput = {
  readonly allocator: number;
  readonly first: number;
  readonly last: number;
  readonly reserved: readonly ReservedTag[];
  /** did-reserved-counted: undoing an assignment counts a reserved tag down as it would any other. */
  readonly countsReserved: boolean;
};

type Grant = { readonly holder: number; readonly tag: number; readonly users: number };
type Context = TagAllocatorInput & {
  /** Ascending by tag. */
  readonly grants: readonly Grant[];
  /** Reserved tags that were given back all the same. */
  readonly escaped: readonly number[];
};
type OfHolder = { readonly holder: number };
type Tagged = OfHolder & { readonly allocator: number; readonly tag: number };

const grantOf = ({ grants }: Pick<Context, 'grants'>, holder: number): Grant | undefined =>
  grants.find((grant) => grant.holder === holder);

/** The tag a holder has, or undefined. */
export const tagOf = (context: Pick<Context, 'grants' | 'reserved'>, holder: number) =>
  context.reserved.find((each) => each.holder === holder)?.tag ?? grantOf(context, holder)?.tag;

const isFree = ({ grants }: Context, tag: number): boolean =>
  grants.every((grant) => grant.tag !== tag);

function lowestFree(context: Context): number | undefined {
  const { first, last, escaped } = context;
  const range = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const candidates = [...escaped, ...range].sort((one, other) => one - other);
  return candidates.find((tag) => isFree(context, tag));
}

const sorted = (grants: readonly Grant[]): readonly Grant[] =>
  [...grants].sort((one, other) => one.tag - other.tag);
const counted = ({ grants }: Context, holder: number, by: number): readonly Grant[] =>
  grants
    .map((grant) => (grant.holder === holder ? { ...grant, users: grant.users + by } : grant))
    .filter(({ users }) => users > 0);

const allocator = setup({
  types: {
    context: {} as Context,
    events: {} as TagAllocatorEvent,
    input: {} as TagAllocatorInput,
  },
  actions: {
    add: assign(({ context }, { holder }: OfHolder) => {
      const tag = lowestFree(context);
      invariant(tag !== undefined, 'no tag is free');
      return { grants: sorted([...context.grants, { holder, tag, users: 1 }]) };
    }),
    countUp: assign(({ context }, { holder }: OfHolder) => {
      const users = grantOf(context, holder)?.users ?? 0;
      invariant(users < TAG_USERS_MAX, 'a holder has too many assignments');
      return { grants: counted(context, holder, 1) };
    }),
    countDown: assign(({ context }, { holder }: OfHolder) => ({
      grants: counted(context, holder, -1),
    })),
    escape: assign(({ context }, { holder }: OfHolder) => ({
      escaped: context.reserved
        .filter((each) => each.holder === holder || context.escaped.includes(each.tag))
        .map(({ tag }) => tag),
    })),
    grant: effect<Tagged>(),
    release: effect<Tagged>(),
    refuse: effect<{ readonly errno: 'ENOSPC'; readonly reason: string }>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isReserved: ({ context, event }) =>
      context.reserved.some(({ holder }) => holder === event.holder),
    isCountedAllTheSame: ({ context, event }) =>
      context.countsReserved && context.reserved.some(({ holder }) => holder === event.holder),
    isHeld: ({ context, event }) => grantOf(context, event.holder) !== undefined,
    isLastUser: ({ context, event }) => grantOf(context, event.holder)?.users === 1,
    wouldGrantReserved: ({ context }) => {
      const tag = lowestFree(context);
      return tag !== undefined && context.escaped.includes(tag);
    },
    hasFree: ({ context }) =>
      lowestFree(context) !== undefined && context.grants.length < TAG_GRANTS_MODEL_MAX,
  },
});

type Asked = { readonly context: Context; readonly event: TagAllocatorEvent };
const ofHolder = ({ event }: Asked): OfHolder => ({ holder: event.holder });
const tagged = ({ context, event }: Asked): Tagged => {
  const tag = tagOf(context, event.holder);
  invariant(tag !== undefined, `holder ${event.holder} has no tag`);
  return { allocator: context.allocator, holder: event.holder, tag };
};
const granted = ({ context, event }: Asked): Tagged => {
  const tag = lowestFree(context);
  invariant(tag !== undefined, 'no tag is free');
  return { allocator: context.allocator, holder: event.holder, tag };
};
const violate = (property: string, sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: Asked) => ({ unexpected: event.type, property, sentence }),
  }) as const;
const uncounted = {
  type: 'ignore',
  params: { reason: 'a reserved tag is not counted' },
} as const;

export const tagAllocatorMachine = allocator.createMachine({
  id: 'tag-allocator',
  context: ({ input }) => ({ ...input, grants: [], escaped: [] }),
  on: {
    'tag.get': [
      { guard: 'isReserved', actions: uncounted },
      { guard: 'isHeld', actions: { type: 'countUp', params: ofHolder } },
      {
        guard: 'wouldGrantReserved',
        actions: violate('S12', 'a reserved tag is handed out'),
      },
      {
        guard: 'hasFree',
        // The effect first: its tag is the one that is free before it is added.
        actions: [
          { type: 'grant', params: granted },
          { type: 'add', params: ofHolder },
        ],
      },
      { actions: { type: 'refuse', params: { errno: 'ENOSPC', reason: 'every tag is in use' } } },
    ],
    'tag.put': [
      { guard: 'isCountedAllTheSame', actions: { type: 'escape', params: ofHolder } },
      { guard: 'isReserved', actions: uncounted },
      {
        guard: 'isLastUser',
        actions: [
          { type: 'release', params: tagged },
          { type: 'countDown', params: ofHolder },
        ],
      },
      { guard: 'isHeld', actions: { type: 'countDown', params: ofHolder } },
      { actions: violate('S11', 'an assignment is undone that nobody made') },
    ],
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
});

export const tagAllocatorHolds = holds({
  grants: bag(TAG_GRANTS_MODEL_MAX, {
    holder: id('holder'),
    tag: scalar,
    users: count(TAG_USERS_MAX),
  }),
  escaped: bag(TAG_GRANTS_MODEL_MAX, scalar),
});
