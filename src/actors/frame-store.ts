/**
 * Frame store: gives frames out at the start and takes back what processes free, on the main thread.
 *
 * Units: table frames lie below `tableFrames`, data frames above; frame 0 is none.
 * A data frame's epoch moves when it comes back, before anybody can have it again: that is what makes a stale
 * translation visible.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { zeroFrame } from '../hw/table-memory.ts';
import { FreeList } from '../workers/free-list.ts';
import type { StormMemory } from '../workers/storm-memory.ts';

export class FrameStore {
  readonly #memory: StormMemory;
  readonly #data: FreeList;
  readonly #tables: FreeList;
  readonly #one = new Int32Array(1);
  #nextTable = 1;

  constructor(memory: StormMemory) {
    this.#memory = memory;
    this.#data = new FreeList(memory.frameList);
    this.#tables = new FreeList(memory.tableList);
    this.#data.give(numbersFrom(memory.sizes.tableFrames, memory.sizes.dataFrames));
  }

  /** Consecutive zeroed table frames, never used before; only before the threads start. */
  takeTables(count: number): number {
    const first = this.#nextTable;
    this.#nextTable += count;
    invariant(this.#nextTable <= this.#memory.sizes.tableFrames, 'the table memory is too small');
    return first;
  }

  /** Hands the rest of the table frames to the resolvers. */
  open(): void {
    const { tableFrames } = this.#memory.sizes;
    this.#tables.give(numbersFrom(this.#nextTable, tableFrames - this.#nextTable));
    this.#nextTable = tableFrames;
  }

  /** A zeroed table frame, once the store is open. */
  takeTable(): number {
    invariant(this.#tables.take(this.#one, 0, 1) === 1, 'no table frame is left');
    return this.#one[0] ?? 0;
  }

  giveTable(frame: number): void {
    zeroFrame(this.#memory.tables, frame);
    this.#tables.give([frame]);
  }

  /** Caller's duty: no cache of hardware can hold the frames any more. */
  giveData(frames: readonly number[]): void {
    const { frameEpochs, sizes } = this.#memory;
    for (const frame of frames) {
      const index = frame - sizes.tableFrames;
      frameEpochs[index] = (word(frameEpochs, index) + 1) | 0;
    }
    this.#data.give(frames);
  }
}

const numbersFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
