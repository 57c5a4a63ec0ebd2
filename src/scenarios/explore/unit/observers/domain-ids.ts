/**
 * Domain ids and cache tags: counted by what is attached, and by nothing else (S11, S12, S15).
 *
 * Kernel: drivers/iommu/intel/iommu.c, domain_attach_iommu(), domain_detach_iommu(); cache.c, cache_tag_assign().
 */
import { type Read, where } from '../../../../explore/wiring.ts';
import type { Property } from '../../../../explore/world.ts';
import { allTags, isSame, type Tag, tagsOf } from '../cache-tag-list.ts';
import { sharesId } from '../dma.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan } from '../plan-terms.ts';
import { isResting } from './places.ts';

export const domainIdProperties = (plan: Plan, kinds: Kinds): readonly Property[] =>
  plan.scenario.hasCacheTags === true
    ? [...sharedIds(plan, kinds), ...countedIds(plan, kinds), ...listedTags(plan, kinds)]
    : [];

const sharedIds = (plan: Plan, { domainIds }: Kinds): readonly Property[] =>
  plan.scenario.domains.flatMap((_, domain) =>
    sharesId(plan, domain)
      ? [
          {
            id: 'S12',
            sentence: 'an id that is shared is counted for one of those who share it',
            never: [
              where(domainIds, 0, ({ context }) =>
                context.held.some((held) => held.domain === domain),
              ),
            ],
          },
        ]
      : [],
  );

/** With nobody attaching or detaching, an id has as many users as its domain hangs at places. */
const countedIds = (plan: Plan, kinds: Kinds): readonly Property[] =>
  plan.scenario.domains.flatMap((_, domain) =>
    sharesId(plan, domain)
      ? []
      : whereverItHangs(plan, kinds, domain, (places) => ({
          id: 'S11',
          sentence: `a domain that hangs at ${places.length} places does not count as many uses of its id`,
          never: [
            where(
              kinds.domainIds,
              0,
              ({ context }) =>
                (context.held.find((held) => held.domain === domain)?.users ?? 0) !== places.length,
            ),
          ],
        })),
  );

/** And a tag as many as attachments that need it. */
const listedTags = (plan: Plan, kinds: Kinds): readonly Property[] =>
  allTags(plan).flatMap((tag, at) =>
    whereverItHangs(plan, kinds, tag.holder, (places) => {
      const users = places.filter((attachment) => needs(plan, tag, attachment)).length;
      return {
        id: 'S15',
        sentence: `the ${tag.type} tag of a domain is not listed for the ${users} attachments that need it`,
        never: [where(kinds.cacheTag, at, ({ context }) => context.users !== users)],
      };
    }),
  );

/** By what the kernel would have it do, not by what the driver does. */
const needs = (plan: Plan, tag: Tag, attachment: number): boolean =>
  tagsOf(
    { ...plan, driver: { ...plan.driver, defects: [] } },
    {
      attachment,
      domain: tag.holder,
    },
  ).some((each) => isSame(tag, each));

/** One property for each set of places at which a domain may hang while nothing is under way. */
function whereverItHangs(
  plan: Plan,
  kinds: Kinds,
  domain: number,
  property: (places: readonly number[]) => Property,
): readonly Property[] {
  const may = plan.handles.flatMap((hung) => (hung.domain === domain ? [hung.attachment] : []));
  const resting = plan.tasks.map((task) => isResting(kinds, task));
  const hangs = (attachment: number, wanted: boolean): Read =>
    where(
      kinds.slot,
      attachment,
      ({ value, context }) =>
        (value === 'attached' &&
          context.handle !== undefined &&
          plan.handles[context.handle]?.domain === domain) === wanted,
    );
  return Array.from({ length: 2 ** may.length }, (_, bits) => {
    const places = may.filter((_place, at) => Math.floor(bits / 2 ** at) % 2 === 1);
    const made = property(places);
    return {
      ...made,
      never: [
        ...resting,
        ...may.map((attachment) => hangs(attachment, places.includes(attachment))),
        ...made.never,
      ],
    };
  });
}
