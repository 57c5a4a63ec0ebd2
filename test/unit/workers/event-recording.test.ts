/** Goal: a recording holds the first events of all threads, in one order, and nothing once it is full. */
import { expect, test } from 'vitest';

import { EVENT, EventLog } from '../../../src/workers/event-log.ts';
import { recordedEvents } from '../../../src/workers/event-recording.ts';
import { controlWord } from '../../../src/workers/role.ts';
import { CONTROL, THREAD } from '../../../src/workers/storm-layout.ts';
import { smallMemory } from './memory.ts';

test('events of several threads stand in the order in which they were added', () => {
  const memory = smallMemory({ recordedEvents: 8 });
  const device = new EventLog(memory, THREAD.device);
  const prq = new EventLog(memory, THREAD.prq);
  device.add(EVENT.issued, 1, 511, 7, 100, 4);
  prq.add(EVENT.grouped, 1, 511, 7, 100);
  prq.add(EVENT.refused, 0, 3, -1, 101, 1);
  device.add(EVENT.answered, 1, 511, 7, 100, 0);
  expect(recordedEvents(memory)).toEqual([
    { thread: 1, event: EVENT.issued, device: 1, index: 511, pasid: 7, id: 100, detail: 4 },
    { thread: 2, event: EVENT.grouped, device: 1, index: 511, pasid: 7, id: 100, detail: 0 },
    { thread: 2, event: EVENT.refused, device: 0, index: 3, pasid: -1, id: 101, detail: 1 },
    { thread: 1, event: EVENT.answered, device: 1, index: 511, pasid: 7, id: 100, detail: 0 },
  ]);
});

test('the first events are kept, and a violation does not end the recording', () => {
  const memory = smallMemory({ recordedEvents: 3 });
  const log = new EventLog(memory, THREAD.device);
  memory.control[controlWord(CONTROL.frozen)] = 1;
  for (let id = 1; id <= 9; id += 1) log.add(EVENT.issued, 0, 0, 1, id);
  expect(recordedEvents(memory).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('a storm that is not recorded records nothing', () => {
  const memory = smallMemory();
  new EventLog(memory, THREAD.device).add(EVENT.issued, 0, 0, 1, 1);
  expect(recordedEvents(memory)).toEqual([]);
});
