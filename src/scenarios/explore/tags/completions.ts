/**
 * amd-completion-wait-early, amd-sequence-out-of-order, amd-wait-under-lock: CPUs invalidate, wait and free.
 *
 * Each CPU is the machine that invalidates synchronously, under rules that bring one defect back. S10: a page is
 * freed while hardware may still walk it. L9: a CPU waits for the lock as long as another waits for hardware, for ever
 * when hardware never answers.
 *
 * A number out of order needs a third CPU to break S10: whoever queues a store has its own invalidation ahead of every
 * later number. But a store of an earlier number may be queued behind an invalidation that came after a later one; who
 * then finds nothing to sync awaits that earlier number, which memory has passed already.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import {
  commandQueueHolds,
  commandQueueMachine,
  isReached,
} from '../../../machines/command-queue.ts';
import { type CompletionRules, ORDERLY } from '../../../machines/completion-rules.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import {
  synchronousInvalidationHolds,
  synchronousInvalidationMachine,
} from '../../../machines/synchronous-invalidation.ts';
import { flags } from '../flag.ts';
import { hardwareOf } from './thread.ts';

/** Two CPUs; three, when a number out of order shall mislead one that numbers nothing itself. */
export function completionWorld(rules: Partial<CompletionRules>, cpuCount: 2 | 3 = 2): World {
  const cpus = Array.from({ length: cpuCount }, (_, of) => of);
  const cpu = slotKind(
    'cpu',
    synchronousInvalidationMachine,
    synchronousInvalidationHolds,
    cpus.map((submitter) => ({ submitter, rules: { ...ORDERLY, ...rules } })),
  );
  const queue = slotKind('queue', commandQueueMachine, commandQueueHolds, [
    { entriesMax: 2 * cpuCount }, // an invalidation and a store of each
  ]);
  const lock = alike('lock', lockMachine, lockHolds, 1);
  /** Of each CPU's page: hardware may still walk it. */
  const walkable = flags('walkable', cpus.length);
  const lockIsFree = () => where(lock, 0, ({ value }) => value === 'free');

  return {
    name: `completions of ${cpuCount} CPUs`,
    before: cpus.map((of) => walkable.set(of)),
    properties: cpus.map((of) => ({
      id: 'S10',
      sentence: `CPU ${of} frees a page that hardware may still walk`,
      never: [where(cpu, of, ({ status }) => status === 'done'), walkable.isSet(of)],
    })),
    goals: cpus.map((of) => ({
      id: 'L9',
      sentence: `CPU ${of} gets to queue its invalidation though hardware answers nobody`,
      whenever: [where(cpu, of, ({ value }) => value === 'invalidating')],
      goal: [where(cpu, of, ({ value }) => value !== 'invalidating')],
      without: ['hardware'],
    })),
    sightings: cpus.map((of) => ({
      id: 'waits',
      sentence: `CPU ${of} waits while the next has freed its page`,
      reads: [
        where(cpu, of, ({ value }) => value === 'waiting' || value === 'waitingLocked'),
        where(cpu, (of + 1) % cpuCount, ({ status }) => status === 'done'),
      ],
    })),
    parts: [
      actor(cpu, {
        takes: () => [offer({ type: 'step' })],
        asks: {
          lockIsFree: () => [lockIsFree()],
          needsSync: () => [where(queue, 0, ({ context }) => context.needsSync)],
          isComplete: ({ submitter }) => [
            where(queue, 0, ({ context }) => isReached(context, submitter)),
          ],
        },
        effects: {
          queueInvalidation: (by) => [call(queue, 0, { type: 'invalidation.queue', ...by })],
          takeSequence: (by) => [call(queue, 0, { type: 'sequence.take', ...by })],
          queueStore: (by) => [call(queue, 0, { type: 'store.queue', ...by })],
          awaitLast: (by) => [call(queue, 0, { type: 'last-store.await', ...by })],
          takeLock: () => [call(lock, 0, { type: 'lock.take' })],
          dropLock: () => [call(lock, 0, { type: 'lock.drop' })],
          freePage: () => [],
        },
      }),
      hardwareOf('hardware', [
        'execute',
        {
          when: [where(queue, 0, ({ context }) => context.commands.length > 0)],
          does: [call(queue, 0, { type: 'command.execute' })],
        },
      ]),
      object(queue, {
        effects: {
          invalidate: ({ submitter }) => [walkable.clear(submitter)],
          refuse: unheard, // every CPU's two commands fit
        },
      }),
      object(lock),
      walkable.part,
    ],
  };
}
