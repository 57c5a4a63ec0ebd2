/**
 * DMA of a world of a unit: devices that read through what is attached, and the caches of unit and device between.
 *
 * Kernel:  drivers/iommu/intel/prq.c, intel_iommu_drain_pasid_prq(): its IOTLB invalidation names the id of the
 *          function's domain, whatever the PASID translates through; that of processes where the function has none.
 * Policy:  a PASID and its function never share a domain, so where the function has one the drain leaves the lines.
 */
import { type Call, call, offerFrom } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import type { Kinds } from './kinds.ts';
import { PROCESS_DOMAIN_ID } from './nouns/domain-ids.ts';
import type { Plan } from './plan-terms.ts';

export const dmaParts = ({ domainIds, dma, reader, use }: Kinds): readonly Part[] => [
  object(domainIds, {
    effects: {
      flush: ({ attachment, did }) => [call(dma, attachment, { type: 'iotlb.invalidate', did })],
      tag: ({ attachment, domain, did }) =>
        did === undefined ? [] : [call(dma, attachment, { type: 'entry.programmed', did, domain })],
    },
  }),
  object(dma),
  actor(reader, {
    takes: (attachment) => [
      offerFrom(use, attachment, ({ context }) =>
        context.isAllowed ? { type: 'step' as const } : undefined,
      ),
    ],
    effects: { read: (_, attachment) => [call(dma, attachment, { type: 'page.read' })] },
    mayRest: () => true,
  }),
];

/** What the unit finds in an entry from now on. */
export function entryFound(
  plan: Plan,
  { domainIds, dma }: Kinds,
  attachment: number,
  as: 'present' | 'cleared' | 'zero' | 'fault-disabled',
  domain: number | undefined,
): readonly Call[] {
  if (dma.inputs.length === 0) return [];
  if (as === 'cleared') return [call(dma, attachment, { type: 'entry.cleared' })];
  if (as !== 'present' || domain === undefined) {
    return [call(dma, attachment, { type: 'entry.zeroed' })];
  }
  return sharesId(plan, domain)
    ? [call(dma, attachment, { type: 'entry.programmed', did: PROCESS_DOMAIN_ID, domain })]
    : [call(domainIds, 0, { type: 'entry.programmed', attachment, domain })];
}

/** A domain's id on the unit comes with its first user there, and goes with the last. */
export const idCounted = (
  plan: Plan,
  { domainIds }: Kinds,
  domain: number,
  type: 'id.get' | 'id.put',
): readonly Call[] =>
  domainIds.inputs.length === 0 || isUncounted(plan, domain)
    ? []
    : [call(domainIds, 0, { type, domain })];

/** What processes share, unless the driver counts that too. */
const isUncounted = (plan: Plan, domain: number): boolean =>
  sharesId(plan, domain) && !plan.driver.defects.includes('reserved-id-counted');

/** Processes share an id; where the driver has it so, every first-stage domain does. */
export const sharesId = ({ scenario, driver }: Plan, domain: number): boolean => {
  const kind = scenario.domains[domain]?.kind;
  return kind === 'sva' || (kind === 'paging' && driver.defects.includes('first-stage-shares-id'));
};

/** What a submission takes from the caches. */
export function uncached(
  plan: Plan,
  { dma }: Kinds,
  kind: 'context' | 'pasid-cache' | 'iotlb' | 'device-tlb' | 'drain',
  attachment: number,
): readonly Call[] {
  if (dma.inputs.length === 0) return [];
  switch (kind) {
    case 'context':
      return [];
    case 'iotlb':
      return [call(dma, attachment, { type: 'iotlb.invalidate', did: undefined })];
    case 'drain':
      return [
        ...(hasFunctionDomain(plan, attachment)
          ? []
          : [call(dma, attachment, { type: 'iotlb.invalidate', did: PROCESS_DOMAIN_ID })]),
        call(dma, attachment, { type: 'device-tlb.invalidate' }),
      ];
    default:
      return [call(dma, attachment, { type: `${kind}.invalidate` })];
  }
}

const hasFunctionDomain = ({ places }: Plan, attachment: number): boolean =>
  places.some(({ device, pasid }) => device === places[attachment]?.device && pasid === undefined);
