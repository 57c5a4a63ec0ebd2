/**
 * Exit: a process that ends, and the end of its address space, which is run by whoever drops the last user.
 *
 * Kernel:  kernel/exit.c, do_exit(): exit_mm() comes before exit_files(); mm/mmap.c, exit_mmap().
 * Actor:   active: one process, one end of an address space, one grace period each.
 * Effects: putUsers, closeFiles (of the process); releaseNotifier, finishRelease, freePages, freeTables (of exit_mmap);
 *          endGrace (of the grace period).
 * Asks:    mayExit, mmHasEnded, mmIsExiting, notifierIsLinked, releaseIsDone.
 */
import { setup } from 'xstate';

import { effect, question } from '../../../machines/wiring-types.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };

const processExit = setup({
  types: { context: NOTHING, events: STEP },
  actions: { putUsers: effect(), closeFiles: effect() },
  guards: { mayExit: question('mayExit'), mmHasEnded: question('mmHasEnded') },
});

/** Waits for its address space only if it was the one to drop the last user. */
export const processExitMachine = processExit.createMachine({
  id: 'process-exit',
  context: {},
  initial: 'running',
  states: {
    running: { on: { step: { guard: 'mayExit', target: 'leaving', actions: 'putUsers' } } },
    leaving: { on: { step: { guard: 'mmHasEnded', target: 'exited', actions: 'closeFiles' } } },
    exited: { type: 'final' },
  },
});

const exitMmap = setup({
  types: { context: NOTHING, events: STEP },
  actions: {
    releaseNotifier: effect(),
    finishRelease: effect(),
    skipRelease: effect(),
    freePages: effect(),
    freeTables: effect(),
  },
  guards: {
    mmIsExiting: question('mmIsExiting'),
    notifierIsLinked: question('notifierIsLinked'),
    releaseIsDone: question('releaseIsDone'),
  },
});

/** Release first; then pages and tables go, and nobody is told. */
export const exitMmapMachine = exitMmap.createMachine({
  id: 'exit-mmap',
  context: {},
  initial: 'idle',
  states: {
    idle: { on: { step: { guard: 'mmIsExiting', target: 'lookingForNotifier' } } },
    lookingForNotifier: {
      on: {
        step: [
          { guard: 'notifierIsLinked', target: 'releasing', actions: 'releaseNotifier' },
          { target: 'freeingPages', actions: 'skipRelease' },
        ],
      },
    },
    releasing: {
      on: { step: { guard: 'releaseIsDone', target: 'freeingPages', actions: 'finishRelease' } },
    },
    freeingPages: { on: { step: { target: 'freeingTables', actions: 'freePages' } } },
    freeingTables: { on: { step: { target: 'ended', actions: 'freeTables' } } },
    ended: { type: 'final' },
  },
});

const gracePeriod = setup({
  types: { context: NOTHING, events: {} as { readonly type: 'notifier.retiring' } },
  actions: { endGrace: effect() },
});

export const gracePeriodMachine = gracePeriod.createMachine({
  id: 'grace-period',
  context: {},
  on: { 'notifier.retiring': { actions: 'endGrace' } },
});
