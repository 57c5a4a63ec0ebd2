/**
 * Operation steps: the vocabulary in which a driver writes its attach, detach and mm release.
 *
 * Kernel: drivers/iommu/intel/pasid.c, intel_pasid_tear_down_entry(); prq.c, intel_iommu_drain_pasid_prq();
 *         iommu.c, blocking_domain_set_dev_pasid(); drivers/iommu/iommu.c, iommu-sva.c.
 *
 * A step is one noun of the field and one row here. `part` says what block-entry's finding does to it: an entry
 * that was already absent skips the invalidations, and the drain too, unless the step list says it is owed.
 */

import type { Brand } from '../core/brand.ts';
import { invariant } from '../core/invariant.ts';

/** What happens in a step, from the explorer's point of view: how many critical sections it has. */
export type StepShape =
  /** One critical section, its effects in order; `waitsFor`: what holds its lock must have let it go. */
  | {
      readonly kind: 'act';
      readonly effects: readonly (ActEffect | SubmitEffect)[];
      readonly part: StepPart;
      readonly waitsFor?: AwaitQuestion;
    }
  /** Descriptors are submitted, then their wait descriptor is awaited. */
  | { readonly kind: 'invalidate'; readonly effect: SubmitEffect; readonly part: StepPart }
  /** Nothing is done until a question is answered yes; or no, where `isNot` says so. */
  | {
      readonly kind: 'await';
      readonly question: AwaitQuestion;
      readonly part: StepPart;
      readonly isNot?: boolean;
    }
  /** Asked before anything is done; yes: the operation returns at once. */
  | { readonly kind: 'refuse'; readonly question: AwaitQuestion; readonly part: 'any' }
  /** What an entry that is not present is taken to owe: whoever made it so may not have done it yet. */
  | {
      readonly kind: 'block-entry';
      readonly absentOwes: 'nothing' | 'drain' | 'flush';
      readonly part: 'any';
    }
  /** What is queued now is noted, then awaited: later work is not waited for. */
  | { readonly kind: 'flush'; readonly part: 'drain' }
  | { readonly kind: 'drain-ring'; readonly shared: boolean; readonly part: 'drain' }
  | { readonly kind: 'drain-hardware'; readonly shared: boolean; readonly part: 'drain' };

export type StepPart = 'any' | 'invalidation' | 'drain';

export type ActEffect =
  | 'allocateHandle'
  | 'reserveSlot'
  | 'publishHandle'
  | 'replaceHandle'
  | 'eraseSlot'
  | 'freeHandle'
  | 'getDomain'
  | 'putDomain'
  | 'putOldDomain'
  | 'trackPasid'
  | 'untrackPasid'
  | 'untrackOldPasid'
  | 'lockDomain'
  | 'unlockDomain'
  | 'buildPasidTable'
  | 'freePasidTable'
  | 'programEntry'
  | 'rewriteEntry'
  | 'zeroEntry'
  | 'markFaultDisabled'
  | 'markFaultDisabledIfPresent'
  | 'enableReporting'
  | 'dropReporting'
  | 'dropOldReporting'
  | 'discardPartials'
  | 'answerInvalid';

export type SubmitEffect =
  | 'submitContextInvalidation'
  | 'submitPasidCacheInvalidation'
  | 'submitIotlbInvalidation'
  | 'submitDeviceTlbInvalidation'
  | 'submitDrain';

export type AwaitQuestion =
  | 'entryIsPresent'
  | 'entryOwesDrain'
  | 'reportingIsOff'
  | 'ringHasMine'
  | 'passIsComplete'
  | 'completionIsDone'
  | 'workQueueIsFlushed'
  | 'groupsAreFinished'
  | 'overflowIsSet'
  | 'releaseIsIdle'
  | 'threadIsIdle'
  | 'reportingIsSettled'
  | 'pasidsAreAttached'
  | 'attachmentIsUnlisted'
  | 'domainLockIsFree';

const act = (effect: ActEffect, part: StepPart = 'any'): StepShape => ({
  kind: 'act',
  effects: [effect],
  part,
});
const waiting = (effect: ActEffect, waitsFor: AwaitQuestion): StepShape => ({
  kind: 'act',
  effects: [effect],
  part: 'any',
  waitsFor,
});
/** Under the domain's lock, which a release of the address space holds from its first entry to its last. */
const underDomainLock = (effect: ActEffect): StepShape => waiting(effect, 'releaseIsIdle');
const invalidate = (effect: SubmitEffect, part: StepPart = 'invalidation'): StepShape => ({
  kind: 'invalidate',
  effect,
  part,
});

