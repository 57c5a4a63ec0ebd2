/**
 * Signs: what the steps of a place's machines show in a trace, by the names of the kernel's events.
 *
 * Kernel: drivers/iommu/intel/trace.h; where the events stand: prq.c, cache.c, dmar.c.
 *
 * A request is traced after its report, so others may have been seen meanwhile; a descriptor before it takes effect.
 */
import type { PageResponseCode } from '../../core/page-request.ts';
import type { FiredEffect } from '../../explore/cells.ts';
import type { Signs } from '../../explore/observer.ts';

export const SIGN = {
  report: 'prq_report',
  assignIotlb: 'cache_tag_assign iotlb',
  assignDevtlb: 'cache_tag_assign devtlb',
  unassignIotlb: 'cache_tag_unassign iotlb',
  unassignDevtlb: 'cache_tag_unassign devtlb',
  pasidCache: 'pc_inv',
  iotlb: 'IOTLB invalidation',
  devtlb: 'device-TLB invalidation',
  fence: 'inv_wait',
  drainIotlb: "the drain's IOTLB invalidation",
  drainDevtlb: "the drain's device-TLB invalidation",
} as const;

export type OperationSign = Exclude<(typeof SIGN)[keyof typeof SIGN], 'prq_report'>;

/**
 * A release submits under the domain's lock, which spins: its lines stand under one lock more than the queue's own.
 *
 * Kernel: drivers/iommu/intel/svm.c, intel_mm_release().
 */
export const underLock = (sign: string): string => `${sign}, under the domain's lock`;

export const answerSign = (code: PageResponseCode): string => `page_grp_resp ${code}`;

/** What the trace has of a step. */
export type SignRules = {
  /** Nothing stands before its cause, not even a report: so a storm records. */
  readonly reportsAtOnce: boolean;
  /** The device has ATS; without it nothing is tagged or invalidated there. */
  readonly hasDevtlb: boolean;
  /** Tags of a function are not the lists' affair: they come and go with ATS too. */
  readonly hasTags: boolean;
  /** A tracepoint that was off shows nothing. */
  readonly showsTags: boolean;
  readonly showsSubmissions: boolean;
  readonly showsReports: boolean;
};

export function signsOf(rules: SignRules, effects: readonly FiredEffect[]): Signs {
  const now: string[] = [];
  const late: string[] = [];
  for (const { type, slot, params } of effects) {
    if (type === 'trace') {
      if (rules.showsReports) (rules.reportsAtOnce ? now : late).push(SIGN.report);
    } else if (type === 'respond') {
      if (isResponse(slot) && rules.showsSubmissions) now.push(answerSign(codeIn(params)));
    } else {
      const signs = listSigns(rules, type);
      now.push(...(slot === 'mm-release' ? signs.map(underLock) : signs));
    }
  }
  return { now, late };
}

/** The worker's own `respond` asks the group to; the group does. */
const isResponse = (slot: string): boolean =>
  slot === 'page-request-thread' || slot === 'page-request-group';

/** Who responds says with what. */
const codeIn = (params: unknown): PageResponseCode =>
  (params as { readonly code: PageResponseCode }).code; // the params of every `respond`

function listSigns(rules: SignRules, effect: string): readonly string[] {
  const tags = rules.hasTags && rules.showsTags;
  const devtlb = (sign: string): readonly string[] => (rules.hasDevtlb ? [sign] : []);
  switch (effect) {
    case 'trackPasid':
      return tags ? [SIGN.assignIotlb, ...devtlb(SIGN.assignDevtlb)] : [];
    case 'untrackPasid':
    case 'untrackOldPasid':
      return tags ? [SIGN.unassignIotlb, ...devtlb(SIGN.unassignDevtlb)] : [];
    case 'submitPasidCacheInvalidation':
      return rules.showsSubmissions ? [SIGN.pasidCache] : [];
    case 'submitIotlbInvalidation':
      return rules.showsSubmissions ? [SIGN.iotlb] : [];
    case 'submitDeviceTlbInvalidation':
      return rules.showsSubmissions ? devtlb(SIGN.devtlb) : [];
    case 'submitDrain':
      return rules.showsSubmissions ? [SIGN.fence, SIGN.drainIotlb, SIGN.drainDevtlb] : [];
    default:
      return [];
  }
}
