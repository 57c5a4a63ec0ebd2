/**
 * Spec 03, section 7: the drain, step by step, as Linux 7.3 has it (one completion for all) and repaired.
 *
 * Method: the detach list of each driver runs through operation.ts; the ring, the queues and hardware are answers.
 */
import { expect, test } from 'vitest';

import { drainCompletionMachine } from '../../../../src/machines/drain-completion.ts';
import { OPERATION_STEPS } from '../../../../src/machines/operation-steps.ts';
import { begun, drainOf, TARGET } from './lists.ts';
import { Recording } from './recorder.ts';

test('0. with fault reporting off the drain returns at once, the rest of the detach goes on', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { reportingIsOff: true }).steps();

  expect(detach.isDone).toBe(true);
  expect(drainOf(detach)).toEqual([]);
  expect(detach.effects()).toContain('submitDeviceTlbInvalidation');
});

test('a normal drain: completion re-armed, ring clear, work flushed, one submission', () => {
  const detach = begun('vtd@7.3', 'detach-pasid').steps();

  expect(detach.isDone).toBe(true);
  expect(drainOf(detach)).toEqual([
    'rearmCompletion',
    'noteWorkQueue',
    'rearmCompletion',
    'submitDrain',
  ]);
  expect(detach.paramsOf('submitDrain')).toEqual([TARGET]);
});

test('2. each request of ours in the ring costs one completion, re-armed before each look', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { ringHasMine: true }).steps();
  expect(detach.value).toEqual({ 'drain-ring-by-completion': 'waiting' });

  detach.answer({ completionIsDone: true });
  detach.steps(2);
  detach.answer({ completionIsDone: false });
  detach.steps();
  expect(detach.value).toEqual({ 'drain-ring-by-completion': 'waiting' });

  detach.answer({ ringHasMine: false });
  detach.answer({ completionIsDone: true });
  detach.steps();
  expect(detach.isDone).toBe(true);
  expect(drainOf(detach)).toEqual([
    'rearmCompletion',
    'consumeCompletion',
    'rearmCompletion',
    'consumeCompletion',
    'rearmCompletion',
    'noteWorkQueue',
    'rearmCompletion',
    'submitDrain',
  ]);
});

test('2. repaired, each request of ours in the ring costs one pass that began later', () => {
  const detach = begun('vtd', 'detach-pasid', { ringHasMine: true }).steps();
  expect(detach.value).toEqual({ 'drain-ring': 'waiting' });

  detach.answer({ passIsComplete: true });
  detach.steps(2);
  expect(drainOf(detach)).toEqual(['notePass', 'notePass']);

  detach.answer({ ringHasMine: false });
  detach.steps();
  expect(drainOf(detach)).toEqual([
    'notePass',
    'notePass',
    'noteWorkQueue',
    'notePass',
    'submitDrain',
    'discardPartials',
  ]);
});

test('3. the workqueue is flushed after the ring and before hardware is asked', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { workQueueIsFlushed: false }).steps();
  expect(detach.value).toEqual({ 'flush-workqueue': 'waiting' });
  expect(drainOf(detach)).toEqual(['rearmCompletion', 'noteWorkQueue']);
});

test('4 and 5. fence, IOTLB and device TLB go in one submission, awaited with its drain', () => {
  const detach = begun('vtd@7.3', 'detach-pasid');
  detach.answer({ invalidationIsDone: () => !detach.effects().includes('submitDrain') });
  detach.steps();

  expect(detach.value).toEqual({ 'drain-hardware-by-completion': 'waiting' });
  expect(detach.effects().slice(-2)).toEqual(['rearmCompletion', 'submitDrain']);
});

test('6. an overflow during the hardware drain waits for the thread, then drains again', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { overflowIsSet: true }).steps();
  expect(detach.value).toEqual({ 'drain-hardware-by-completion': 'overflowed' });

  detach.answer({ completionIsDone: true });
  detach.answer({ overflowIsSet: false });
  detach.steps();
  expect(detach.isDone).toBe(true);
  expect(drainOf(detach)).toEqual([
    'rearmCompletion',
    'noteWorkQueue',
    'rearmCompletion',
    'submitDrain',
    'consumeCompletion',
    'rearmCompletion',
    'submitDrain',
  ]);
});

test('6. repaired, it waits for a pass, as often as the queue has overflowed again', () => {
  const detach = begun('vtd', 'detach-pasid', { overflowIsSet: true }).steps();
  expect(detach.value).toEqual({ 'drain-hardware': 'overflowed' });

  detach.answer({ passIsComplete: true });
  detach.steps(4);
  expect(detach.value).toEqual({ 'drain-hardware': 'overflowed' });
  detach.answer({ overflowIsSet: false });
  detach.steps();
  expect(detach.paramsOf('submitDrain')).toHaveLength(3);
  expect(detach.isDone).toBe(true);
});

test('liveness: if nobody clears the overflow the drain relies on a further event', () => {
  const detach = begun('vtd@7.3', 'detach-pasid', { overflowIsSet: true }).steps();

  expect(detach.can({ type: 'step' })).toBe(false);
});

test('preconditions: the entry is blocked and the caches are empty before the drain begins', () => {
  const effects = begun('vtd@7.3', 'detach-pasid').steps().effects();

  expect(effects.slice(0, effects.indexOf('rearmCompletion'))).toEqual([
    'clearPresent',
    'submitPasidCacheInvalidation',
    'submitIotlbInvalidation',
    'submitDeviceTlbInvalidation',
    'zeroEntry',
  ]);
});

test('every wait of a drain is a state that only its question opens', () => {
  const drains = Object.values(OPERATION_STEPS).filter(({ part }) => part === 'drain');
  expect(drains.map(({ kind }) => kind).sort()).toEqual([
    'act',
    'await',
    'await',
    'drain-hardware',
    'drain-hardware',
    'drain-ring',
    'drain-ring',
    'flush',
  ]);
});

test('a completion wakes one waiter, and whoever re-arms it takes the wake-up from the others', () => {
  const completion = new Recording(drainCompletionMachine, undefined);
  completion.send({ type: 'completion.complete' }, { type: 'completion.complete' });
  expect(completion.value).toBe('done');
  expect(completion.send({ type: 'completion.consume' }).value).toBe('armed');

  completion.send({ type: 'completion.complete' }, { type: 'completion.rearm' });
  expect(completion.value).toBe('armed');
  expect(completion.effects()).toEqual([]);
});
