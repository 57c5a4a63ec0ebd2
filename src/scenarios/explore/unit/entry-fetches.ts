/**
 * Entry fetches of a VT-d world: hardware that reads PASID entries word by word while software writes them.
 *
 * Kernel:  drivers/iommu/intel/pasid.c, intel_pasid_tear_down_entry(): the present bit, the caches, and then the rest.
 * Spec:    Intel VT-d, "Guidance to Software for Invalidations".
 */
import { type Call, call, offer } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import type { Kinds } from './kinds.ts';

export const fetchParts = ({ fetch, fetcher }: Kinds): readonly Part[] => [
  object(fetch),
  actor(fetcher, {
    takes: () => [offer({ type: 'step' })],
    effects: { read: (_, attachment) => [call(fetch, attachment, { type: 'words.read' })] },
    mayRest: () => true,
  }),
];

/** What a fetch finds in memory from now on. */
export const entrySeen = (
  { fetch }: Kinds,
  attachment: number,
  as: 'present' | 'cleared' | 'zero' | 'fault-disabled',
): readonly Call[] =>
  fetch.inputs.length === 0 ? [] : [call(fetch, attachment, { type: 'entry.written', as })];

/** An invalidation of the PASID cache is done when no fetch from before it is under way: that one is begun again. */
export const fetchDropped = (
  { fetch }: Kinds,
  kind: string,
  attachment: number,
): readonly Call[] =>
  fetch.inputs.length === 0 || kind !== 'pasid-cache'
    ? []
    : [call(fetch, attachment, { type: 'pasid-cache.invalidate' })];
