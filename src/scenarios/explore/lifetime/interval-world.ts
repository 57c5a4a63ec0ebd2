/**
 * Interval world: a subscription is removed while an invalidation is under way.
 *
 * Kernel: mm/mmu_notifier.c, mn_itree_inv_end(), mmu_interval_notifier_remove().
 * Lock:   the notifier lock, held where a step needs it to be free.
 *
 * While an invalidation runs, a removal is only noted; whoever ends the invalidation carries it out, and the remover
 * waits for the sequence number to move on. It moves on before the noted removals are carried out.
 */
import { setup } from 'xstate';

import type { Driver } from '../../../actors/driver.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import { effect, question } from '../../../machines/wiring-types.ts';
import { memoryMachine } from './notes.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };

const sequenceMachine = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'sequence.advance' } },
}).createMachine({
  id: 'sequence',
  context: {},
  initial: 'invalidating',
  states: { invalidating: { on: { 'sequence.advance': 'advanced' } }, advanced: {} },
});

const notedMachine = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'removal.note' | 'removal.done' } },
}).createMachine({
  id: 'noted-removal',
  context: {},
  initial: 'none',
  states: { none: { on: { 'removal.note': 'noted' } }, noted: { on: { 'removal.done': 'none' } } },
});

const invalidator = setup({
  types: { context: NOTHING, events: STEP },
  actions: { takeLock: effect(), advance: effect(), unlink: effect(), dropLock: effect() },
  guards: { lockIsFree: question('lockIsFree'), removalIsNoted: question('removalIsNoted') },
});

const invalidatorMachine = invalidator.createMachine({
  id: 'invalidator',
  context: {},
  initial: 'ending',
  states: {
    ending: { on: { step: { guard: 'lockIsFree', target: 'advancing', actions: 'takeLock' } } },
    advancing: { on: { step: { target: 'removing', actions: 'advance' } } },
    removing: {
      on: {
        step: [
          { guard: 'removalIsNoted', target: 'unlocking', actions: 'unlink' },
          { target: 'unlocking' },
        ],
      },
    },
    unlocking: { on: { step: { target: 'ended', actions: 'dropLock' } } },
    ended: { type: 'final' },
  },
});

const remover = setup({
  types: {
    context: {} as { readonly looksUnderLock: boolean },
    events: STEP,
    input: {} as { readonly looksUnderLock: boolean },
  },
  actions: { noteRemoval: effect(), unlink: effect(), freeSubscription: effect() },
  guards: {
    lockIsFree: question('lockIsFree'),
    isInvalidating: question('isInvalidating'),
    hasAdvanced: question('hasAdvanced'),
    hasAdvancedUnderLock: question('hasAdvancedUnderLock'),
    looksUnlocked: ({ context }) => !context.looksUnderLock,
  },
});

const removerMachine = remover.createMachine({
  id: 'remover',
  context: ({ input }) => input,
  initial: 'removing',
  states: {
    // one critical section: the sequence is read, and the removal noted or carried out
    removing: {
      on: {
        step: [
          { guard: 'isInvalidating', target: 'waiting', actions: 'noteRemoval' },
          { guard: 'lockIsFree', target: 'freeing', actions: 'unlink' },
        ],
      },
    },
    waiting: { always: [{ guard: 'looksUnlocked', target: 'spinning' }, { target: 'locking' }] },
    spinning: { on: { step: { guard: 'hasAdvanced', target: 'freeing' } } },
    locking: { on: { step: { guard: 'hasAdvancedUnderLock', target: 'freeing' } } },
    freeing: { on: { step: { target: 'removed', actions: 'freeSubscription' } } },
    removed: { type: 'final' },
  },
});

export function intervalWorld(driver: Driver): World {
  const lock = alike('lock', lockMachine, lockHolds, 1);
  const sequence = alike('sequence', sequenceMachine, {}, 1);
  const noted = alike('noted-removal', notedMachine, {}, 1);
  const subscription = slotKind('subscription', memoryMachine, {}, [
    { property: 'S8', sentence: 'nobody unlinks a subscription that was freed' },
  ]);
  const ending = alike('invalidator', invalidatorMachine, {}, 1);
  const removing = slotKind('remover', removerMachine, {}, [
    { looksUnderLock: driver.lifetime.removalLooksUnderLock },
  ]);
  const lockIsFree = where(lock, 0, ({ value }) => value === 'free');
  const hasAdvanced = where(sequence, 0, ({ value }) => value === 'advanced');
  const use = call(subscription, 0, { type: 'memory.use' });
  const step = () => [offer({ type: 'step' as const })];

  return {
    name: `interval-removal, ${driver.name}`,
    columns: { invalidator: 'CPU 0: invalidation', remover: 'CPU 1: removal' },
    parts: [
      actor(ending, {
        takes: step,
        asks: {
          lockIsFree: () => [lockIsFree],
          removalIsNoted: () => [where(noted, 0, ({ value }) => value === 'noted')],
        },
        effects: {
          takeLock: () => [call(lock, 0, { type: 'lock.take' })],
          advance: () => [call(sequence, 0, { type: 'sequence.advance' })],
          unlink: () => [use, call(noted, 0, { type: 'removal.done' })],
          dropLock: () => [call(lock, 0, { type: 'lock.drop' })],
        },
      }),
      actor(removing, {
        takes: step,
        asks: {
          lockIsFree: () => [lockIsFree],
          isInvalidating: () => [
            lockIsFree,
            where(sequence, 0, ({ value }) => value === 'invalidating'),
          ],
          hasAdvanced: () => [hasAdvanced],
          hasAdvancedUnderLock: () => [lockIsFree, hasAdvanced],
        },
        effects: {
          noteRemoval: () => [call(noted, 0, { type: 'removal.note' })],
          unlink: () => [use],
          freeSubscription: () => [call(subscription, 0, { type: 'memory.free' })],
        },
      }),
      object(lock),
      object(sequence),
      object(noted),
      object(subscription),
    ],
  };
}
