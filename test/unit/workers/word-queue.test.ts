/**
 * Goal:   a queue hands over what was published, in order and whole, whatever the batches, at every wrap.
 * Method: random commands against an array; with spill, records of several lines must lie in one piece.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { distance, WordQueue, wordQueueMemory } from '../../../src/workers/word-queue.ts';

const SIZE = 4;

type Command = { readonly kind: 'push' | 'publish' | 'take' | 'release'; readonly count: number };

const commands = fc.array(
  fc.record<Command>({
    kind: fc.constantFrom('push', 'publish', 'take', 'release'),
    count: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 200 },
);

describe('a word queue', () => {
  it('is an array between its two ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 8, 16), commands, (capacity, list) => {
        const memory = wordQueueMemory(capacity, SIZE);
        const producer = new WordQueue(memory, SIZE);
        const consumer = new WordQueue(memory, SIZE);
        expect(producer.capacity).toBe(capacity);
        let next = 0;
        let published = 0;
        let taken = 0;
        let released = 0;
        for (const { kind, count } of list) {
          if (kind === 'publish') {
            producer.publish();
            published = next;
          } else if (kind === 'release') {
            consumer.release();
            released = taken;
          }
          for (let left = count; left > 0; left -= 1) {
            if (kind === 'push' && next - released < capacity) {
              const at = producer.push();
              memory.fill(next, at, at + SIZE);
              next += 1;
            } else if (kind === 'take' && taken < published) {
              const at = consumer.take();
              expect([...memory.subarray(at, at + SIZE)]).toEqual(new Array(SIZE).fill(taken));
              taken += 1;
            }
          }
          expect({
            room: producer.room(),
            unpublished: producer.unpublished,
            available: consumer.available(),
            position: consumer.position,
            tail: consumer.tail(),
            head: producer.head(),
          }).toEqual({
            room: capacity - (next - released),
            unpublished: next - published,
            available: published - taken,
            position: taken,
            tail: published,
            head: released,
          });
        }
      }),
    );
  });

  it('keeps the lines of one record together behind its last place', () => {
    const spill = 5;
    const capacity = 8;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: spill }), { maxLength: 60 }), (runs) => {
        const memory = wordQueueMemory(capacity, SIZE, spill);
        const queue = new WordQueue(memory, SIZE);
        expect(queue.capacity).toBe(capacity);
        for (const [mark, lines] of runs.entries()) {
          const first = queue.push();
          for (let line = 1; line < lines; line += 1) queue.push();
          memory.fill(mark, first, first + lines * SIZE);
          expect(first + lines * SIZE).toBeLessThanOrEqual(memory.length);
          queue.publish();
          const at = queue.take();
          for (let line = 1; line < lines; line += 1) queue.take();
          expect(at).toBe(first);
          expect(memory.subarray(at, at + lines * SIZE).every((each) => each === mark)).toBe(true);
          queue.release();
        }
      }),
    );
  });

  it('does not notice that its counts wrap around 32 bits', () => {
    const memory = wordQueueMemory(4, 1);
    const queue = new WordQueue(memory, 1);
    const start = 0x7ffffffe;
    memory[0] = start;
    queue.resume(start);
    for (let mark = 0; mark < 6; mark += 1) {
      memory[queue.push()] = mark;
      memory[queue.push()] = mark + 100;
      queue.publish();
      expect(queue.available()).toBe(2);
      expect(queue.room()).toBe(2);
      expect([memory[queue.take()], memory[queue.take()]]).toEqual([mark, mark + 100]);
      queue.release();
    }
    expect(distance(queue.tail(), start)).toBe(12);
    expect(queue.tail()).toBeLessThan(0);
  });

  it('goes on where a dead consumer had got to', () => {
    const memory = wordQueueMemory(8, 1);
    const producer = new WordQueue(memory, 1);
    for (let mark = 0; mark < 5; mark += 1) memory[producer.push()] = mark;
    producer.publish();
    const dead = new WordQueue(memory, 1);
    dead.take();
    dead.take();
    const successor = new WordQueue(memory, 1);
    successor.resume(dead.position);
    expect(successor.available()).toBe(3);
    expect(memory[successor.take()]).toBe(2);
    expect(memory[successor.recordAt(4)]).toBe(4);
  });

  it.each([3, 6, 12])('is not made with %i places', (capacity) => {
    expect(() => wordQueueMemory(capacity, SIZE)).toThrow('no power of two');
  });

  it('is not made with a spill as large as itself', () => {
    expect(() => wordQueueMemory(8, SIZE, 8)).toThrow('spill');
  });
});