/** Every step a driver's list may name. */
export const OPERATION_STEPS = {
  'allocate-handle': act('allocateHandle'),
  'reserve-slot': act('reserveSlot'),
  'publish-handle': act('publishHandle'),
  'replace-handle': act('replaceHandle'),
  'erase-slot': act('eraseSlot'),
  'free-handle': act('freeHandle'),
  'get-domain': act('getDomain'),
  'put-domain': act('putDomain'),
  'put-old-domain': act('putOldDomain'),
  'track-pasid': underDomainLock('trackPasid'),
  'untrack-pasid': underDomainLock('untrackPasid'),
  'untrack-old-pasid': underDomainLock('untrackOldPasid'),
  // Who finds it absent was too late: a release has cleared the entry and taken it off the list.
  'untrack-pasid-if-present': act('untrackPasid', 'invalidation'),
  // Where a removal holds the domain's lock as long as a release does, both say so.
  'lock-domain': waiting('lockDomain', 'domainLockIsFree'),
  'unlock-domain': act('unlockDomain'),
  'build-pasid-table': act('buildPasidTable'),
  'free-pasid-table': act('freePasidTable'),
  /** What is run for each attachment on a domain's list passes by what has left it; no driver's list names it. */
  'look-up-attachment': { kind: 'refuse', question: 'attachmentIsUnlisted', part: 'any' },
  'refuse-under-pasids': { kind: 'refuse', question: 'pasidsAreAttached', part: 'any' },
  'program-entry': act('programEntry'),
  'rewrite-entry': act('rewriteEntry'),
  'enable-reporting': act('enableReporting'),
  'drop-reporting': act('dropReporting'),
  'drop-old-reporting': act('dropOldReporting'),
  'await-reporting': { kind: 'await', question: 'reportingIsSettled', part: 'any' },
  'await-release': { kind: 'await', question: 'releaseIsIdle', part: 'any' },
  'block-entry': { kind: 'block-entry', absentOwes: 'nothing', part: 'any' },
  'block-entry-owing-drain': { kind: 'block-entry', absentOwes: 'drain', part: 'any' },
  'block-entry-owing-flush': { kind: 'block-entry', absentOwes: 'flush', part: 'any' },
  'invalidate-context': invalidate('submitContextInvalidation'),
  'invalidate-pasid-cache': invalidate('submitPasidCacheInvalidation'),
  // Of a unit that may have kept an entry which was not present.
  'invalidate-new-entry': invalidate('submitPasidCacheInvalidation', 'any'),
  'invalidate-iotlb': invalidate('submitIotlbInvalidation'),
  'invalidate-device-tlb': invalidate('submitDeviceTlbInvalidation'),
  'zero-entry': act('zeroEntry', 'invalidation'),
  'mark-fault-disabled': act('markFaultDisabled', 'invalidation'),
  'mark-fault-disabled-if-present': act('markFaultDisabledIfPresent', 'invalidation'),
  'drain-ring': { kind: 'drain-ring', shared: false, part: 'drain' },
  'drain-ring-by-completion': { kind: 'drain-ring', shared: true, part: 'drain' },
  'synchronize-thread': { kind: 'await', question: 'threadIsIdle', part: 'drain' },
  'flush-workqueue': { kind: 'flush', part: 'drain' },
  // Waits for the work of its own attach handle, whatever else the queue holds.
  'flush-groups': { kind: 'await', question: 'groupsAreFinished', part: 'drain' },
  'drain-hardware': { kind: 'drain-hardware', shared: false, part: 'drain' },
  'drain-hardware-by-completion': { kind: 'drain-hardware', shared: true, part: 'drain' },
  'discard-partials': act('discardPartials'),
  'answer-invalid': act('answerInvalid'),
} as const satisfies Readonly<Record<string, StepShape>>;

export type KnownStep = keyof typeof OPERATION_STEPS;

/** A step that a driver brings along; its row stands beside the driver's lists. */
export type OwnStep = Brand<string, 'own step'>;
export type OwnSteps = Readonly<Record<string, StepShape>>;

export type OperationStep = KnownStep | OwnStep;

export const isKnownStep = (step: string): step is KnownStep =>
  Object.hasOwn(OPERATION_STEPS, step);

/** The row of a step, here or among those of its driver. @throws InvariantViolation when there is none. */
export function stepShape(step: OperationStep, own: OwnSteps = {}): StepShape {
  if (isKnownStep(step)) return OPERATION_STEPS[step];
  const shape = own[step];
  invariant(shape !== undefined, `nobody says what the step ${step} does`);
  return shape;
}

/** Whether a step's own question is this one. */
export const asksFor = (shape: StepShape, question: AwaitQuestion): boolean =>
  (shape.kind === 'act' && shape.waitsFor === question) ||
  ('question' in shape && shape.question === question);

/** The invalidations and drains that a step submits, in order, whatever it is called. */
export const submittedBy = (
  step: OperationStep,
  own: OwnSteps | undefined,
): readonly SubmitEffect[] => {
  const shape = stepShape(step, own);
  switch (shape.kind) {
    case 'invalidate':
      return [shape.effect];
    case 'drain-hardware':
      return ['submitDrain'];
    case 'act':
      return shape.effects.filter((effect): effect is SubmitEffect => effect.startsWith('submit'));
    default:
      return [];
  }
};

/** Whether a step has one of the effects, whatever it is called. */
export const hasEffect = (
  step: OperationStep,
  own: OwnSteps | undefined,
  ...effects: readonly ActEffect[]
): boolean => {
  const shape = stepShape(step, own);
  return shape.kind === 'act' && shape.effects.some((each) => effects.some((of) => of === each));
};
