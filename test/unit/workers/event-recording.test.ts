/** Goal: a recording holds the first events of all threads, in one order, and nothing once it is full. */
import { expect, test } from 'vitest';

import { EVENT, EventLog } from '../../../src/workers/event-log.ts';
import { RECORD, recordedEvents } from '../../../src/workers/event-recording.ts';
import { controlWord } from '../../../src/workers/role.ts';
import { CONTROL, THREAD } from '../../../src/workers/storm-layout.ts';
import { smallMemory } from './memory.ts';

test('events of several threads stand in the order in which they were added', () => {
  const memory = smallMemory({ recordedEvents: 8 });
  const resolver = new EventLog(memory, THREAD.resolver);
  const prq = new EventLog(memory, THREAD.prq);
  prq.report(1, 511, 7, 100, true, -1, 5 | (3 << 20));
  resolver.add(EVENT.resolved, 1, 511, 7, 100, 0);
  prq.add(EVENT.refused, 0, 3, -1, 101, 1);
  expect(recordedEvents(memory)).toEqual([
    { thread: 2, event: RECORD.reported, words: [0x101ff, 7, 100, 0x103, -1, 5] },
    { thread: 4, event: EVENT.resolved, words: [0x101ff, 7, 100, 0, 0, 0] },
    { thread: 2, event: EVENT.refused, words: [3, -1, 101, 1, 0, 0] },
  ]);
});

test('what a device sends and receives is not recorded: a kernel does not see it either', () => {
  const memory = smallMemory({ recordedEvents: 8 });
  const device = new EventLog(memory, THREAD.device);
  device.add(EVENT.issued, 0, 0, 1, 1);
  device.add(EVENT.dropped, 0, 0, 1, 1, 1);
  device.add(EVENT.answered, 0, 0, 1, 1);
  expect(recordedEvents(memory).map(({ event }) => event)).toEqual([EVENT.dropped]);
});

test('the first events are kept, and a violation does not end the recording', () => {
  const memory = smallMemory({ recordedEvents: 3 });
  const log = new EventLog(memory, THREAD.prq);
  memory.control[controlWord(CONTROL.frozen)] = 1;
  for (let id = 1; id <= 9; id += 1) log.add(EVENT.refused, 0, 0, 1, id);
  expect(recordedEvents(memory).map(({ words }) => words[2])).toEqual([1, 2, 3]);
});

test('a storm that is not recorded records nothing', () => {
  const memory = smallMemory();
  new EventLog(memory, THREAD.prq).add(EVENT.refused, 0, 0, 1, 1);
  expect(recordedEvents(memory)).toEqual([]);
});
