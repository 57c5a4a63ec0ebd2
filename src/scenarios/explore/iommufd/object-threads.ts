/**
 * Object threads: who makes, uses, removes and revokes one object of an iommufd.
 *
 * Kernel:  drivers/iommu/iommufd/main.c, iommufd_fops_ioctl(), iommufd_put_object(), iommufd_destroy(),
 *          iommufd_object_destroy_user(); kernel/task_work.c.
 * Actor:   active, one each, and as many users as a world has.
 * Effects: as beside each machine.
 * Asks:    isLive, isIdle, isUnused, isMine, hasOnlyOwner, workIsQueued.
 */
import { setup } from 'xstate';

import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import { effect, question } from '../../../machines/wiring-types.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };
const RULES = {} as { readonly rules: IommufdRules };

const allocation = setup({
  types: {
    context: RULES,
    events: {} as { readonly type: 'step' } | { readonly type: 'copy.failed' },
    input: RULES,
  },
  actions: {
    reserve: effect(),
    openFile: effect(),
    finalize: effect(),
    dropFile: effect(),
    queueDrop: effect(),
    abort: effect(),
  },
  guards: {
    dropsLater: ({ context }) => context.rules.failedFileRelease === 'after-abort',
    dropsTwice: ({ context }) => context.rules.failedFileRelease === 'twice',
  },
});

/** A system call that makes an object with a file of its own, and may fail to tell its caller. */
export const allocationMachine = allocation.createMachine({
  id: 'object-allocation',
  context: ({ input }) => input,
  initial: 'beginning',
  states: {
    beginning: { on: { step: { target: 'reserved', actions: 'reserve' } } },
    reserved: { on: { step: { target: 'replying', actions: 'openFile' } } },
    replying: {
      on: {
        step: { target: 'made', actions: 'finalize' },
        'copy.failed': 'failing',
      },
    },
    // The last put of a file only queues its release, for the way back to user space.
    failing: {
      on: {
        step: [
          { guard: 'dropsLater', target: 'aborting', actions: 'queueDrop' },
          { guard: 'dropsTwice', target: 'droppingAgain', actions: 'dropFile' },
          { target: 'aborting', actions: 'dropFile' },
        ],
      },
    },
    droppingAgain: { on: { step: { target: 'aborting', actions: 'dropFile' } } },
    aborting: { on: { step: { target: 'failed', actions: 'abort' } } },
    made: { type: 'final' },
    failed: { type: 'final' },
  },
});

const taskWork = setup({
  types: { context: NOTHING, events: STEP },
  actions: { dropFile: effect() },
  guards: { workIsQueued: question('workIsQueued') },
});

/** What was put off until the system call returns. */
export const taskWorkMachine = taskWork.createMachine({
  id: 'task-work',
  context: {},
  initial: 'waiting',
  states: {
    waiting: {
      on: { step: { guard: 'workIsQueued', target: 'done', actions: 'dropFile' } },
    },
    done: { type: 'final' },
  },
});

const call = setup({
  types: { context: RULES, events: STEP, input: RULES },
  actions: { get: effect(), put: effect(), touch: effect() },
  guards: {
    isLive: question('isLive'),
    touchesLater: ({ context }) => context.rules.putTouchesObject,
  },
});

/** A system call that looks the object up, works on it and lets it go. */
export const objectCallMachine = call.createMachine({
  id: 'object-call',
  context: ({ input }) => input,
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [{ guard: 'isLive', target: 'inside', actions: 'get' }, { target: 'done' }],
      },
    },
    inside: { on: { step: { target: 'leaving', actions: 'touch' } } },
    leaving: {
      on: {
        step: [
          { guard: 'touchesLater', target: 'unlocking', actions: 'put' },
          { target: 'done', actions: 'put' },
        ],
      },
    },
    // The lock it lets go of last lies in the object.
    unlocking: { on: { step: { target: 'done', actions: 'touch' } } },
    done: { type: 'final' },
  },
});

const removal = setup({
  types: { context: RULES, events: STEP, input: RULES },
  actions: { getUser: effect(), putUser: effect(), remove: effect(), free: effect() },
  guards: {
    isLive: question('isLive'),
    isUnused: question('isUnused'),
    isMine: question('isMine'),
    isIdle: question('isIdle'),
    countsItself: ({ context }) => context.rules.destroyCountsItself,
  },
});

/** A user's destroy: count and table are looked at in one critical section, or in two. */
export const removalMachine = removal.createMachine({
  id: 'object-removal',
  context: ({ input }) => input,
  initial: 'lookingUp',
  states: {
    lookingUp: {
      always: { guard: 'countsItself', target: 'counting' },
      on: {
        step: [{ guard: 'isUnused', target: 'waiting', actions: 'remove' }, { target: 'refused' }],
      },
    },
    counting: {
      on: {
        step: [{ guard: 'isLive', target: 'counted', actions: 'getUser' }, { target: 'refused' }],
      },
    },
    counted: {
      on: {
        step: [
          { guard: 'isMine', target: 'waiting', actions: ['putUser', 'remove'] },
          { target: 'refused', actions: 'putUser' },
        ],
      },
    },
    waiting: { on: { step: { guard: 'isIdle', target: 'removed', actions: 'free' } } },
    removed: { type: 'final' },
    refused: { type: 'final' },
  },
});

const revocation = setup({
  types: { context: NOTHING, events: STEP },
  actions: { putOwner: effect(), revoke: effect(), free: effect() },
  guards: { hasOnlyOwner: question('hasOnlyOwner'), isIdle: question('isIdle') },
});

/** The owner in the kernel destroys the object; its caller takes no refusal. */
export const revocationMachine = revocation.createMachine({
  id: 'object-revocation',
  context: {},
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [
          { guard: 'hasOnlyOwner', target: 'waiting', actions: ['putOwner', 'revoke'] },
          { target: 'failed' },
        ],
      },
    },
    waiting: { on: { step: { guard: 'isIdle', target: 'revoked', actions: 'free' } } },
    revoked: { type: 'final' },
    failed: { type: 'final' },
  },
});
