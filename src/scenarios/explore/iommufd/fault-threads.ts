/**
 * Fault threads: a VMM that answers what it has read, drivers that detach and replace, and the locks between them.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, iommufd_fault_fops_write(); selftest.c (a semaphore keeps reports and
 *          attachments apart).
 * Actor:   writer, closer and one taker an operation are active; mutex, semaphore, gates and user memory are objects.
 * Effects: as beside each machine.
 * Asks:    mutexIsFree, fileIsOpen, mayLock, isQuiet, isUnused.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../../../core/invariant.ts';
import {
  bit,
  count,
  effect,
  holds,
  id,
  list,
  maybe,
  question,
} from '../../../machines/wiring-types.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };

/** A fault record in the VMM's memory: what it may answer. */
export type ReadRecord = { readonly group: number; readonly cookie: number };

const memory = setup({
  types: {
    context: {} as { readonly records: readonly ReadRecord[] },
    events: {} as
      | (ReadRecord & { readonly type: 'record.written' }) // from a reader of the file
      | { readonly type: 'record.taken' }, //                 from the writer
  },
  actions: {
    append: assign(({ context }, params: ReadRecord) => ({
      records: [...context.records, params],
    })),
    shift: assign({ records: ({ context }) => context.records.slice(1) }),
  },
});

export const userMemoryMachine = memory.createMachine({
  id: 'user-memory',
  context: { records: [] },
  on: {
    'record.written': {
      actions: {
        type: 'append',
        params: ({ event: { group, cookie } }) => ({ group, cookie }),
      },
    },
    'record.taken': { actions: 'shift' },
  },
});

const RECORD = { group: id('group'), cookie: count(4) };
export const userMemoryHolds = holds({ records: list(4, RECORD) });

const writer = setup({
  types: {
    context: {} as { readonly record: ReadRecord | undefined },
    events: {} as
      | (ReadRecord & { readonly type: 'record.found' }) // from user memory
      | { readonly type: 'step' }, //                       from the scheduler
  },
  actions: {
    keep: assign((_, record: ReadRecord) => ({ record })),
    forget: assign({ record: undefined }),
    answer: effect<ReadRecord>(),
  },
  guards: { fileIsOpen: question('fileIsOpen'), mutexIsFree: question('mutexIsFree') },
});

/** Resolves what it has read, then writes its answer: between the two, anything may happen. */
export const faultWriterMachine = writer.createMachine({
  id: 'fault-writer',
  context: { record: undefined },
  initial: 'idle',
  states: {
    idle: {
      on: {
        'record.found': {
          target: 'resolving',
          actions: {
            type: 'keep',
            params: ({ event: { group, cookie } }) => ({ group, cookie }),
          },
        },
      },
    },
    resolving: {
      on: { step: [{ guard: 'fileIsOpen', target: 'writing' }, { target: 'tooLate' }] },
    },
    writing: {
      on: {
        step: {
          guard: 'mutexIsFree',
          target: 'idle',
          actions: [
            {
              type: 'answer',
              params: ({ context: { record } }) => {
                invariant(record !== undefined, 'the writer has no record in hand');
                return record;
              },
            },
            'forget',
          ],
        },
      },
    },
    tooLate: { always: { target: 'idle', actions: 'forget' } },
  },
});

export const faultWriterHolds = holds({
  record: maybe({ kind: 'record', fields: RECORD }),
});

const gate = setup({
  types: {
    context: {} as { readonly open: boolean; readonly wants: boolean; readonly held: boolean },
    events: {} as
      | { readonly type: 'gate.open' } //     from whoever lets the thread begin
      | { readonly type: 'mutex.wanted' } //  from the thread: its next step is under the mutex
      | { readonly type: 'mutex.passed' } //  from the thread: that step is done
      | { readonly type: 'mutex.taken' } //   from a reader
      | { readonly type: 'mutex.dropped' }, // from a reader
    input: {} as { readonly open: boolean },
  },
  actions: {
    open: assign({ open: true }),
    want: assign({ wants: true }),
    pass: assign({ wants: false }),
    hold: assign({ held: true }),
    drop: assign({ held: false }),
  },
});

/** Whether one thread may take its next step: a thread that wants a mutex that is held sleeps. */
export const gateMachine = gate.createMachine({
  id: 'gate',
  context: ({ input }) => ({ open: input.open, wants: false, held: false }),
  on: {
    'gate.open': { actions: 'open' },
    'mutex.wanted': { actions: 'want' },
    'mutex.passed': { actions: 'pass' },
    'mutex.taken': { actions: 'hold' },
    'mutex.dropped': { actions: 'drop' },
  },
});

export const gateHolds = holds({ open: bit, wants: bit, held: bit });

const taker = setup({
  types: { context: NOTHING, events: STEP },
  actions: { lock: effect() },
  guards: { mayLock: question('mayLock') },
});

/** Takes the device's semaphore for an operation; the operation lets it go. */
export const operationTakerMachine = taker.createMachine({
  id: 'operation-taker',
  context: {},
  initial: 'waiting',
  states: {
    waiting: { on: { step: { guard: 'mayLock', target: 'locked', actions: 'lock' } } },
    locked: { type: 'final' },
  },
});

const closer = setup({
  types: { context: NOTHING, events: STEP },
  actions: { close: effect(), remove: effect(), sweep: effect() },
  guards: { isQuiet: question('isQuiet'), isUnused: question('isUnused') },
});

/** Closes the file, which answers nothing, and destroys the queue once nothing uses it. */
export const queueCloserMachine = closer.createMachine({
  id: 'queue-closer',
  context: {},
  initial: 'open',
  states: {
    open: { on: { step: { guard: 'isQuiet', target: 'closed', actions: 'close' } } },
    closed: { on: { step: { guard: 'isUnused', target: 'destroying', actions: 'remove' } } },
    destroying: { on: { step: { target: 'destroyed', actions: 'sweep' } } },
    destroyed: { type: 'final' },
  },
});
