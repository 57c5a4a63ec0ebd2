/**
 * Default domain: what a group's functions translate through while no driver has asked for anything else, and with
 * that how their DMA API works.
 *
 * Kernel:  drivers/iommu/iommu.c, iommu_setup_default_domain(), iommu_get_default_domain_type(), bus_iommu_probe().
 * Actor:   an object, one per group.
 * Lock:    the group's mutex.
 * Effects: changeOperations, violate.
 *
 * Without a domain the API is direct: a function nobody has looked at yet has no IOMMU as far as it knows.
 */
import { setup } from 'xstate';

import type { DmaOperations } from './dma-mapping.ts';
import { effect, holds } from './wiring-types.ts';

export type DefaultDomainEvent = {
  readonly type: 'domain.set';
  readonly kind: 'identity' | 'paging';
}; // from registration, or a user's request

const domain = setup({
  types: {
    context: {} as { readonly group: number },
    events: {} as DefaultDomainEvent,
    input: {} as { readonly group: number },
  },
  actions: {
    changeOperations: effect<{ readonly group: number; readonly to: DmaOperations }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: { isIdentity: ({ event }) => event.kind === 'identity' },
});

const changes = (to: DmaOperations) =>
  ({
    type: 'changeOperations',
    params: ({ context }: { readonly context: { readonly group: number } }) => ({
      group: context.group,
      to,
    }),
  }) as const;
const set = [
  { guard: 'isIdentity', target: 'identity', actions: changes('direct') },
  { target: 'paging', actions: changes('translating') },
] as const;

export const defaultDomainMachine = domain.createMachine({
  id: 'default-domain',
  context: ({ input }) => input,
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'none',
  states: {
    none: { on: { 'domain.set': set } },
    identity: { tags: 'set', on: { 'domain.set': set } },
    paging: { tags: ['set', 'translating'], on: { 'domain.set': set } },
  },
});

export const defaultDomainHolds = holds({});
