/**
 * Synchronous invalidation: one CPU queues an invalidation, makes hardware say when it is done, and frees the page.
 *
 * Kernel:  drivers/iommu/amd/iommu.c, amd_iommu_domain_flush_pages(), iommu_completion_wait(), wait_on_sem().
 * Actor:   active, one per CPU at it. Takes `step`; spinning is a state that a question must open.
 * Effects: queueInvalidation, takeSequence, queueStore, awaitLast, takeLock, dropLock, freePage.
 * Asks:    lockIsFree, needsSync, isComplete.
 *
 * Each critical section is one step unless it waits for hardware; only then the lock itself is taken.
 */
import { and, not, setup } from 'xstate';

import type { CompletionRules } from './completion-rules.ts';
import { effect, holds, question } from './wiring-types.ts';

type Input = { readonly submitter: number; readonly rules: CompletionRules };
type Submitter = { readonly submitter: number };

export type SynchronousInvalidationEvent = { readonly type: 'step' }; // from the scheduler

const invalidation = setup({
  types: {
    context: {} as Input,
    events: {} as SynchronousInvalidationEvent,
    input: {} as Input,
  },
  actions: {
    queueInvalidation: effect<Submitter>(),
    takeSequence: effect<Submitter>(),
    queueStore: effect<Submitter>(),
    awaitLast: effect<Submitter>(),
    takeLock: effect<Submitter>(),
    dropLock: effect<Submitter>(),
    freePage: effect<Submitter>(),
  },
  guards: {
    lockIsFree: question('lockIsFree'),
    needsSync: question('needsSync'),
    isComplete: question<Submitter>('isComplete'),
    testsUnderLock: ({ context }) => context.rules.testsUnderLock,
    numbersUnderLock: ({ context }) => context.rules.numbersUnderLock,
    waitsUnlocked: ({ context }) => context.rules.waitsUnlocked,
    findsNothingLocked: and(['lockIsFree', 'testsUnderLock', not('needsSync')]),
    numbersAndQueues: and(['lockIsFree', 'numbersUnderLock', 'waitsUnlocked']),
    numbersAndHolds: and(['lockIsFree', 'numbersUnderLock', not('waitsUnlocked')]),
    queuesOnly: and(['lockIsFree', 'waitsUnlocked']),
  },
});

const ofSubmitter = ({ context }: { readonly context: Input }): Submitter => ({
  submitter: context.submitter,
});
const perform = <
  Type extends
    | 'queueInvalidation'
    | 'takeSequence'
    | 'queueStore'
    | 'awaitLast'
    | 'takeLock'
    | 'dropLock'
    | 'freePage',
>(
  type: Type,
) => ({ type, params: ofSubmitter }) as const;
const complete = { type: 'isComplete', params: ofSubmitter } as const;

export const synchronousInvalidationMachine = invalidation.createMachine({
  id: 'synchronous-invalidation',
  context: ({ input }) => input,
  initial: 'invalidating',
  states: {
    invalidating: {
      on: {
        step: {
          guard: 'lockIsFree',
          target: 'testing',
          actions: perform('queueInvalidation'),
        },
      },
    },
    // no lock, unless the test is part of the section that follows
    testing: {
      on: {
        step: [
          { guard: 'testsUnderLock', target: 'numbering' },
          { guard: 'needsSync', target: 'numbering' },
          { target: 'returning' },
        ],
      },
    },
    // no lock, unless the number is part of the section that follows
    numbering: {
      on: {
        step: [
          { guard: 'numbersUnderLock', target: 'queueing' },
          { target: 'queueing', actions: perform('takeSequence') },
        ],
      },
    },
    queueing: {
      on: {
        step: [
          { guard: 'findsNothingLocked', target: 'waiting', actions: perform('awaitLast') },
          {
            guard: 'numbersAndQueues',
            target: 'waiting',
            actions: [perform('takeSequence'), perform('queueStore')],
          },
          {
            guard: 'numbersAndHolds',
            target: 'waitingLocked',
            actions: [perform('takeLock'), perform('takeSequence'), perform('queueStore')],
          },
          { guard: 'queuesOnly', target: 'waiting', actions: perform('queueStore') },
          {
            guard: 'lockIsFree',
            target: 'waitingLocked',
            actions: [perform('takeLock'), perform('queueStore')],
          },
        ],
      },
    },
    waiting: { on: { step: { guard: complete, target: 'returning' } } },
    waitingLocked: {
      on: { step: { guard: complete, target: 'returning', actions: perform('dropLock') } },
    },
    returning: { on: { step: { target: 'done', actions: perform('freePage') } } },
    done: { type: 'final' },
  },
});

export const synchronousInvalidationHolds = holds({});
