/**
 * Operation: one thread carrying out a driver's list of named steps: attach, detach, replace, mm release.
 *
 * Kernel: as operation-steps.ts; spinning and sleeping waits are states that a question must open.
 * Actor:  active, one per operation under way. Takes `step`; what it can't do yet, it can't step.
 * Effects: one per step, each with the whole target; the objects they call decide.
 *
 * The list is data: a driver is its lists, a quirk is an edit of one, an ordering question is a permutation.
 */
import { setup } from 'xstate';

import {
  type ActEffect,
  type AwaitQuestion,
  OPERATION_STEPS,
  type OperationStep,
  type StepPart,
  type StepShape,
  type SubmitEffect,
} from './operation-steps.ts';
import { effect, holds, oneOf, question } from './wiring-types.ts';

/** What an operation works on; constants of the instance. */
export type OperationTarget = {
  readonly operation: number;
  readonly device: number;
  readonly attachment: number;
};

export type OperationEvent =
  | { readonly type: 'step' } //                                             from the scheduler
  | { readonly type: 'step.begin'; readonly named: OperationStep } //        from whoever tries orders
  | { readonly type: 'operation.end' }; //                                   from whoever tries orders

/** What is awaited: some invalidations are done when the unit has executed them, others when the device has answered. */
export type Submitted = { readonly submitted: SubmitEffect };

type Found = 'present' | 'fault-disabled' | 'absent';
type Context = OperationTarget & { readonly found: Found };

const submit = effect<OperationTarget>();

const operation = setup({
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
    invalidationIsDone: question<OperationTarget & Submitted>('invalidationIsDone'),
    overflowIsSet: question<OperationTarget>('overflowIsSet'),
    releaseIsIdle: question<OperationTarget>('releaseIsIdle'),
    threadIsIdle: question<OperationTarget>('threadIsIdle'),
    reportingIsSettled: question<OperationTarget>('reportingIsSettled'),
    attachmentIsUnlisted: question<OperationTarget>('attachmentIsUnlisted'),
    isNamed: ({ event }, { step }: { readonly step: OperationStep }) =>
      event.type === 'step.begin' && event.named === step,
    entryWasAbsent: ({ context }) => context.found === 'absent',
    entryWasNotPresent: ({ context }) => context.found !== 'present',
  },
});

const found = (value: Found) => operation.assign({ found: value });
const foundPresent = found('present');
const foundFaultDisabled = found('fault-disabled');
/** What an entry that is not present is found to be, by what it is taken to owe. */
const ABSENT_AS = { nothing: found('absent'), drain: foundFaultDisabled, flush: foundPresent };

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
const perform = <Type extends ActEffect | SubmitEffect | OwnEffect>(type: Type) =>
  ({ type, params: target }) as const;
const asks = <Type extends AwaitQuestion>(type: Type) => ({ type, params: target }) as const;

const asksFor = (submitted: SubmitEffect) =>
  ({
    type: 'invalidationIsDone',
    params: (of: { readonly context: Context }) => ({ ...target(of), submitted }),
  }) as const;

/** Transitions that pass a step by when block-entry found nothing to do for it. */
function bypass(part: StepPart, next: string) {
  switch (part) {
    case 'any':
      return [];
    case 'invalidation':
      return [{ guard: 'entryWasNotPresent', target: next } as const];
    case 'drain':
      return [
        { guard: 'entryWasAbsent', target: next } as const,
        { guard: asks('reportingIsOff'), target: next } as const,
      ];
  }
}

function acting({ effect, waitsFor }: Extract<StepShape, { kind: 'act' }>, next: string) {
  const done = { target: next, actions: perform(effect) } as const;
  return waitsFor === undefined ? done : ({ guard: asks(waitsFor), ...done } as const);
}

function stepState(shape: StepShape, next: string) {
  switch (shape.kind) {
    case 'act':
      return operation.createStateConfig({
        on: {
          step: [...bypass(shape.part, next), acting(shape, next)],
        },
      });
    case 'await':
      return operation.createStateConfig({
        on: { step: [...bypass(shape.part, next), { guard: asks(shape.question), target: next }] },
      });
    case 'invalidate':
      return operation.createStateConfig({
        initial: 'submitting',
        states: {
          submitting: {
            on: {
              step: [
                ...bypass(shape.part, next),
                { target: 'waiting', actions: perform(shape.effect) },
              ],
            },
          },
          waiting: { on: { step: { guard: asksFor(shape.effect), target: next } } },
        },
      });
    case 'flush':
      return operation.createStateConfig({
        initial: 'noting',
        states: {
          noting: {
            on: {
              step: [
                ...bypass(shape.part, next),
                { target: 'waiting', actions: perform('noteWorkQueue') },
              ],
            },
          },
          waiting: { on: { step: { guard: asks('workQueueIsFlushed'), target: next } } },
        },
      });
    case 'block-entry':
      return operation.createStateConfig({
        on: {
          step: [
            {
              guard: asks('entryIsPresent'),
              target: next,
              actions: [perform('clearPresent'), foundPresent],
            },
            {
              guard: asks('entryOwesDrain'),
              target: next,
              actions: [perform('finishZeroing'), foundFaultDisabled],
            },
            { target: next, actions: ABSENT_AS[shape.absentOwes] },
          ],
        },
      });
    case 'drain-ring':
      return shape.shared ? ringBySharedCompletion(next) : ringByCondition(next);
    case 'drain-hardware':
      return hardwareDrain(next, shape.shared);
  }
}

