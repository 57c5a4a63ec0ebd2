/**
 * Terms of an operation: its target, effects, questions and what it remembers of the entry it found.
 *
 * Kernel: as operation-steps.ts. The chart is in operation.ts; here is what its words mean.
 */
import { setup } from 'xstate';

import type { ActEffect, AwaitQuestion, OperationStep, SubmitEffect } from './operation-steps.ts';
import { effect, question } from './wiring-types.ts';

/** What an operation works on; constants of the instance. */
export type OperationTarget = {
  readonly operation: number;
  readonly device: number;
  readonly attachment: number;
};

/** Some submissions are done when the unit has executed them, others when the device has answered: which is awaited. */
export type Submitted = { readonly submitted: SubmitEffect };

export type OperationEvent =
  | { readonly type: 'step' } //                                          from the scheduler
  | { readonly type: `begin.${OperationStep}` | 'operation.end' }; //     from whoever tries orders

type Found = 'present' | 'fault-disabled' | 'absent';
type Context = OperationTarget & { readonly found: Found };

const submit = effect<OperationTarget>();

export const operation = setup({
  types: { context: {} as Context, events: {} as OperationEvent, input: {} as OperationTarget },
  actions: {
    clearPresent: effect<OperationTarget>(),
    finishZeroing: effect<OperationTarget>(),
    rearmCompletion: effect<OperationTarget>(),
    consumeCompletion: effect<OperationTarget>(),
    notePass: effect<OperationTarget>(),
    allocateHandle: effect<OperationTarget>(),
    reserveSlot: effect<OperationTarget>(),
    publishHandle: effect<OperationTarget>(),
    replaceHandle: effect<OperationTarget>(),
    eraseSlot: effect<OperationTarget>(),
    freeHandle: effect<OperationTarget>(),
    getDomain: effect<OperationTarget>(),
    putDomain: effect<OperationTarget>(),
    putOldDomain: effect<OperationTarget>(),
    trackPasid: effect<OperationTarget>(),
    untrackPasid: effect<OperationTarget>(),
    untrackOldPasid: effect<OperationTarget>(),
    lockDomain: effect<OperationTarget>(),
    unlockDomain: effect<OperationTarget>(),
    buildPasidTable: effect<OperationTarget>(),
    freePasidTable: effect<OperationTarget>(),
    programEntry: effect<OperationTarget>(),
    rewriteEntry: effect<OperationTarget>(),
    zeroEntry: effect<OperationTarget>(),
    markFaultDisabled: effect<OperationTarget>(),
    markFaultDisabledIfPresent: effect<OperationTarget>(),
    enableReporting: effect<OperationTarget>(),
    dropReporting: effect<OperationTarget>(),
    dropOldReporting: effect<OperationTarget>(),
    noteWorkQueue: effect<OperationTarget>(),
    discardPartials: effect<OperationTarget>(),
    answerInvalid: effect<OperationTarget>(),
    submitContextInvalidation: submit,
    submitPasidCacheInvalidation: submit,
    submitIotlbInvalidation: submit,
    submitDeviceTlbInvalidation: submit,
    submitDrain: submit,
  },
  guards: {
    entryIsPresent: question<OperationTarget>('entryIsPresent'),
    entryOwesDrain: question<OperationTarget>('entryOwesDrain'),
    reportingIsOff: question<OperationTarget>('reportingIsOff'),
    ringHasMine: question<OperationTarget>('ringHasMine'),
    passIsComplete: question<OperationTarget>('passIsComplete'),
    completionIsDone: question<OperationTarget>('completionIsDone'),
    workQueueIsFlushed: question<OperationTarget>('workQueueIsFlushed'),
    groupsAreFinished: question<OperationTarget>('groupsAreFinished'),
    invalidationIsDone: question<OperationTarget & Submitted>('invalidationIsDone'),
    overflowIsSet: question<OperationTarget>('overflowIsSet'),
    releaseIsIdle: question<OperationTarget>('releaseIsIdle'),
    threadIsIdle: question<OperationTarget>('threadIsIdle'),
    reportingIsSettled: question<OperationTarget>('reportingIsSettled'),
    domainLockIsFree: question<OperationTarget>('domainLockIsFree'),
    pasidsAreAttached: question<OperationTarget>('pasidsAreAttached'),
    attachmentIsUnlisted: question<OperationTarget>('attachmentIsUnlisted'),
    entryWasAbsent: ({ context }) => context.found === 'absent',
    entryWasNotPresent: ({ context }) => context.found !== 'present',
  },
});

const found = (value: Found) => operation.assign({ found: value });
export const foundPresent = found('present');
const foundFaultDisabled = found('fault-disabled');
/** What an entry that is not present is found to be, by what it is taken to owe. */
export const ABSENT_AS = {
  nothing: found('absent'),
  drain: foundFaultDisabled,
  flush: foundPresent,
};
/** And one that bears the mark: it owes its drain, and where it is flushed in any case, that too. */
export const MARKED_AS = {
  nothing: foundFaultDisabled,
  drain: foundFaultDisabled,
  flush: foundPresent,
};

type OwnEffect =
  | 'clearPresent'
  | 'finishZeroing'
  | 'rearmCompletion'
  | 'consumeCompletion'
  | 'notePass'
  | 'noteWorkQueue';

const target = ({ context }: { readonly context: Context }): OperationTarget => ({
  operation: context.operation,
  device: context.device,
  attachment: context.attachment,
});
/** Told apart effect by effect: there are more of them than the compiler tells apart by itself. */
type Performed<Type> = Type extends string
  ? { readonly type: Type; readonly params: typeof target }
  : never;
export const perform = <Type extends ActEffect | SubmitEffect | OwnEffect>(type: Type) =>
  ({ type, params: target }) as Performed<Type>; // of one effect it is just that
export const asks = <Type extends AwaitQuestion>(type: Type) => ({ type, params: target }) as const;
export const asksWhetherDone = (submitted: SubmitEffect) =>
  ({
    type: 'invalidationIsDone',
    params: (of: { readonly context: Context }) => ({ ...target(of), submitted }),
  }) as const;

/** Tag of where an operation is before its first step, and while that step lasts. */
export const NOT_BEGUN = 'not-begun';
