/**
 * Goal:   a submitter goes through its sections in the order of its rules; the queue numbers and stores in order; the
 *         fault queue of an SMMU goes on recording while its overflow is not acknowledged.
 */
import { describe, expect, it, test } from 'vitest';

import { commandQueueMachine, isReached } from '../../../../src/machines/command-queue.ts';
import { type CompletionRules, ORDERLY } from '../../../../src/machines/completion-rules.ts';
import { pageRequestQueueMachine } from '../../../../src/machines/page-request-queue.ts';
import { synchronousInvalidationMachine } from '../../../../src/machines/synchronous-invalidation.ts';
import { Recording } from '../control/recorder.ts';
import { request } from '../report/harness.ts';
import { begin, take } from '../report/pure.ts';

describe('a synchronous invalidation', () => {
  const begun = (rules: Partial<CompletionRules>, needsSync = true) =>
    new Recording(
      synchronousInvalidationMachine,
      { submitter: 1, rules: { ...ORDERLY, ...rules } },
      { lockIsFree: true, needsSync, isComplete: true },
    );

  it.each([
    {
      rules: {},
      needsSync: true,
      effects: ['queueInvalidation', 'takeSequence', 'queueStore', 'freePage'],
    },
    { rules: {}, needsSync: false, effects: ['queueInvalidation', 'awaitLast', 'freePage'] },
    {
      rules: { testsUnderLock: false },
      needsSync: false,
      effects: ['queueInvalidation', 'freePage'],
    },
    {
      rules: { numbersUnderLock: false },
      needsSync: true,
      effects: ['queueInvalidation', 'takeSequence', 'queueStore', 'freePage'],
    },
    {
      rules: { waitsUnlocked: false },
      needsSync: true,
      effects: [
        'queueInvalidation',
        'takeLock',
        'takeSequence',
        'queueStore',
        'dropLock',
        'freePage',
      ],
    },
    {
      rules: { waitsUnlocked: false, numbersUnderLock: false },
      needsSync: true,
      effects: [
        'queueInvalidation',
        'takeSequence',
        'takeLock',
        'queueStore',
        'dropLock',
        'freePage',
      ],
    },
  ])('with $rules and something to sync $needsSync does $effects', (row) => {
    const recording = begun(row.rules, row.needsSync).steps();
    expect(recording.isDone).toBe(true);
    expect(recording.effects()).toEqual(row.effects);
    expect(recording.paramsOf('freePage')).toEqual([{ submitter: 1 }]);
  });

  it('takes the number apart from the queueing where it is taken without the lock', () => {
    const recording = begun({ numbersUnderLock: false });
    recording.steps(3);
    expect(recording.effects()).toEqual(['queueInvalidation', 'takeSequence']);
    expect(recording.value).toBe('queueing');
  });

  it.each([
    [{ lockIsFree: false }, 'invalidating'],
    [{ isComplete: false }, 'waiting'],
  ])('spins while %j', (answers, value) => {
    const recording = begun({}).answer(answers).steps();
    expect(recording.value).toBe(value);
  });

  it('spins with the lock held where it waits under it', () => {
    const recording = begun({ waitsUnlocked: false }).answer({ isComplete: false }).steps();
    expect(recording.value).toBe('waitingLocked');
    expect(recording.effects()).not.toContain('dropLock');
  });
});

describe('the command queue', () => {
  const queue = begin(commandQueueMachine, { entriesMax: 3 });
  const by = <const Type extends string>(type: Type, submitter = 0) =>
    ({ type, submitter }) as const;
  const execute = { type: 'command.execute' } as const;
  type Event = Parameters<typeof take<typeof commandQueueMachine>>[2];
  const run = (...events: readonly Event[]) => take(commandQueueMachine, queue, ...events);

  it('executes in order, and stores what a submitter waits for', () => {
    const queued = run(by('invalidation.queue'), by('sequence.take'), by('store.queue')).snapshot;
    expect(isReached(queued.context, 0)).toBe(false);
    const first = take(commandQueueMachine, queued, execute);
    expect(first.effects).toEqual([{ type: 'invalidate', params: { submitter: 0 } }]);
    expect(isReached(first.snapshot.context, 0)).toBe(false);
    const second = take(commandQueueMachine, first.snapshot, execute).snapshot;
    expect([second.context.stored, isReached(second.context, 0)]).toEqual([1, true]);
  });

  it('has something to sync after an invalidation until a store is queued', () => {
    expect(run(by('invalidation.queue')).snapshot.context.needsSync).toBe(true);
    expect(
      run(by('invalidation.queue'), by('sequence.take'), by('store.queue')).snapshot.context
        .needsSync,
    ).toBe(false);
  });

  it('lets a submitter await the last store of another', () => {
    const { context } = run(
      by('sequence.take', 1),
      by('store.queue', 1),
      by('last-store.await'),
    ).snapshot;
    expect(context.waits).toEqual([
      { submitter: 0, sequence: 1 },
      { submitter: 1, sequence: 1 },
    ]);
  });

  it('stores an earlier number over a later one when they were queued so', () => {
    const numbered = [by('sequence.take', 0), by('sequence.take', 1)];
    const late = [by('store.queue', 1), by('store.queue', 0)];
    const after = (executed: number) =>
      run(...numbered, ...late, ...Array.from({ length: executed }, () => execute)).snapshot
        .context;
    expect([after(1).stored, isReached(after(1), 0)]).toEqual([2, true]);
    expect([after(2).stored, isReached(after(2), 1)]).toEqual([1, false]);
  });

  it.each([
    [by('invalidation.queue'), 'refuse'],
    [by('store.queue'), 'refuse'],
  ])('has no room for a fourth %j', (event, type) => {
    const full = [by('invalidation.queue'), by('invalidation.queue'), by('invalidation.queue')];
    expect(run(...full, event).effects).toMatchObject([{ type }]);
  });

  it('has nothing to execute when empty', () => {
    expect(run(execute).effects).toMatchObject([{ type: 'violate' }]);
  });
});

describe('a queue that records while overflowed', () => {
  const received = (prgi: number) =>
    ({ type: 'page-request.received', request: request({ prgi }) }) as const;
  const advance = { type: 'head.advance', count: 1 } as const;
  const ring = (recordsWhileOverflowed: boolean) =>
    begin(pageRequestQueueMachine, {
      unit: 0,
      capacity: 1,
      answersDroppedLast: false,
      recordsWhileOverflowed,
    });

  test.each([
    { records: true, effects: [], left: 1 },
    { records: false, effects: ['drop'], left: 0 },
  ])('takes what fits after an overflow: $records', ({ records, effects, left }) => {
    const run = take(
      pageRequestQueueMachine,
      ring(records),
      received(1),
      received(2),
      advance,
      received(3),
    );
    expect(run.effects.map(({ type }) => type)).toEqual(effects);
    expect(run.snapshot.context.entries).toHaveLength(left);
    expect(run.snapshot.value).toMatchObject({ overflow: 'set' });
  });

  it('loses again what does not fit, and raises an event for what does once acknowledged', () => {
    const run = (...events: Parameters<typeof take<typeof pageRequestQueueMachine>>[2][]) =>
      take(pageRequestQueueMachine, ring(true), received(1), received(2), ...events).effects;
    expect(run(received(3))).toMatchObject([
      { type: 'drop', params: { reason: 'the ring is full' } },
    ]);
    expect(run({ type: 'pending.acknowledge' }, advance, received(3))).toEqual([
      { type: 'raiseEvent', params: { unit: 0 } },
    ]);
  });
});