/** Waits for the end of a pass that began before the ring was found to hold a request of ours. */
function ringByCondition(next: string) {
  return operation.createStateConfig({
    initial: 'scanning',
    states: {
      scanning: {
        on: {
          step: [
            ...bypass('drain', next),
            { guard: asks('ringHasMine'), target: 'waiting', actions: perform('notePass') },
            { target: next },
          ],
        },
      },
      waiting: { on: { step: { guard: asks('passIsComplete'), target: 'scanning' } } },
    },
  });
}

/** Re-arms the completion that all drains of the unit share, looks at the ring, sleeps on the completion. */
function ringBySharedCompletion(next: string) {
  return operation.createStateConfig({
    initial: 'rearming',
    states: {
      rearming: {
        on: {
          step: [
            ...bypass('drain', next),
            { target: 'scanning', actions: perform('rearmCompletion') },
          ],
        },
      },
      scanning: {
        on: { step: [{ guard: asks('ringHasMine'), target: 'waiting' }, { target: next }] },
      },
      waiting: {
        on: {
          step: {
            guard: asks('completionIsDone'),
            target: 'rearming',
            actions: perform('consumeCompletion'),
          },
        },
      },
    },
  });
}

/** Submits fence, IOTLB and device-TLB invalidation with the page-request drain; again while the queue overflowed. */
function hardwareDrain(next: string, shared: boolean) {
  const again = shared
    ? {
        guard: asks('completionIsDone'),
        target: 'submitting',
        actions: perform('consumeCompletion'),
      }
    : { guard: asks('passIsComplete'), target: 'submitting' };
  return operation.createStateConfig({
    initial: 'submitting',
    states: {
      submitting: {
        on: {
          step: [
            ...bypass('drain', next),
            {
              target: 'waiting',
              actions: [perform(shared ? 'rearmCompletion' : 'notePass'), perform('submitDrain')],
            },
          ],
        },
      },
      waiting: { on: { step: { guard: asksFor('submitDrain'), target: 'checking' } } },
      checking: {
        on: { step: [{ guard: asks('overflowIsSet'), target: 'overflowed' }, { target: next }] },
      },
      overflowed: { on: { step: again } },
    },
  });
}

/** Tag of where an operation is before its first step, and while that step lasts. */
export const NOT_BEGUN = 'not-begun';

/**
 * The machine of one operation, whose final state is `done`; `name`, its id, must be a plain kebab-case word. One that is
 * run for each attachment on a domain's list looks there first, and passes by what is no longer on it.
 */
export function operationMachine(name: string, steps: readonly OperationStep[], looksUp = false) {
  const stateOf = (index: number): string => `#${name}.${steps[index] ?? 'done'}`;
  const states = Object.fromEntries(
    steps.map((step, index) => {
      const state = stepState(OPERATION_STEPS[step], stateOf(index + 1));
      return [step, index === 0 && !looksUp ? { tags: NOT_BEGUN, ...state } : state];
    }),
  );
  const lookingUp = operation.createStateConfig({
    tags: NOT_BEGUN,
    on: {
      step: [
        { guard: { type: 'attachmentIsUnlisted', params: target }, target: `#${name}.done` },
        { target: stateOf(0) },
      ],
    },
  });
  return operation.createMachine({
    id: name,
    context: ({ input }) => ({ ...input, found: 'present' }),
    initial: looksUp ? 'lookingUp' : (steps[0] ?? 'done'),
    states: {
      ...(looksUp ? { lookingUp } : {}),
      ...states,
      done: { type: 'final', entry: foundPresent },
    },
  });
}

/**
 * The machine of an operation that has no order: it is told which step to begin, and when it is over; who tells it
 * remembers which steps are done. Told the steps of a list one by one it does what {@link operationMachine} does,
 * and `underWay` is where it waits to be told.
 */
export function unorderedOperationMachine(name: string, steps: readonly OperationStep[]) {
  const underWay = `#${name}.underWay`;
  const begins = steps.map((step) => ({
    guard: { type: 'isNamed', params: { step } } as const,
    target: `#${name}.${step}`,
  }));
  const told = { 'step.begin': begins, 'operation.end': `#${name}.done` } as const;
  return operation.createMachine({
    id: name,
    context: ({ input }) => ({ ...input, found: 'present' }),
    initial: 'notBegun',
    states: {
      notBegun: { tags: NOT_BEGUN, on: told },
      underWay: { on: told },
      ...Object.fromEntries(
        steps.map((step) => [step, stepState(OPERATION_STEPS[step], underWay)]),
      ),
      done: { type: 'final', entry: foundPresent },
    },
  });
}

export type OperationMachine = ReturnType<typeof operationMachine>;

export const operationHolds = holds({ found: oneOf(['present', 'fault-disabled', 'absent']) });
