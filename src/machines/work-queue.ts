/**
 * Work queue: the fault work of one unit, for all its devices, in no order.
 *
 * Kernel:  kernel/workqueue.c, queue_work(), flush_workqueue(); an unbound queue per iopf_queue.
 * Actor:   an object, one per IOMMU unit.
 * Lock:    the pool's own.
 * Effects: violate.
 *
 * A flush waits for what was queued or running when it began, not for what comes after: it notes the items, and
 * is over when none of them is left.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { bag, effect, holds, id, type Violation } from './wiring-types.ts';

export const WORK_ITEMS_MODEL_MAX = 8;
export const FLUSHES_MODEL_MAX = 4;

export type WorkQueueEvent =
  | { readonly type: 'work.queued'; readonly group: number } //     from a handler
  | { readonly type: 'work.taken'; readonly group: number } //      from fault worker
  | { readonly type: 'work.finished'; readonly group: number } //   from fault worker
  | { readonly type: 'flush.begin'; readonly operation: number }; // from detach

type Flush = { readonly operation: number; readonly groups: readonly number[] };

type Context = {
  readonly queued: readonly number[];
  readonly running: readonly number[];
  /** Flushes that still wait; one that is over is not listed. */
  readonly flushes: readonly Flush[];
};
type OfGroup = { readonly group: number };

const queue = setup({
  types: { context: {} as Context, events: {} as WorkQueueEvent },
  actions: {
    enqueue: assign(({ context }, { group }: OfGroup) => {
      invariant(context.queued.length < WORK_ITEMS_MODEL_MAX, 'too many work items are queued');
      return { queued: ascending([...context.queued, group]) };
    }),
    start: assign(({ context }, { group }: OfGroup) => ({
      queued: context.queued.filter((queued) => queued !== group),
      running: ascending([...context.running, group]),
    })),
    finish: assign(({ context }, { group }: OfGroup) => ({
      running: context.running.filter((running) => running !== group),
      flushes: context.flushes
        .map((flush) => ({ ...flush, groups: flush.groups.filter((awaited) => awaited !== group) }))
        .filter((flush) => flush.groups.length > 0),
    })),
    beginFlush: assign(({ context }, params: { readonly operation: number }) => {
      const others = context.flushes.filter(({ operation }) => operation !== params.operation);
      const groups = ascending([...context.queued, ...context.running]);
      invariant(others.length < FLUSHES_MODEL_MAX, 'too many flushes wait');
      return {
        flushes:
          groups.length === 0
            ? others
            : [...others, { operation: params.operation, groups }].sort(
                (a, b) => a.operation - b.operation,
              ),
      };
    }),
    violate: effect<Violation>(),
  },
  guards: {
    isNew: ({ context, event }) => 'group' in event && !context.queued.includes(event.group),
    isQueued: ({ context, event }) => 'group' in event && context.queued.includes(event.group),
    isRunning: ({ context, event }) => 'group' in event && context.running.includes(event.group),
  },
});

const ascending = (groups: readonly number[]): readonly number[] =>
  [...groups].sort((a, b) => a - b);
const ofGroup = ({ event }: { readonly event: OfGroup }): OfGroup => ({ group: event.group });

/** Whether nothing is queued and nothing runs. */
export const isIdle = ({ queued, running }: Pick<Context, 'queued' | 'running'>): boolean =>
  queued.length === 0 && running.length === 0;

/** Whether what was there when `operation` began to flush has ended; true too if it never began. */
export const isFlushed = ({ flushes }: Pick<Context, 'flushes'>, operation: number): boolean =>
  flushes.every((flush) => flush.operation !== operation);

export const workQueueMachine = queue.createMachine({
  id: 'work-queue',
  context: { queued: [], running: [], flushes: [] },
  on: {
    'work.queued': { guard: 'isNew', actions: { type: 'enqueue', params: ofGroup } },
    'work.taken': { guard: 'isQueued', actions: { type: 'start', params: ofGroup } },
    'work.finished': { guard: 'isRunning', actions: { type: 'finish', params: ofGroup } },
    'flush.begin': {
      actions: { type: 'beginFlush', params: ({ event }) => ({ operation: event.operation }) },
    },
    '*': {
      actions: {
        type: 'violate',
        params: ({ event }) => ({
          unexpected: event.type,
          property: 'S7',
          sentence: 'a work item is queued once, and taken once',
        }),
      },
    },
  },
});

export const workQueueHolds = holds({
  queued: bag(WORK_ITEMS_MODEL_MAX, id('group')),
  running: bag(WORK_ITEMS_MODEL_MAX, id('group')),
  flushes: bag(FLUSHES_MODEL_MAX, {
    operation: id('operation'),
    groups: bag(WORK_ITEMS_MODEL_MAX * 2, id('group')),
  }),
});
