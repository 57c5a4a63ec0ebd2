/**
 * Bond: how many binds of one process to one device are held, and in which memory their handle is.
 *
 * Kernel:  drivers/iommu/iommu-sva.c, struct iommu_sva.users, struct iommu_mm_data.sva_domains.
 * Actor:   an object, one per (attachment, process) that is bound by a bind of its own.
 * Effects: claim, violate.
 *
 * An unbind that was the last frees the handle when it holds no lock any more; by then there may be another bond. So
 * it claims the handle first.
 */
import { assign, setup } from 'xstate';

import { count, effect, holds, id, maybe } from '../../../../machines/wiring-types.ts';

const BOND_USERS_MAX = 8;

export type BondEvent =
  | { readonly type: 'bond.publish'; readonly handle: number } // from bind
  | { readonly type: 'bond.get' } //                              from bind
  | { readonly type: 'bond.put' } //                              from unbind
  | { readonly type: 'handle.claim'; readonly unbind: number }; // from unbind

type Context = { readonly users: number; readonly handle: number | undefined };
type Claim = { readonly unbind: number; readonly handle: number | undefined };

const bond = setup({
  types: { context: {} as Context, events: {} as BondEvent },
  actions: {
    publish: assign({
      users: 1,
      handle: ({ event }) => (event.type === 'bond.publish' ? event.handle : undefined),
    }),
    more: assign({ users: ({ context }) => context.users + 1 }),
    fewer: assign({ users: ({ context }) => context.users - 1 }),
    forget: assign({ handle: undefined }),
    claim: effect<Claim>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: { isHeld: ({ context }) => context.users > 0 },
});

const violate = {
  type: 'violate',
  params: ({ event }: { readonly event: BondEvent }) => ({ unexpected: event.type }),
} as const;

export const bondMachine = bond.createMachine({
  id: 'bond',
  context: { users: 0, handle: undefined },
  on: {
    'bond.publish': [{ guard: 'isHeld', actions: violate }, { actions: 'publish' }],
    'bond.get': [{ guard: 'isHeld', actions: 'more' }, { actions: violate }],
    'bond.put': [{ guard: 'isHeld', actions: 'fewer' }, { actions: violate }],
    'handle.claim': {
      actions: [
        {
          type: 'claim',
          params: ({ context, event }): Claim => ({
            unbind: event.unbind,
            handle: context.handle,
          }),
        },
        'forget',
      ],
    },
  },
});

export const bondHolds = holds({ users: count(BOND_USERS_MAX), handle: maybe(id('handle')) });

const list = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'domain.linked' | 'domain.unlinked' },
  },
});

/** Whether the process has an SVA domain that a further bind finds. */
export const domainListMachine = list.createMachine({
  id: 'domain-list',
  context: {},
  initial: 'empty',
  states: {
    empty: { on: { 'domain.linked': 'one' } },
    one: { on: { 'domain.unlinked': 'empty' } },
  },
});
