/**
 * Cache tags of a world: attachments come on the lists of domains and go, and a walk of a list flushes what is on it.
 *
 * Kernel: drivers/iommu/intel/cache.c, cache_tag_assign_domain(), cache_tag_flush_range().
 *
 * Lines of the IOTLB are invalidated by id and PASID, a device TLB by PASID, and as a whole where the guest's addresses
 * are not known.
 */
import { type Call, call } from '../../../explore/wiring.ts';
import { object, type Part } from '../../../explore/world.ts';
import { allTags, isSame, type Tag, tagsOf } from './cache-tag-list.ts';
import { sharesId } from './dma.ts';
import type { Kinds } from './kinds.ts';
import { PROCESS_DOMAIN_ID } from './nouns/domain-ids.ts';
import type { Handle, Plan } from './plan-terms.ts';

/** An attachment comes on the lists of its domains, or goes. */
export function tagged(
  plan: Plan,
  { cacheTag }: Kinds,
  hung: Handle,
  type: 'cache-tag.assign' | 'cache-tag.unassign',
): readonly Call[] {
  const all = allTags(plan);
  return all.length === 0
    ? []
    : tagsOf(plan, hung).map((tag) =>
        call(
          cacheTag,
          all.findIndex((other) => isSame(tag, other)),
          { type },
        ),
      );
}

/** A walk of a domain's list: whatever is on it is flushed. */
export const walked = (plan: Plan, { cacheTag }: Kinds, domain: number): readonly Call[] =>
  allTags(plan).flatMap(({ list }, at) =>
    list === domain ? [call(cacheTag, at, { type: 'cache-tag.flush' })] : [],
  );

export function cacheTagPart(plan: Plan, kinds: Kinds): Part {
  const all = allTags(plan);
  return object(kinds.cacheTag, {
    effects: { flush: (_, at) => (all[at] === undefined ? [] : flushed(plan, kinds, all[at])) },
  });
}

function flushed(plan: Plan, { dma, domainIds }: Kinds, tag: Tag): readonly Call[] {
  const isWhole = tag.type === 'nesting-devtlb';
  return plan.places.flatMap((place, at) => {
    const isOfPasid = (place.pasid ?? 0) === tag.pasid;
    if (tag.device === undefined) {
      if (!isOfPasid) return [];
      return [
        sharesId(plan, tag.holder)
          ? call(dma, at, { type: 'iotlb.invalidate', did: PROCESS_DOMAIN_ID })
          : call(domainIds, 0, { type: 'lines.flush', attachment: at, domain: tag.holder }),
      ];
    }
    return place.device === tag.device && (isOfPasid || isWhole)
      ? [call(dma, at, { type: 'device-tlb.invalidate' })]
      : [];
  });
}
