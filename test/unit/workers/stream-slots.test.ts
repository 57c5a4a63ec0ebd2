/** Goal: slots take the streams of a device in turn, and never hold pages of more than two windows. */
import { describe, expect, it } from 'vitest';

import { STREAM } from '../../../src/workers/storm-layout.ts';
import { StreamSlots } from '../../../src/workers/stream-slots.ts';
import { smallMemory } from './memory.ts';

const STREAMS = 5;

const slotMemory = (devices: number, streamsEach: number) =>
  smallMemory({ devices, streams: devices * streamsEach });

describe('the slots of a device', () => {
  it('take every stream in turn, none twice at a time', () => {
    const slots = new StreamSlots(slotMemory(2, STREAMS), 2);
    const taken = Array.from({ length: 6 }, () => {
      const held = [0, 1].map((slot) => slots.streamIn(1, slot));
      slots.pass(1, 0);
      slots.pass(1, 1);
      return held;
    });
    expect(taken.flat().every((stream) => stream >= STREAMS && stream < 2 * STREAMS)).toBe(true);
    expect(new Set(taken.flat()).size).toBe(STREAMS);
    for (const held of taken) expect(new Set(held).size).toBe(2);
  });

  it('are as many as there are streams when all may be active', () => {
    const slots = new StreamSlots(slotMemory(1, STREAMS), 64);
    expect(slots.count).toBe(STREAMS);
    slots.pass(0, 3);
    expect(slots.streamIn(0, 3)).toBe(3);
  });

  it('begin no third window before the first was given back', () => {
    const memory = slotMemory(1, STREAMS);
    const ready = (stream: number) => stream * STREAM.words + STREAM.ready;
    for (let stream = 0; stream < STREAMS; stream += 1) memory.streams[ready(stream)] = 2;
    const slots = new StreamSlots(memory, 1);
    expect(slots.mayBegin(0, 0)).toBe(true);
    slots.end(0, 0, 0, 0); // window 0 of stream 0
    expect(slots.streamIn(0, 0)).toBe(1);
    expect(slots.mayBegin(0, 0)).toBe(true);
    slots.end(0, 0, 0, 0); // window 0 of stream 1
    expect(slots.mayBegin(0, 0)).toBe(false);
    memory.streams[ready(1)] = 3;
    expect(slots.mayBegin(0, 0)).toBe(false);
    memory.streams[ready(0)] = 3;
    expect(slots.mayBegin(0, 0)).toBe(true);
  });

  it('wait for nobody whose process was bound anew', () => {
    const memory = slotMemory(1, STREAMS);
    const slots = new StreamSlots(memory, 1);
    slots.end(0, 0, 0, 0);
    slots.end(0, 0, 0, 0);
    expect(slots.mayBegin(0, 0)).toBe(false);
    memory.streams[STREAM.generation] = 1;
    expect(slots.mayBegin(0, 0)).toBe(true);
  });
});
