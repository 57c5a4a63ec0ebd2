/**
 * dev_pasid: whether a domain has one attachment on its list, as its invalidations and releases find it there.
 *
 * Kernel:  drivers/iommu/intel/iommu.c, domain_add_dev_pasid(), domain_remove_dev_pasid().
 * Actor:   an object, one per (domain, attachment).
 * Effects: violate.
 */
import { setup } from 'xstate';

import { effect } from '../../../../machines/wiring-types.ts';

const devPasid = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'dev-pasid.add' | 'dev-pasid.remove' }, // from attach and detach
  },
  actions: { violate: effect<{ readonly unexpected: string }>() },
});

export const devPasidMachine = devPasid.createMachine({
  id: 'dev-pasid',
  context: {},
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'unlisted',
  states: {
    unlisted: { on: { 'dev-pasid.add': 'listed' } },
    listed: { on: { 'dev-pasid.remove': 'unlisted' } },
  },
});
