/**
 * Command queue: commands hardware executes in order, and the word of memory in which its completions are numbered.
 *
 * Kernel:  drivers/iommu/amd/iommu.c, __iommu_queue_command_sync(), build_completion_wait(), struct amd_iommu's
 *          need_sync, cmd_sem and cmd_sem_val.
 * Actor:   an object, one per unit.
 * Lock:    the unit's lock for the queue; the word is hardware's, and read without a lock.
 * Effects: invalidate, refuse, violate.
 *
 *     oldest                       newest         stored: the number memory shows
 *      | invalidate | store 4 | invalidate | store 5 |
 *
 * A store tells that everything before it is done. `needsSync` says that something was queued after the last store.
 */
import { assign, setup } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { bit, count, effect, holds, id, list, oneOf, type Violation } from './wiring-types.ts';

export const COMMANDS_MODEL_MAX = 8;
export const SEQUENCES_MODEL_MAX = 8;
export const SUBMITTERS_MODEL_MAX = 4;

type Submitter = { readonly submitter: number };

export type CommandQueueEvent =
  | ({ readonly type: 'invalidation.queue' } & Submitter) // from a submitter, locked
  | ({ readonly type: 'sequence.take' } & Submitter) //      from a submitter, locked or not
  | ({ readonly type: 'store.queue' } & Submitter) //        from a submitter, locked
  | ({ readonly type: 'last-store.await' } & Submitter) //   from a submitter that found nothing to sync
  | { readonly type: 'command.execute' }; //                 from hardware

type Command = {
  readonly kind: 'invalidate' | 'store';
  /** Who queued it; of a store, the number it writes. */
  readonly submitter: number;
  readonly sequence: number;
};
type Wait = Submitter & { readonly sequence: number };
type Context = {
  readonly entriesMax: number;
  readonly commands: readonly Command[];
  readonly taken: number;
  /** The number of the last store queued. */
  readonly lastQueued: number;
  readonly stored: number;
  readonly needsSync: boolean;
  /** What each submitter waits for; ascending by submitter. */
  readonly waits: readonly Wait[];
};

const waitOf = ({ waits }: Pick<Context, 'waits'>, submitter: number): number =>
  waits.find((wait) => wait.submitter === submitter)?.sequence ?? 0;
const withWait = ({ waits }: Context, submitter: number, sequence: number): readonly Wait[] =>
  [...waits.filter((wait) => wait.submitter !== submitter), { submitter, sequence }].sort(
    (one, other) => one.submitter - other.submitter,
  );

/** Whether memory shows the number a submitter waits for, or a later one. */
export const isReached = (context: Pick<Context, 'waits' | 'stored'>, submitter: number): boolean =>
  context.stored >= waitOf(context, submitter);

const queue = setup({
  types: {
    context: {} as Context,
    events: {} as CommandQueueEvent,
    input: {} as { readonly entriesMax: number },
  },
  actions: {
    appendInvalidation: assign(({ context }, { submitter }: Submitter) => ({
      commands: [...context.commands, { kind: 'invalidate' as const, submitter, sequence: 0 }],
      needsSync: true,
    })),
    takeSequence: assign(({ context }, { submitter }: Submitter) => {
      const sequence = context.taken + 1;
      return { taken: sequence, waits: withWait(context, submitter, sequence) };
    }),
    appendStore: assign(({ context }, { submitter }: Submitter) => {
      const sequence = waitOf(context, submitter);
      return {
        commands: [...context.commands, { kind: 'store' as const, submitter, sequence }],
        lastQueued: sequence,
        needsSync: false,
      };
    }),
    awaitLast: assign(({ context }, { submitter }: Submitter) => ({
      waits: withWait(context, submitter, context.lastQueued),
    })),
    store: assign({
      stored: ({ context }) => context.commands[0]?.sequence ?? context.stored,
    }),
    removeOldest: assign({ commands: ({ context }) => context.commands.slice(1) }),
    invalidate: effect<Submitter>(),
    refuse: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    hasRoom: ({ context }) => context.commands.length < context.entriesMax,
    hasNumbers: ({ context }) => context.taken < SEQUENCES_MODEL_MAX,
    oldestIsInvalidation: ({ context }) => context.commands[0]?.kind === 'invalidate',
    oldestIsStore: ({ context }) => context.commands[0]?.kind === 'store',
  },
});

const bySubmitter = ({ event }: { readonly event: CommandQueueEvent }): Submitter => ({
  submitter: 'submitter' in event ? event.submitter : 0,
});
const full = {
  actions: { type: 'refuse', params: { reason: 'the submitter spins until entries are free' } },
} as const;

export const commandQueueMachine = queue.createMachine({
  id: 'command-queue',
  context: ({ input }) => {
    invariant(input.entriesMax <= COMMANDS_MODEL_MAX, 'a modelled queue is short');
    return {
      ...input,
      commands: [],
      taken: 0,
      lastQueued: 0,
      stored: 0,
      needsSync: false,
      waits: [],
    };
  },
  on: {
    'invalidation.queue': [
      { guard: 'hasRoom', actions: { type: 'appendInvalidation', params: bySubmitter } },
      full,
    ],
    'sequence.take': [
      { guard: 'hasNumbers', actions: { type: 'takeSequence', params: bySubmitter } },
      { actions: { type: 'refuse', params: { reason: 'a model has few sequence numbers' } } },
    ],
    'store.queue': [
      { guard: 'hasRoom', actions: { type: 'appendStore', params: bySubmitter } },
      full,
    ],
    'last-store.await': { actions: { type: 'awaitLast', params: bySubmitter } },
    'command.execute': [
      {
        guard: 'oldestIsInvalidation',
        actions: [
          {
            type: 'invalidate',
            params: ({ context }) => ({ submitter: context.commands[0]?.submitter ?? 0 }),
          },
          'removeOldest',
        ],
      },
      { guard: 'oldestIsStore', actions: ['store', 'removeOldest'] },
    ],
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
});

export const commandQueueHolds = holds({
  commands: list(COMMANDS_MODEL_MAX, {
    kind: oneOf(['invalidate', 'store']),
    submitter: id('submitter'),
    sequence: count(SEQUENCES_MODEL_MAX),
  }),
  taken: count(SEQUENCES_MODEL_MAX),
  lastQueued: count(SEQUENCES_MODEL_MAX),
  stored: count(SEQUENCES_MODEL_MAX),
  needsSync: bit,
  waits: list(SUBMITTERS_MODEL_MAX, {
    submitter: id('submitter'),
    sequence: count(SEQUENCES_MODEL_MAX),
  }),
});
