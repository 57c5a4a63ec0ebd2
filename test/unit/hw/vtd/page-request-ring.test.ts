/**
 * Goal:   head, tail, PPR and PRO move by the rules of the hardware, whatever the counts are.
 * Method: the rules as a table, then random command runs against a model with an array for a queue.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type PageRequestRing,
  PRS_PPR,
  PRS_PRO,
  pageRequestRing,
  pageRequestRingBytes,
} from '../../../../src/hw/vtd/page-request-ring.ts';

const ringOf = (entries: number): PageRequestRing =>
  pageRequestRing(new SharedArrayBuffer(pageRequestRingBytes(entries)), 0, entries);

/** A ring whose counts are about to pass 2^31, then 2^32. */
function ringFrom(start: number, entries: number): PageRequestRing {
  const ring = ringOf(entries);
  ring.words[0] = start;
  ring.words[32] = start;
  return ring;
}

function write(ring: PageRequestRing, ...values: readonly number[]): boolean {
  for (const [ahead, value] of values.entries()) ring.words[ring.entryWord(ahead)] = value;
  return ring.publish(values.length);
}

function drain(ring: PageRequestRing): number[] {
  const tail = ring.tail();
  const seen: number[] = [];
  for (let count = ring.head(); count !== tail; count = (count + 1) | 0) {
    seen.push(ring.words[ring.wordOf(count)] ?? -1);
  }
  ring.advance(tail);
  return seen;
}

