/**
 * Goal:   a pass over each unit's queue is its driver's: what moves the head and when, what is refused, reported and
 *         dropped, and how an overflow ends; the ports fill the queues as hardware does.
 * Method: port and queue of one memory, stepped by hand; entries that no device of ours sends are written by codecs.
 */
import { describe, expect, it } from 'vitest';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../src/core/ids.ts';
import type { PageRequest } from '../../../src/core/page-request.ts';
import { pageRequestLog } from '../../../src/hw/amd/page-request-log.ts';
import { encodeLogEntry } from '../../../src/hw/amd/page-request-log-entry.ts';
import { eventQueue } from '../../../src/hw/smmuv3/event-queue.ts';
import { pageRequestRing } from '../../../src/hw/vtd/page-request-ring.ts';
import { AmdRequestPort } from '../../../src/workers/amd/request-port.ts';
import { AmdRequestQueue } from '../../../src/workers/amd/request-queue.ts';
import { EventLog } from '../../../src/workers/event-log.ts';
import {
  ANSWER_REFUSED_PARTIALS,
  REPORT_STOP_MARKERS,
  SEND_FAILURE_AS_TWO,
} from '../../../src/workers/quirk-flags.ts';
import { controlWord } from '../../../src/workers/role.ts';
import { SmmuRequestPort } from '../../../src/workers/smmuv3/request-port.ts';
import { SmmuRequestQueue } from '../../../src/workers/smmuv3/request-queue.ts';
import { CONTROL, THREAD } from '../../../src/workers/storm-layout.ts';
import type { StormMemory } from '../../../src/workers/storm-memory.ts';
import type { UnitKind } from '../../../src/workers/unit-kind.ts';
import type { RequestPort } from '../../../src/workers/unit-seams.ts';
import { requestPortOf, requestQueueOf } from '../../../src/workers/units.ts';
import { rememberedReports } from './fault-reports.ts';
import { smallMemory } from './memory.ts';

const READ = 1;
const WRITE = 2;
const [PASID, ID, OWNER] = [2, 700, 9];
const [NOT_LAST, LAST] = [false, true];

/** Page 5 of the address space, on device 1. */
const send = (port: RequestPort, index: number, last: boolean, access = READ | WRITE): boolean =>
  port.send(1, PASID, index, 5, access << 18, last, ID + index, OWNER);

const headOf: Readonly<Record<UnitKind, (memory: StormMemory) => number>> = {
  vtd: ({ ring, sizes }) => pageRequestRing(ring, 0, sizes.ringEntries).head(),
  amd: ({ ring, sizes }) => pageRequestLog(ring, 0, sizes.ringEntries).head(),
  smmuv3: ({ ring, sizes }) => eventQueue(ring, 0, sizes.ringEntries).cons(),
};

const memoryOf = (unit: UnitKind, ringEntries = 8): StormMemory => {
  const memory = smallMemory({ ringEntries }, unit);
  if (unit === 'amd') pageRequestLog(memory.ring, 0, ringEntries).enable();
  return memory;
};

describe('a pass', () => {
  it.each([
    ['vtd', [0, 0]],
    ['amd', [1, 2]],
    ['smmuv3', [1, 2]],
  ] as const)('of %s reports what was sent, with the head at %j', (unit, heads) => {
    const memory = memoryOf(unit);
    const port = requestPortOf(memory, new EventLog(memory, THREAD.device));
    const queue = requestQueueOf(memory);
    expect(queue.isPending()).toBe(false);
    send(port, 3, NOT_LAST, READ);
    send(port, 4, LAST);
    expect(queue.isPending()).toBe(false);
    port.publish();
    expect(queue.isPending()).toBe(true);

    const { told, reports } = rememberedReports(() => headOf[unit](memory));
    expect(queue.pass(reports)).toBe(3);
    const stalls = unit === 'smmuv3';
    const [first, second] = heads;
    expect(told).toEqual([
      // A stall is the last of its group, and reads or writes.
      ['report', 1, PASID, 3, Number(stalls), 5, READ << 20, ID + 3, OWNER, first],
      ['report', 1, PASID, 4, 1, 5, (stalls ? WRITE : READ | WRITE) << 20, ID + 4, OWNER, second],
      ['publish'],
    ]);
    expect([headOf[unit](memory), queue.isPending()]).toEqual([2, false]);
  });
});

