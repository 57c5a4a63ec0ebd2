/**
 * Exit of an address space: what whoever puts the last user has to do before it can go on.
 *
 * Kernel:  mm/mmap.c, exit_mmap(); mm/mmu_notifier.c, __mmu_notifier_release(); kernel/fork.c, mmput().
 * Actor:   active, one per process that exits; whoever put the last user waits for its end.
 * Effects: beginRelease, endRelease, passNotifiers, tearDown.
 * Asks:    notifierIsLinked, releasesAreDone.
 *
 * The driver's release runs as lists of its own, one per attachment, between `beginRelease` and `endRelease`.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../../machines/wiring-types.ts';

const exit = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: {
    beginRelease: effect(),
    endRelease: effect(),
    passNotifiers: effect(),
    tearDown: effect(),
  },
  guards: {
    notifierIsLinked: question('notifierIsLinked'),
    releasesAreDone: question('releasesAreDone'),
  },
});

export const exitMmapMachine = exit.createMachine({
  id: 'exit-mmap',
  context: {},
  initial: 'beginning',
  states: {
    // SRCU, read side: the notifiers that are linked now
    beginning: {
      on: {
        step: [
          { guard: 'notifierIsLinked', target: 'releasing', actions: 'beginRelease' },
          { target: 'tearing', actions: 'passNotifiers' },
        ],
      },
    },
    releasing: {
      on: { step: { guard: 'releasesAreDone', target: 'tearing', actions: 'endRelease' } },
    },
    // mmap lock, for writing: pages and tables go, and nobody is told
    tearing: { on: { step: { target: 'done', actions: 'tearDown' } } },
    done: { type: 'final' },
  },
});
