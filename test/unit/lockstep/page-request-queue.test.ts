/**
 * The ring in shared memory against the page-request-queue machine: same entries, bits, drops and events.
 *
 * Method: random operations on both, compared after each one.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createActor } from 'xstate';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../src/core/ids.ts';
import { REQUEST_ID_WORD, writeRequestWords } from '../../../src/hw/vtd/page-request-descriptor.ts';
import {
  PRS_PPR,
  PRS_PRO,
  pageRequestRing,
  pageRequestRingBytes,
} from '../../../src/hw/vtd/page-request-ring.ts';
import { pageRequestQueueMachine } from '../../../src/machines/page-request-queue.ts';

const ENTRIES = 4;

type Operation = 'request' | 'last-request' | 'acknowledge' | 'advance' | 'clear-overflow';

const OPERATIONS: readonly Operation[] = [
  'request',
  'last-request',
  'acknowledge',
  'advance',
  'clear-overflow',
];

function bytes() {
  const ring = pageRequestRing(new SharedArrayBuffer(pageRequestRingBytes(ENTRIES)), 0, ENTRIES);
  /** What hardware does with one request: 'event' when it interrupts, 'dropped' when it can't take it. */
  const receive = (id: number, last: boolean): string[] => {
    if (ring.isOverflowed()) return ['dropped'];
    if (ring.room() === 0) return ring.overflow() ? ['dropped', 'event'] : ['dropped'];
    const at = ring.entryWord(0);
    writeRequestWords(ring.words, at, 0x100, 1, 3, 0, 0, 1, last);
    ring.words[at + REQUEST_ID_WORD] = id;
    return ring.publish(1) ? ['event'] : [];
  };
  const entries = (): number[] =>
    Array.from({ length: ring.pending() }, (_, index) => {
      return ring.words[ring.wordOf(ring.head() + index) + REQUEST_ID_WORD] ?? -1;
    });
  return { ring, receive, entries };
}

function machine() {
  let seen: string[] = [];
  const actor = createActor(
    pageRequestQueueMachine.provide({
      actions: {
        raiseEvent: () => seen.push('event'),
        drop: () => seen.push('dropped'),
        answerDropped: () => seen.push('dropped'),
        violate: () => seen.push('violated'),
      },
    }),
    { input: { unit: 0, capacity: ENTRIES - 1, answersDroppedLast: true } },
  ).start();
  const receive = (id: number, last: boolean): string[] => {
    seen = [];
    actor.send({
      type: 'page-request.received',
      request: {
        rid: requesterId(0x100),
        pasid: pasid(1),
        prgi: prgIndex(3),
        iovaPfn: iovaPfn(0),
        access: { read: true, write: false, exec: false, privileged: false },
        last,
        owner: 1,
        prgEpoch: id,
      },
    });
    return seen;
  };
  return { actor, receive };
}

it('takes, drops and signals exactly what the machine does', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...OPERATIONS), { maxLength: 40 }), (operations) => {
      const real = bytes();
      const model = machine();
      for (const [id, operation] of operations.entries()) {
        switch (operation) {
          case 'request':
          case 'last-request': {
            const last = operation === 'last-request';
            expect(real.receive(id, last).sort()).toEqual([...model.receive(id, last)].sort());
            break;
          }
          case 'acknowledge':
            real.ring.acknowledge();
            model.actor.send({ type: 'pending.acknowledge' });
            break;
          case 'advance': {
            const count = real.ring.pending();
            real.ring.advance(real.ring.tail());
            model.actor.send({ type: 'head.advance', count });
            break;
          }
          case 'clear-overflow':
            real.ring.clearOverflow();
            model.actor.send({ type: 'overflow.clear' });
            break;
        }
        const { value, context } = model.actor.getSnapshot();
        expect(real.entries()).toEqual(context.entries.map(({ prgEpoch }) => prgEpoch));
        expect(value).toEqual({
          overflow: (real.ring.status() & PRS_PRO) === 0 ? 'clear' : 'set',
          pending: (real.ring.status() & PRS_PPR) === 0 ? 'clear' : 'set',
        });
      }
    }),
    { numRuns: 500 },
  );
});
