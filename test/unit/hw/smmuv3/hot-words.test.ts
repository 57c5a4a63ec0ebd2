/**
 * Goal:   what the threads of a storm write and read word by word is what the codecs write and read byte by byte; the
 *         live event queue moves its registers as the specification's pointers move.
 * Method: property runs over both, and random commands against the pointers and an array for a queue.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { accessBits } from '../../../../src/hw/access.ts';
import { decodeCommand } from '../../../../src/hw/smmuv3/command-decoding.ts';
import { RESUME_RESPONSES } from '../../../../src/hw/smmuv3/commands.ts';
import {
  decodeEvent,
  EVENT_WORDS,
  encodeEvent,
  eventAccess,
  eventId,
  eventPasid,
  eventPfnHigh,
  eventPfnLow,
  eventStallTag,
  eventStream,
  type FaultEvent,
  writeEventWords,
} from '../../../../src/hw/smmuv3/event-entry.ts';
import { eventQueue, eventQueueBytes } from '../../../../src/hw/smmuv3/event-queue.ts';
import {
  acknowledged,
  advanced,
  overflowed,
  type QueuePointers,
  queueHasOverflowed,
  queueIndex,
  queueIsEmpty,
  queueIsFull,
} from '../../../../src/hw/smmuv3/queue-pointers.ts';
import {
  resumeResponse,
  resumeStallTag,
  resumeStream,
  writeResumeWords,
} from '../../../../src/hw/smmuv3/resume.ts';
import { pasids, pfns } from '../page-requests.ts';

const AT = EVENT_WORDS;
const tags = fc.nat(0xffff);
const streams = fc.nat(0xffff);

/** A read or a write, in user or privileged mode, of data or instructions. */
const events: fc.Arbitrary<FaultEvent> = fc
  .record({
    id: fc.nat(255),
    stream: streams,
    pasid: pasids,
    stallTag: fc.option(tags, { nil: undefined }),
    iovaPfn: pfns,
    read: fc.boolean(),
    exec: fc.boolean(),
    privileged: fc.boolean(),
  })
  .map(({ read, exec, privileged, ...event }) => ({
    ...event,
    access: { read, write: !read, exec, privileged },
    secondStage: false,
    class: 0,
    tableRead: false,
    offset: 0,
    fetchPage: 0,
    fetchOffset: 0,
  }));

describe('an event', () => {
  it('is written word by word as it is byte by byte', () => {
    fc.assert(
      fc.property(events, (event) => {
        const words = new Int32Array(2 * EVENT_WORDS).fill(-1);
        const [low, high] = [event.iovaPfn % 2 ** 32, Math.floor(event.iovaPfn / 2 ** 32)];
        const { id, stream, pasid = 0, stallTag = -1 } = event;
        const bits = accessBits(event.access);
        writeEventWords(words, AT, id, stream, pasid, stallTag, low, high, bits);
        expect(decodeEvent(new DataView(words.buffer), AT * 4)).toEqual(event);
        expect([...words.subarray(0, AT)]).toEqual(Array(AT).fill(-1));
      }),
    );
  });

  it('is read word by word as it was written', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (event, hasPasid) => {
        const words = new Int32Array(2 * EVENT_WORDS);
        const pasid = hasPasid ? event.pasid : undefined;
        encodeEvent(new DataView(words.buffer), AT * 4, { ...event, pasid });
        expect({
          id: eventId(words, AT),
          stream: eventStream(words, AT),
          pasid: eventPasid(words, AT),
          stallTag: eventStallTag(words, AT),
          access: eventAccess(words, AT),
          pfn: eventPfnHigh(words, AT) * 2 ** 32 + eventPfnLow(words, AT),
        }).toEqual({
          id: event.id,
          stream: event.stream,
          pasid: pasid ?? -1,
          stallTag: event.stallTag ?? -1,
          access: accessBits(event.access),
          pfn: event.iovaPfn,
        });
      }),
    );
  });

  it('that reads and writes is a write', () => {
    const words = new Int32Array(EVENT_WORDS);
    writeEventWords(words, 0, 0x10, 0x50, 1, 3, 0, 0, 0b11);
    expect(decodeEvent(new DataView(words.buffer), 0).access).toMatchObject({
      read: false,
      write: true,
    });
  });
});

describe('a resume', () => {
  it('is the command of that name', () => {
    fc.assert(
      fc.property(streams, tags, fc.nat(2), (stream, stallTag, code) => {
        const words = new Int32Array(8).fill(-1);
        writeResumeWords(words, 4, stream, stallTag, code);
        expect(decodeCommand(new DataView(words.buffer), 16)).toEqual({
          ok: true,
          value: { kind: 'resume', stream, stallTag, response: RESUME_RESPONSES[code] },
        });
        const read = [resumeStream, resumeStallTag, resumeResponse].map((of) => of(words, 4));
        expect(read).toEqual([stream, stallTag, code]);
      }),
    );
  });
});

describe('the event queue', () => {
  const LOG2SIZE = 2;
  const ENTRIES = 2 ** LOG2SIZE;
  const queueOf = (entries: number) =>
    eventQueue(new SharedArrayBuffer(eventQueueBytes(entries)), 0, entries);

  it('refuses what a queue can not be', () => {
    expect(() => queueOf(24)).toThrow('no power of two');
    expect(() => eventQueue(new SharedArrayBuffer(4096), 64, 2)).toThrow('not aligned');
  });

  it('interrupts when it was empty, and when the loss of a record is news', () => {
    const queue = queueOf(ENTRIES);
    expect([queue.publish(1), queue.publish(3)]).toEqual([true, false]);
    expect([queue.room(), queue.overflow(), queue.overflow()]).toEqual([0, true, false]);
    expect(() => {
      for (let entry = 0; entry <= ENTRIES; entry += 1) queue.retire();
    }).toThrow('the queue is empty');
  });

  it('moves as the pointers do, whatever comes, and gives entries in their order', () => {
    const commands = fc.constantFrom('record', 'lose', 'retire', 'acknowledge');
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 80 }), (run) => {
        const queue = queueOf(ENTRIES);
        let model: QueuePointers = { prod: 0, cons: 0, log2size: LOG2SIZE };
        let recorded = 0;
        let retired = 0;
        for (const command of run) {
          if (command === 'record' && queue.room() > 0) {
            recorded += 1;
            queue.words[queue.wordOf(queue.aheadOf(0))] = recorded;
            queue.publish(1);
            model = { ...model, prod: advanced(model.prod, LOG2SIZE) };
          } else if (command === 'lose' && queue.room() === 0) {
            queue.overflow();
            model = overflowed(model);
          } else if (command === 'retire' && !queue.isEmpty()) {
            retired += 1;
            expect(queue.words[queue.wordOf(queue.cons())]).toBe(retired);
            queue.retire();
            model = { ...model, cons: advanced(model.cons, LOG2SIZE) };
          } else if (command === 'acknowledge') {
            queue.acknowledge();
            model = acknowledged(model);
          }
          const registers = [queue.words[0] ?? 0, queue.words[32] ?? 0];
          expect(registers.map((register) => register >>> 0)).toEqual([model.prod, model.cons]);
          expect({
            isEmpty: queue.isEmpty(),
            isFull: queue.room() === 0,
            isOverflowed: queue.isOverflowed(),
            next: queue.indexOf(queue.prod()),
          }).toEqual({
            isEmpty: queueIsEmpty(model),
            isFull: queueIsFull(model),
            isOverflowed: queueHasOverflowed(model),
            next: queueIndex(model.prod, LOG2SIZE),
          });
        }
      }),
    );
  });
});
