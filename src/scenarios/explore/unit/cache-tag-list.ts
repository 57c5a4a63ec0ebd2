/**
 * Cache tag list: every place that an attachment may take on the list of a domain.
 *
 * Kernel: drivers/iommu/intel/cache.c, enum cache_tag_type, cache_tag_assign_domain().
 *
 * A nested domain puts its caches on its own list and, as kinds of their own, on that of its parent: what is unmapped
 * from the parent is cached through the guest's tables, under the id of the nested domain.
 */
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
