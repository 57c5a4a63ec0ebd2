/** Goal: a violation is kept with what led to it, and said in one sentence that names group, device and PASID. */
import { describe, expect, it } from 'vitest';

import { EVENT, EventLog, inOrder } from '../../../src/workers/event-log.ts';
import { ALIKE_MAX, EVENTS_MAX, THREAD } from '../../../src/workers/storm-layout.ts';
import { BREACH, BREACHES, ViolationLog } from '../../../src/workers/violation-log.ts';
import { smallMemory } from './memory.ts';

const sentences = (log: EventLog, device: number, pasid: number, most: number): string[] =>
  log.lastOf(device, pasid, most).map(({ sentence }) => sentence);

describe('an event log', () => {
  it('tells the last events of one device and PASID, oldest first', () => {
    const log = new EventLog(smallMemory(), THREAD.prq);
    log.add(EVENT.issued, 0, 5, 7, 100);
    log.add(EVENT.issued, 1, 5, 7, 101);
    log.add(EVENT.grouped, 0, 5, 8, 102);
    log.add(EVENT.answered, 0, 511, 7, 103);
    log.add(EVENT.detached, 0, 0, 7, 0);
    expect(sentences(log, 0, 7, 6)).toEqual([
      'device issued the group 100, index 5 (device 0, PASID 7)',
      'device received the answer 103, index 511 (device 0, PASID 7)',
      'detach returned (device 0, PASID 7)',
    ]);
    expect(sentences(log, 0, 7, 1)).toEqual(['detach returned (device 0, PASID 7)']);
  });

  it('has a sentence for every event', () => {
    for (const event of Object.values(EVENT)) {
      const log = new EventLog(smallMemory(), THREAD.prq);
      log.add(event, 0, 1, 2, 3);
      expect(sentences(log, 0, 2, 1)).toEqual([expect.not.stringMatching(/^event/)]);
    }
  });

  it('forgets the oldest when it is full', () => {
    const log = new EventLog(smallMemory(), THREAD.device);
    for (let id = 1; id <= EVENTS_MAX + 3; id += 1) log.add(EVENT.issued, 0, 0, 1, id);
    const ids = log.lastOf(0, 1, 2 * EVENTS_MAX).map(({ id }) => id);
    expect(ids).toHaveLength(EVENTS_MAX);
    expect([ids[0], ids.at(-1)]).toEqual([4, EVENTS_MAX + 3]);
  });

  it('keeps to its own thread, and stands still once any thread saw a violation', () => {
    const memory = smallMemory();
    const device = new EventLog(memory, THREAD.device);
    const resolver = new EventLog(memory, THREAD.resolver);
    device.add(EVENT.issued, 0, 0, 1, 1);
    new ViolationLog(memory, THREAD.prq).add(BREACH.mixedEpochs, 0, 0, 1, 1, 2);
    device.add(EVENT.answered, 0, 0, 1, 1);
    resolver.add(EVENT.resolved, 0, 0, 1, 1);
    expect(device.lastOf(0, 1, 9)).toHaveLength(1);
    expect(resolver.lastOf(0, 1, 9)).toEqual([]);
  });

  it('tells several logs as one story, group by group', () => {
    const logged = (id: number, event: number, sentence: string) => ({ id, event, sentence });
    expect(
      inOrder([
        logged(2, EVENT.issued, 'issued 2'),
        logged(0, EVENT.detached, 'detached'),
        logged(1, EVENT.answered, 'answered 1'),
        logged(1, EVENT.issued, 'issued 1'),
      ]),
    ).toEqual(['issued 1', 'answered 1', 'issued 2', 'detached']);
  });
});

describe('a violation log', () => {
  it('keeps what it is told, and whether it was the first of all threads', () => {
    const memory = smallMemory();
    const late = new ViolationLog(memory, THREAD.resolver);
    new ViolationLog(memory, THREAD.device).add(BREACH.answeredTwice, 1, 2, 3, 4, 5);
    late.add(BREACH.handleFreed, 0, 511, 9, 77, 6);
    expect(late.records()).toEqual([
      {
        breach: BREACH.handleFreed,
        device: 0,
        index: 511,
        pasid: 9,
        id: 77,
        extra: 6,
        first: false,
      },
    ]);
    expect(new ViolationLog(memory, THREAD.device).records()[0]?.first).toBe(true);
    expect(new ViolationLog(memory, THREAD.main).records()).toEqual([]);
  });

  it('keeps the first of each kind, however many there are of another', () => {
    const log = new ViolationLog(smallMemory(), THREAD.device);
    for (let id = 1; id <= 1000; id += 1) log.add(BREACH.handleFreed, 0, 0, 1, id, 0);
    log.add(BREACH.groupFreedTwice, 0, 0, 1, 7, 0);
    expect(log.countOf(BREACH.handleFreed)).toBe(1000);
    expect(log.records().map(({ breach }) => breach)).toContain(BREACH.groupFreedTwice);
  });

  it('counts all and keeps the first', () => {
    const log = new ViolationLog(smallMemory(), THREAD.device);
    for (let id = 1; id <= ALIKE_MAX + 10; id += 1) {
      log.add(BREACH.answeredNothing, 0, 0, 1, id, 0);
    }
    expect(log.count).toBe(ALIKE_MAX + 10);
    expect(log.records()).toHaveLength(ALIKE_MAX);
    expect(log.records().at(-1)?.id).toBe(ALIKE_MAX);
  });

  it('says every breach with its property', () => {
    const record = { device: 1, index: 2, pasid: 3, id: 4, extra: 5, first: true };
    const said = Object.values(BREACH).map((breach) => {
      const row = BREACHES[breach];
      return `${row?.property}: ${row?.say({ ...record, breach })}`;
    });
    expect(said).toMatchInlineSnapshot(`
      [
        "S1: group 4 (device 1, PASID 3, PRG index 2) was answered a second time",
        "S2: an answer for group 4 (device 1, PASID 3, PRG index 2) arrived though none was owed",
        "S3: group 4 (device 1, PASID 3, PRG index 2) got SUCCESS but page 5 of it was never mapped",
        "S4: group 4 (device 1, PASID 3, PRG index 2) took in a request of the earlier group 5",
        "S4: group 4 (device 1, PASID 3, PRG index 2) was queued while group 5 of the same index was pending",
        "S5: group 4 (device 1, PASID 3, PRG index 2) was handled in the address space of process 5, which was not its owner",
        "S6: group 4 (device 1, PASID 3, PRG index 2) was handled through attach handle 5, freed before",
        "S6: detach of device 1, PASID 3 returned with 5 groups in flight, not drained",
        "S7: group 4 (device 1, PASID 3, PRG index 2) was freed under the worker that handled it",
        "S9: a translation cached for device 1, PASID 3 led to frame 5 after it was freed",
        "L1: 5 groups of device 1 never got an answer",
      ]
    `);
  });
});
