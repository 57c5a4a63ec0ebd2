/**
 * Listed: whom an invalidation or a release of an address space concerns, as the lists of its domain say.
 *
 * Kernel:  drivers/iommu/intel/svm.c, intel_mm_release(); cache.c, cache_tag_flush_range(): the tags of an attachment
 *          are assigned and unassigned with its place on the list, so here they are one.
 */
import { type Answer, anyOf, where } from '../../../explore/wiring.ts';
import type { Kinds } from './kinds.ts';
import type { Plan, Task } from './plan-terms.ts';

/** Nobody is told of pages that go once the attachment is off the list, or the notifier is no longer linked. */
export function isUnlisted(plan: Plan, { devPasid, notifier }: Kinds, { work }: Task): Answer {
  if (!('steps' in work) || work.going === undefined || devPasid.inputs.length === 0) return false;
  const unlisted = where(devPasid, plan.listPlace(work.going), ({ value }) => value === 'unlisted');
  const space = plan.spaceOf(work.going.domain);
  return space < notifier.inputs.length && work.kind === 'list'
    ? anyOf([unlisted, where(notifier, space, (of) => !of.hasTag('linked'))])
    : [unlisted];
}