describe('the PPR log', () => {
  it('drops what comes after an overflow, until a pass has restarted it where it stood', () => {
    const memory = memoryOf('amd', 4);
    const port = new AmdRequestPort(memory, new EventLog(memory, THREAD.device));
    const queue = new AmdRequestQueue(memory);
    const sent = [0, 1, 2, 3, 4].map((index) => send(port, index, LAST));
    expect([sent, port.episodes]).toEqual([[true, true, true, false, false], 1]);

    const { told, reports } = rememberedReports();
    expect(queue.pass(reports)).toBe(4);
    expect(told.map(([what]) => what)).toEqual([
      'report',
      'report',
      'report',
      'publish',
      'overflowed',
    ]);
    expect([send(port, 5, LAST), port.episodes, queue.isPending()]).toEqual([true, 1, false]);
    port.publish();
    expect(queue.pass(rememberedReports().reports)).toBe(2);
    expect(headOf.amd(memory)).toBe(4);
  });

  const request: PageRequest = {
    kind: 'page-request',
    rid: requesterId(0x108),
    pasid: pasid(1),
    prgi: prgIndex(3),
    iovaPfn: iovaPfn(5),
    access: { read: true, write: false, exec: false, privileged: false },
    last: true,
  };
  const nothing = { ...request.access, read: false };
  /** Response Failure; 7.3 sends Linux's own code. */
  const FAILURE = 0xf;
  const FAILURE_7_3 = 2;
  const AS_7_3 = ANSWER_REFUSED_PARTIALS | SEND_FAILURE_AS_TWO;
  const refused = {
    last: ['reject', 1, -1, 3, 0, FAILURE],
    last73: ['reject', 1, -1, 3, 0, FAILURE_7_3],
    other73: ['answer', 1, -1, 3, 0, FAILURE_7_3],
  };
  const pass = (quirks: number, entry: Partial<PageRequest>, reservedBit = false) => {
    const memory = memoryOf('amd');
    memory.control[controlWord(CONTROL.quirks)] = quirks;
    const log = pageRequestLog(memory.ring, 0, memory.sizes.ringEntries);
    const logged = { request: { ...request, ...entry }, reservedBit };
    encodeLogEntry(new DataView(memory.ring), log.wordOf(0) * 4, logged);
    log.publish(1);
    const { told, reports } = rememberedReports();
    new AmdRequestQueue(memory).pass(reports);
    return told.filter(([what]) => what !== 'publish').map((each) => each.slice(0, 6));
  };

  it.each([
    ['without a PASID', { pasid: undefined }],
    ['with PASID 0', { pasid: pasid(0) }],
    ['with a PASID the function has not', { pasid: pasid(3) }],
  ])('refuses a request %s; 7.3 answers it even if it is not the last', (_, entry) => {
    const number = entry.pasid ?? -1;
    const numbered = (told: readonly unknown[]) => [told.with(2, number)];
    expect(pass(0, entry)).toEqual(numbered(refused.last));
    expect(pass(AS_7_3, entry)).toEqual(numbered(refused.last73));
    expect(pass(0, { ...entry, last: false })).toEqual([]);
    expect(pass(AS_7_3, { ...entry, last: false })).toEqual(numbered(refused.other73));
  });

  it('refuses a request whose walk met a reserved bit', () => {
    expect(pass(0, {}, true)).toEqual([refused.last.with(2, 1)]);
  });

  it('drops a stop marker, which 7.3 reports', () => {
    expect(pass(0, { access: nothing })).toEqual([]);
    expect(pass(REPORT_STOP_MARKERS, { access: nothing })).toEqual([['report', 1, 1, 3, 1, 5]]);
    // Not the last of its group, so no stop marker.
    expect(pass(0, { access: nothing, last: false })).toEqual([['report', 1, 1, 3, 0, 5]]);
  });

  it('is silent about a function it does not know', () => {
    expect(pass(0, { rid: requesterId(0x50) })).toEqual([]);
  });
});

describe('the event queue', () => {
  const NO_ENTRY = 0;
  const refuse = (port: RequestPort): boolean => port.refused(1, PASID, NO_ENTRY, 5, READ << 18);

  it('lets stalls wait while it is full, and takes them in their order when there is room', () => {
    const memory = memoryOf('smmuv3', 2);
    const port = new SmmuRequestPort(memory);
    const queue = new SmmuRequestQueue(memory);
    const sent = [0, 1, 2, 3].map((index) => send(port, index, LAST));
    expect([sent, port.waiting, port.takeWaiting()]).toEqual([[true, true, true, true], 2, -1]);
    expect(queue.pass(rememberedReports().reports)).toBe(3);
    // Rows of the ledger: 512 indices a device.
    expect([port.takeWaiting(), port.waiting]).toEqual([512 + 2, 1]);
    // Taken and still faulting, it has the room to itself; the next one too, and then none is left.
    send(port, 2, LAST);
    expect([port.takeWaiting(), port.waiting, port.takeWaiting()]).toEqual([512 + 3, 0, -1]);
    expect(port.episodes).toBe(0);
  });

  it('has terminated accesses recorded where there is room; a lost record is an overflow', () => {
    const memory = memoryOf('smmuv3', 2);
    const port = new SmmuRequestPort(memory);
    const queue = new SmmuRequestQueue(memory);
    // No access that is terminated asks for anything.
    expect([refuse(port), refuse(port), port.episodes]).toEqual([false, false, 0]);
    expect([refuse(port), refuse(port), port.episodes]).toEqual([false, false, 1]);

    const { told, reports } = rememberedReports();
    expect(queue.pass(reports)).toBe(3);
    expect(told).toEqual([['publish']]);
    expect(queue.isPending()).toBe(false);
    for (let more = 3; more > 0; more -= 1) refuse(port);
    expect(port.episodes).toBe(2);
  });
});
