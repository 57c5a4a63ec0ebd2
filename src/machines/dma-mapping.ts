/**
 * DMA mapping: one buffer that a driver mapped through the DMA API, while the group's default domain may change.
 *
 * Kernel:  kernel/dma/mapping.c, dma_map_page_attrs(), dma_unmap_page_attrs(), use_dma_iommu();
 *          drivers/iommu/iommu.c, iommu_setup_default_domain().
 * Actor:   an object, one per buffer.
 * Effects: violate (S16: a live mapping made invalid, or undone through other operations than made it).
 *
 * Through direct operations the address is the buffer's own; through the IOMMU it means something in one domain only.
 */
import { setup } from 'xstate';

import { effect, holds, type Violation } from './wiring-types.ts';

/** How the DMA API of a function works: not at all through the IOMMU, or with addresses of its default domain. */
export type DmaOperations = 'direct' | 'translating';

export type DmaMappingEvent =
  | { readonly type: 'buffer.map'; readonly through: DmaOperations } //    from a device driver
  | { readonly type: 'buffer.unmap'; readonly through: DmaOperations } //  from a device driver
  | { readonly type: 'domain.changed'; readonly to: DmaOperations }; //    from the default domain

const mapping = setup({
  types: { context: {} as Record<string, never>, events: {} as DmaMappingEvent },
  actions: { violate: effect<Violation>() },
  guards: {
    isDirect: ({ event }) => 'through' in event && event.through === 'direct',
    isTranslating: ({ event }) => 'through' in event && event.through === 'translating',
    toDirect: ({ event }) => event.type === 'domain.changed' && event.to === 'direct',
  },
});

const violate = (sentence: string) =>
  ({
    type: 'violate',
    params: ({ event }: { readonly event: DmaMappingEvent }) => ({
      unexpected: event.type,
      property: 'S16',
      sentence,
    }),
  }) as const;
const INVALIDATED = violate('a change of the default domain invalidates a live mapping');
const CROSSED = violate('a mapping is undone through other operations than those that made it');

export const dmaMappingMachine = mapping.createMachine({
  id: 'dma-mapping',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'unmapped',
  states: {
    unmapped: {
      on: {
        'buffer.map': [
          { guard: 'isDirect', target: 'mappedDirectly' },
          { target: 'mappedInDomain' },
        ],
        'domain.changed': {},
      },
    },
    mappedDirectly: {
      tags: 'live',
      on: {
        'buffer.unmap': [{ guard: 'isDirect', target: 'unmapped' }, { actions: CROSSED }],
        'domain.changed': [{ guard: 'toDirect' }, { actions: INVALIDATED }],
      },
    },
    mappedInDomain: {
      tags: 'live',
      on: {
        'buffer.unmap': [{ guard: 'isTranslating', target: 'unmapped' }, { actions: CROSSED }],
        'domain.changed': { actions: INVALIDATED },
      },
    },
  },
});

export const dmaMappingHolds = holds({});
