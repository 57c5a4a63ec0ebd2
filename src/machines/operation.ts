/**
 * Operation: one thread carrying out a driver's list of named steps: attach, detach, replace, mm release.
 *
 * Kernel: as operation-steps.ts; spinning and sleeping waits are states that a question must open.
 * Actor:  active, one per operation under way. Takes `step`; what it can't do yet, it can't step.
 * Effects: one per step, each with the whole target; the objects they call decide.
 *
 * The list is data: a driver is its lists, a quirk is an edit of one, an ordering question is a permutation.
 */
import { not } from 'xstate';

import { invariant } from '../core/invariant.ts';
import {
  type OperationStep,
  type OwnSteps,
  type StepPart,
  type StepShape,
  stepShape,
} from './operation-steps.ts';
import {
  ABSENT_AS,
  asks,
  asksWhetherDone,
  foundPresent,
  MARKED_AS,
  NOT_BEGUN,
  operation,
  perform,
} from './operation-terms.ts';
import { holds, oneOf } from './wiring-types.ts';

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

function acting({ effects, waitsFor }: Extract<StepShape, { kind: 'act' }>, next: string) {
  const done = { target: next, actions: effects.map((effect) => perform(effect)) } as const;
  return waitsFor === undefined ? done : ({ guard: asks(waitsFor), ...done } as const);
}

function awaiting({ question, isNot }: Extract<StepShape, { kind: 'await' }>, next: string) {
  const asked = asks(question);
  // The types of XState know only what negates a question that is known by name.
  const guard = isNot === true ? (not(asked) as unknown as typeof asked) : asked;
  return { guard, target: next } as const;
}

/** The state of one step; `last` is the operation's end, where it goes when it is refused. */
export function stepState(shape: StepShape, next: string, last: string) {
  switch (shape.kind) {
    case 'act':
      return operation.createStateConfig({
        on: {
          step: [...bypass(shape.part, next), acting(shape, next)],
        },
      });
    case 'await':
      return operation.createStateConfig({
        on: { step: [...bypass(shape.part, next), awaiting(shape, next)] },
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
          waiting: { on: { step: { guard: asksWhetherDone(shape.effect), target: next } } },
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
              actions: [perform('finishZeroing'), MARKED_AS[shape.absentOwes]],
            },
            { target: next, actions: ABSENT_AS[shape.absentOwes] },
          ],
        },
      });
    case 'refuse':
      return operation.createStateConfig({
        on: { step: [{ guard: asks(shape.question), target: last }, { target: next }] },
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
      waiting: { on: { step: { guard: asksWhetherDone('submitDrain'), target: 'checking' } } },
      checking: {
        on: { step: [{ guard: asks('overflowIsSet'), target: 'overflowed' }, { target: next }] },
      },
      overflowed: { on: { step: again } },
    },
  });
}

/**
 * The machine of one operation, whose final state is `done`; `name`, its id, must be a plain kebab-case word. `own` are
 * the rows of steps that are not among those every driver may name.
 */
export function operationMachine(name: string, steps: readonly OperationStep[], own?: OwnSteps) {
  invariant(new Set(steps).size === steps.length, `${name} takes a step twice: ${steps}`);
  const stateOf = (index: number): string => `#${name}.${steps[index] ?? 'done'}`;
  const states = Object.fromEntries(
    steps.map((step, index) => {
      const state = stepState(stepShape(step, own), stateOf(index + 1), `#${name}.done`);
      return [step, index === 0 ? { tags: NOT_BEGUN, ...state } : state];
    }),
  );
  return operation.createMachine({
    id: name,
    context: ({ input }) => ({ ...input, found: 'present' }),
    initial: steps[0] ?? 'done',
    states: { ...states, done: { type: 'final', entry: foundPresent } },
  });
}

export type OperationMachine = ReturnType<typeof operationMachine>;

export const operationHolds = holds({ found: oneOf(['present', 'fault-disabled', 'absent']) });
