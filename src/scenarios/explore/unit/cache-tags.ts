/**
 * Cache tags of a world: every place that an attachment may take on a domain's list, and the walk of such a list.
 *
 * Kernel: drivers/iommu/intel/cache.c, enum cache_tag_type, cache_tag_assign_domain(), cache_tag_flush_range().
 *
 * A nested domain puts its caches on its own list and, as kinds of their own, on that of its parent: what is unmapped
 * from the parent is cached through the guest's tables, under the id of the nested domain. Lines of the IOTLB are
 * invalidated by id and PASID, a device TLB by PASID, and as a whole where the guest's addresses are not known.
 */
import { type Call, call } from '../../../explore/wiring.ts';
import { object, type Part } from '../../../explore/world.ts';
import type { Kinds } from './kinds.ts';
import { PROCESS_DOMAIN_ID } from './nouns/domain-ids.ts';
import type { Handle, Plan } from './plan-terms.ts';

const TAG_TYPES = ['iotlb', 'devtlb', 'nesting-iotlb', 'nesting-devtlb'] as const;

/** Two attachments that share a tag count as two users of it. */
export type Tag = {
  readonly type: (typeof TAG_TYPES)[number];
  /** The domain on whose list it is. */
  readonly list: number;
  /** The domain whose id it names. */
  readonly holder: number;
  /** Undefined for tags of the unit's IOTLB. */
  readonly device: number | undefined;
  readonly pasid: number;
};

type Wanted = Pick<Plan, 'scenario' | 'places' | 'driver'>;

/** The tags of one attachment, its own domain's first. */
export function tagsOf({ scenario, places, driver }: Wanted, hung: Handle): readonly Tag[] {
  const place = places[hung.attachment];
  const of = scenario.domains[hung.domain];
  const pasid = place?.pasid ?? 0;
  const tags = (list: number, [unit, device]: readonly Tag['type'][]): readonly Tag[] =>
    [unit, device].flatMap((type, at) =>
      type === undefined
        ? []
        : [
            {
              type,
              list,
              holder: hung.domain,
              device: at === 0 ? undefined : place?.device,
              pasid,
            },
          ],
    );
  const own = tags(hung.domain, ['iotlb', 'devtlb']);
  return of?.kind !== 'nested' || driver.defects.includes('parent-untagged')
    ? own
    : [...own, ...tags(of.parent, ['nesting-iotlb', 'nesting-devtlb'])];
}

/** Every tag there may be, each once; none in a world that has no lists of them. */
export function allTags(plan: Wanted & Pick<Plan, 'handles'>): readonly Tag[] {
  if (plan.scenario.hasCacheTags !== true) return [];
  return plan.handles
    .flatMap((hung) => tagsOf(plan, hung))
    .filter((tag, at, all) => all.findIndex((other) => isSame(tag, other)) === at);
}

export const isSame = (one: Tag, other: Tag): boolean =>
  one.type === other.type &&
  one.list === other.list &&
  one.holder === other.holder &&
  one.device === other.device &&
  one.pasid === other.pasid;

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

function flushed({ places, scenario }: Plan, { dma, domainIds }: Kinds, tag: Tag): readonly Call[] {
  const isWhole = tag.type === 'nesting-devtlb';
  return places.flatMap((place, at) => {
    const isOfPasid = (place.pasid ?? 0) === tag.pasid;
    if (tag.device === undefined) {
      if (!isOfPasid) return [];
      return [
        scenario.domains[tag.holder]?.kind === 'sva'
          ? call(dma, at, { type: 'iotlb.invalidate', did: PROCESS_DOMAIN_ID })
          : call(domainIds, 0, { type: 'lines.flush', attachment: at, domain: tag.holder }),
      ];
    }
    return place.device === tag.device && (isOfPasid || isWhole)
      ? [call(dma, at, { type: 'device-tlb.invalidate' })]
      : [];
  });
}