describe('the page request ring', () => {
  it('holds 2,048 entries of 32 bytes behind three control lines', () => {
    expect(pageRequestRingBytes()).toBe(3 * 128 + 64 * 1024);
  });

  it('refuses entries that are no power of two, and a place off its line', () => {
    expect(() => ringOf(24)).toThrow('24 is no power of two');
    expect(() => pageRequestRing(new SharedArrayBuffer(4096), 64, 2)).toThrow('not aligned');
  });

  it('is one and the same through two views of one buffer', () => {
    const buffer = new SharedArrayBuffer(256 + pageRequestRingBytes(8));
    const hardware = pageRequestRing(buffer, 256, 8);
    const software = pageRequestRing(buffer, 256, 8);
    write(hardware, 7, 8);
    expect(drain(software)).toEqual([7, 8]);
    expect(hardware.room()).toBe(7);
  });

  it('is full one entry early', () => {
    const ring = ringOf(8);
    expect(ring.room()).toBe(7);
    write(ring, 1, 2, 3, 4, 5, 6, 7);
    expect(ring.room()).toBe(0);
    expect(ring.pending()).toBe(7);
  });

  it('wraps its entries', () => {
    const ring = ringOf(4);
    write(ring, 1, 2, 3);
    expect(drain(ring)).toEqual([1, 2, 3]);
    write(ring, 4, 5, 6);
    expect(ring.offsetBytes(ring.tail())).toBe(2 << 5);
    expect(ring.offsetBytes(ring.head())).toBe(3 << 5);
    expect(drain(ring)).toEqual([4, 5, 6]);
  });

  it.each([2 ** 31 - 3, -3])('counts on past %d', (start) => {
    const ring = ringFrom(start, 8);
    write(ring, 1, 2, 3, 4, 5, 6);
    expect(ring.pending()).toBe(6);
    expect(ring.room()).toBe(1);
    expect(drain(ring)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(ring.room()).toBe(7);
  });

  it('keeps its place while the head stays behind', () => {
    const ring = ringOf(8);
    write(ring, 1, 2);
    const pass = ring.tail();
    write(ring, 3);
    ring.advance(pass);
    expect(drain(ring)).toEqual([3]);
  });

  it.each([
    ['raises an event', 0, true, PRS_PPR],
    ['raises none again before it is acknowledged', PRS_PPR, false, PRS_PPR],
  ])('%s when a request arrives', (_, before, raised, after) => {
    const ring = ringOf(8);
    ring.words[64] = before;
    expect(write(ring, 1)).toBe(raised);
    expect(ring.status()).toBe(after);
    expect(ring.pending()).toBe(1);
  });

  it.each([PRS_PRO, PRS_PRO | PRS_PPR])('drops silently while overflowed (PRS %d)', (before) => {
    const ring = ringOf(8);
    ring.words[64] = before;
    expect(write(ring, 1)).toBe(false);
    expect(ring.status()).toBe(before);
    expect(ring.pending()).toBe(0);
  });

  it.each([
    [0, true],
    [PRS_PPR, false],
    [PRS_PRO, false],
    [PRS_PPR | PRS_PRO, false],
  ])('overflowing with PRS %d raises an event: %s', (before, raised) => {
    const ring = ringOf(8);
    ring.words[64] = before;
    expect(ring.overflow()).toBe(raised);
    expect(ring.status()).toBe(before | PRS_PRO);
  });

  it('raises an event again after it was acknowledged', () => {
    const ring = ringOf(8);
    write(ring, 1);
    ring.acknowledge();
    expect(write(ring, 2)).toBe(true);
  });

  it('clears each status bit alone', () => {
    const ring = ringOf(8);
    write(ring, 1);
    ring.overflow();
    ring.acknowledge();
    expect(ring.status()).toBe(PRS_PRO);
    ring.clearOverflow();
    expect(ring.isOverflowed()).toBe(false);
    expect(ring.status()).toBe(0);
  });

  it('refuses to retire what was never written, or to move its head back', () => {
    const ring = ringOf(8);
    write(ring, 1, 2);
    drain(ring);
    expect(() => ring.advance(1)).toThrow('move back by 1');
    expect(() => ring.advance(10)).toThrow('move over 8');
    expect(() => ring.advance(3)).toThrow('beyond the tail');
  });

  it('starts anew when reset', () => {
    const ring = ringOf(8);
    write(ring, 1, 2);
    ring.overflow();
    ring.reset();
    expect([ring.tail(), ring.head(), ring.status()]).toEqual([0, 0, 0]);
  });

  it('behaves as its model in every run', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 2 ** 31 - 5, -5),
        fc.array(fc.constantFrom('one', 'three', 'acknowledge', 'take', 'drain', 'clear'), {
          maxLength: 60,
        }),
        (start, commands) => {
          const ring = ringFrom(start, 8);
          const model = { queue: [] as number[], ppr: false, pro: false };
          let next = 0;

          /** The specification's arrival of one request, drops included. */
          const arrive = (): boolean => {
            const quiet = !model.ppr && !model.pro;
            if (model.pro) return false;
            if (model.queue.length === 7) model.pro = true;
            else {
              model.queue.push(next);
              model.ppr = true;
            }
            return quiet;
          };
          const deliver = (count: number): boolean => {
            const fitting = ring.isOverflowed() ? 0 : Math.min(count, ring.room());
            const values = Array.from({ length: fitting }, (_, index) => next + index);
            const raised = fitting > 0 && write(ring, ...values);
            const lost = fitting < count && !ring.isOverflowed();
            return (lost && ring.overflow()) || raised;
          };

          for (const command of commands) {
            if (command === 'one' || command === 'three') {
              const count = command === 'one' ? 1 : 3;
              const raised = deliver(count);
              let expected = false;
              for (let index = 0; index < count; index += 1) {
                expected = arrive() || expected;
                next += 1;
              }
              expect(raised).toBe(expected);
            } else if (command === 'acknowledge') {
              ring.acknowledge();
              model.ppr = false;
            } else if (command === 'take') {
              const one = Math.min(1, ring.pending());
              ring.advance((ring.head() + one) | 0);
              model.queue.shift();
            } else if (command === 'drain') {
              expect(drain(ring)).toEqual(model.queue);
              model.queue = [];
            } else {
              ring.clearOverflow();
              model.pro = false;
            }
            expect(ring.pending()).toBe(model.queue.length);
            expect(ring.room()).toBe(7 - model.queue.length);
            const expectedStatus = (model.ppr ? PRS_PPR : 0) | (model.pro ? PRS_PRO : 0);
            expect(ring.status()).toBe(expectedStatus);
          }
        },
      ),
    );
  });
});
