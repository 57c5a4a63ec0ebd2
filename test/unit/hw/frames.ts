/** A free list of zeroed table frames for tests, which counts what it gave and got back. */
import { FRAME_WORDS, tableMemory, tableMemoryBytes } from '../../../src/hw/table-memory.ts';

export type Frames = {
  readonly words: Int32Array;
  take(): number;
  giveBack(frame: number): void;
  /** Frames out, in order of number. */
  taken(): number[];
};

export function framesOf(count: number): Frames {
  const words = tableMemory(new SharedArrayBuffer(tableMemoryBytes(count)), 0, count);
  const free = Array.from({ length: count - 1 }, (_, index) => count - 1 - index);
  const out = new Set<number>();
  return {
    words,
    take: () => {
      const frame = free.pop() ?? 0;
      if (frame !== 0) out.add(frame);
      return frame;
    },
    giveBack: (frame) => {
      if (!out.delete(frame)) throw new Error(`frame ${frame} was not taken`);
      free.push(frame);
    },
    taken: () => [...out].toSorted((one, other) => one - other),
  };
}

export const frameIsZero = (words: Int32Array, frame: number): boolean =>
  words.subarray(frame * FRAME_WORDS, (frame + 1) * FRAME_WORDS).every((value) => value === 0);
