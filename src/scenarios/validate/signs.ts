/**
 * Signs: what the steps of a place's machines show in a trace, and what each kind of unit calls it.
 *
 * Kernel: drivers/iommu/intel/trace.h; where the events stand: prq.c, cache.c, dmar.c. The other drivers trace nothing
 *         of it: a recorded storm writes their commands as marks.
 *
 * A request is traced after its report, so others may have been seen meanwhile; a command before it takes effect.
 */
import type { PageResponseCode } from '../../core/page-request.ts';
import type { FiredEffect } from '../../explore/cells.ts';
import type { Signs } from '../../explore/frontier.ts';
import {
  type OperationStep,
  type OwnSteps,
  type StepShape,
  stepShape,
} from '../../machines/operation-steps.ts';
import type { UnitKind } from '../../workers/unit-kind.ts';

/** By what they are on VT-d; a unit without cache tags has `listed` and `unlisted` only. */
export const SIGN = {
  report: 'report',
  listed: 'listed',
  listedDevtlb: 'listed-devtlb',
  unlisted: 'unlisted',
  unlistedDevtlb: 'unlisted-devtlb',
  functionEntry: 'function-entry',
  pasidCache: 'pasid-cache',
  iotlb: 'iotlb',
  devtlb: 'devtlb',
  fence: 'fence',
  drainIotlb: 'drain-iotlb',
  drainDevtlb: 'drain-devtlb',
} as const;

export type Sign = (typeof SIGN)[keyof typeof SIGN];
export type OperationSign = Exclude<Sign, 'report'>;

const UNDER_LOCK = ", under the domain's lock";
const ANSWER = 'answer ';

/**
 * A release submits under the domain's lock, which spins: its lines stand under one lock more than the queue's own.
 *
 * Kernel: drivers/iommu/intel/svm.c, intel_mm_release().
 */
export const underLock = (sign: string): string => `${sign}${UNDER_LOCK}`;

/** An SMMU resumes what is not to be tried again with an abort, whatever the reason. */
export const answerSign = (unit: UnitKind, code: PageResponseCode): string =>
  `${ANSWER}${unit === 'smmuv3' && code === 'failure' ? 'invalid' : code}`;

const VTD_TEXTS: Readonly<Record<Sign, string>> = {
  report: 'prq_report',
  listed: 'cache_tag_assign iotlb',
  'listed-devtlb': 'cache_tag_assign devtlb',
  unlisted: 'cache_tag_unassign iotlb',
  'unlisted-devtlb': 'cache_tag_unassign devtlb',
  'function-entry': 'cc_inv',
  'pasid-cache': 'pc_inv',
  iotlb: 'IOTLB invalidation',
  devtlb: 'device-TLB invalidation',
  fence: 'inv_wait',
  'drain-iotlb': "the drain's IOTLB invalidation",
  'drain-devtlb': "the drain's device-TLB invalidation",
};

const TEXTS: Readonly<Record<UnitKind, Readonly<Record<string, string>>>> = {
  vtd: {
    ...VTD_TEXTS,
    [answerSign('vtd', 'success')]: 'page_grp_resp success',
    [answerSign('vtd', 'invalid')]: 'page_grp_resp invalid',
    [answerSign('vtd', 'failure')]: 'page_grp_resp failure',
  },
  amd: {
    ...VTD_TEXTS,
    report: 'ppr_log',
    listed: 'listed',
    unlisted: 'unlisted',
    'function-entry': 'INVALIDATE_DEVTAB_ENTRY',
    iotlb: 'INVALIDATE_IOMMU_PAGES',
    devtlb: 'INVALIDATE_IOTLB_PAGES',
    [answerSign('amd', 'success')]: 'COMPLETE_PPR_REQUEST success',
    [answerSign('amd', 'invalid')]: 'COMPLETE_PPR_REQUEST invalid',
    [answerSign('amd', 'failure')]: 'COMPLETE_PPR_REQUEST failure',
  },
  smmuv3: {
    ...VTD_TEXTS,
    report: 'evtq',
    listed: 'listed',
    unlisted: 'unlisted',
    'function-entry': 'CFGI_STE',
    'pasid-cache': 'CFGI_CD',
    iotlb: 'TLBI_NH_ASID',
    devtlb: 'ATC_INV',
    [answerSign('smmuv3', 'success')]: 'RESUME retry',
    [answerSign('smmuv3', 'invalid')]: 'RESUME abort',
  },
};

/** What a reader of the trace looks for. */
export function signText(unit: UnitKind, sign: string): string {
  const suffix = sign.endsWith(UNDER_LOCK) ? UNDER_LOCK : '';
  const bare = sign.slice(0, sign.length - suffix.length);
  return `${TEXTS[unit][bare] ?? bare}${suffix}`;
}

/** What the trace has of a step. */
export type SignRules = {
  /** Nothing stands before its cause, not even a report: so a storm records. */
  readonly reportsAtOnce: boolean;
  readonly unit: UnitKind;
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
      if (isResponse(slot) && rules.showsSubmissions)
        now.push(answerSign(rules.unit, codeIn(params)));
    } else {
      now.push(...listSigns(rules, slot, type));
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

/** Signs that a list may begin with: those of its steps up to the first that is always taken. */
export function firstSigns(
  rules: SignRules,
  list: string,
  steps: readonly OperationStep[],
  own: OwnSteps | undefined,
): readonly string[] {
  const signs: string[] = [];
  for (const step of steps) {
    const shape = stepShape(step, own);
    const [first] = effectsOf(shape).flatMap((effect) => listSigns(rules, list, effect));
    if (first === undefined) continue;
    signs.push(first);
    if (shape.part === 'any') break;
  }
  return signs;
}

function effectsOf(shape: StepShape): readonly string[] {
  switch (shape.kind) {
    case 'act':
      return shape.effects;
    case 'invalidate':
      return [shape.effect];
    case 'drain-hardware':
      return ['submitDrain'];
    default:
      return []; // the others only wait, or clear an entry, which nobody traces
  }
}

function listSigns(rules: SignRules, list: string, effect: string): readonly string[] {
  const signs = effectSigns(rules, effect);
  return rules.unit === 'vtd' && list === 'mm-release' ? signs.map(underLock) : signs;
}

function effectSigns(rules: SignRules, effect: string): readonly Sign[] {
  const { unit, hasDevtlb, hasTags, showsTags, showsSubmissions } = rules;
  const listed = (sign: Sign, ofDevice: Sign): readonly Sign[] =>
    !hasTags || !showsTags ? [] : unit === 'vtd' && hasDevtlb ? [sign, ofDevice] : [sign];
  if (effect === 'trackPasid') return listed(SIGN.listed, SIGN.listedDevtlb);
  if (effect === 'untrackPasid' || effect === 'untrackOldPasid') {
    return listed(SIGN.unlisted, SIGN.unlistedDevtlb);
  }
  if (!showsSubmissions) return [];
  switch (effect) {
    case 'submitContextInvalidation':
      return unit === 'vtd' ? [] : [SIGN.functionEntry];
    case 'submitPasidCacheInvalidation':
      return unit === 'amd' ? [] : [SIGN.pasidCache]; // an AMD unit finds entries through the function's alone
    case 'submitIotlbInvalidation':
      return [SIGN.iotlb];
    case 'submitDeviceTlbInvalidation':
      return hasDevtlb ? [SIGN.devtlb] : [];
    case 'submitDrain':
      return [SIGN.fence, SIGN.drainIotlb, SIGN.drainDevtlb];
    default:
      return [];
  }
}
