/**
 * Kernel table slots: a page of the kernel's page tables, whoever frees it, and a device that tries a kernel address.
 *
 * Kernel:  mm/pgtable-generic.c, kernel_pgtable_work_func(); iommu-sva.c, iommu_sva_invalidate_kva_range().
 * Actor:   active: the free and the device; objects: the upper entry, the page, the path that the walker caches.
 * Lock:    sva_lock, around the look at sva_present and the flush.
 */
import { setup } from 'xstate';

import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { effect, question } from '../../../machines/wiring-types.ts';
import { translationMachine } from '../unit/nouns/translation.ts';
import { memoryMachine } from './notes.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };

const upperEntryMachine = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'entry.unlink' } },
}).createMachine({
  id: 'upper-entry',
  context: {},
  initial: 'linked',
  states: { linked: { on: { 'entry.unlink': 'unlinked' } }, unlinked: {} },
});

type Rule = { readonly flushes: boolean };

const freeing = setup({
  types: { context: {} as Rule, events: STEP, input: {} as Rule },
  actions: {
    unlinkEntry: effect(),
    lockSva: effect(),
    flush: effect(),
    unlockSva: effect(),
    freePage: effect(),
  },
  guards: {
    flushes: ({ context }) => context.flushes,
    svaLockIsFree: question('svaLockIsFree'),
    svaIsPresent: question('svaIsPresent'),
  },
});

const freeingMachine = freeing.createMachine({
  id: 'kernel-table-free',
  context: ({ input }) => input,
  initial: 'unlinking',
  states: {
    unlinking: { on: { step: { target: 'unlinked', actions: 'unlinkEntry' } } },
    unlinked: { always: [{ guard: 'flushes', target: 'locking' }, { target: 'freeing' }] },
    locking: {
      on: { step: { guard: 'svaLockIsFree', target: 'flushing', actions: 'lockSva' } },
    },
    flushing: {
      on: {
        step: [
          { guard: 'svaIsPresent', target: 'freeing', actions: ['flush', 'unlockSva'] },
          { target: 'freeing', actions: 'unlockSva' },
        ],
      },
    },
    freeing: { on: { step: { target: 'freed', actions: 'freePage' } } },
    freed: { type: 'final' },
  },
});

const kernelWalker = setup({
  types: { context: NOTHING, events: STEP },
  actions: { fetchEntry: effect(), walkDown: effect(), walkByCache: effect() },
  guards: {
    pathIsCached: question('pathIsCached'),
    upperEntryIsReached: question('upperEntryIsReached'),
    entryTranslates: question('entryTranslates'),
  },
});

const kernelWalkerMachine = kernelWalker.createMachine({
  id: 'kernel-walker',
  context: {},
  on: {
    step: [
      { guard: 'pathIsCached', actions: 'walkByCache' },
      { guard: 'upperEntryIsReached', actions: 'walkDown' },
      { guard: 'entryTranslates', actions: 'fetchEntry' },
    ],
  },
});

export function kernelTableSlots(flushes: boolean) {
  return {
    upperEntry: alike('upper-entry', upperEntryMachine, {}, 1),
    tablePage: slotKind('kernel-table-page', memoryMachine, {}, [
      { property: 'S14', sentence: 'hardware walks no page of kernel tables that was freed' },
    ]),
    pathCache: alike('path-cache', translationMachine, {}, 1),
    freeing: slotKind('kernel-table-free', freeingMachine, {}, [{ flushes }]),
    walker: alike('kernel-walker', kernelWalkerMachine, {}, 1),
  };
}
