/**
 * Frame store: gives frames out at the start and takes back what processes free, on the main thread.
 *
 * Units: table frames lie below `tableFrames`, data frames above; frame 0 is none.
 * A data frame's epoch moves when it comes back, before anybody can have it again: that is what makes a stale
 * translation visible.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { FrameBatch } from '../hw/frame-batch.ts';
import { zeroFrame } from '../hw/table-memory.ts';
import { FreeList } from '../workers/free-list.ts';
import type { StormMemory } from '../workers/storm-memory.ts';

export class FrameStore {
  readonly #memory: StormMemory;
  readonly #data: FreeList;
  readonly #tables: FreeList;
  readonly #one = new Int32Array(1);
  readonly #emptied: FrameBatch[] = [];
  #nextTable = 1;

  constructor(memory: StormMemory) {
    this.#memory = memory;
    this.#data = new FreeList(memory.frameList);
    this.#tables = new FreeList(memory.tableList);
    const { tableFrames, dataFrames } = memory.sizes;
    this.#data.give(dataFrames, (index) => tableFrames + index);
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
    const first = this.#nextTable;
    this.#tables.give(tableFrames - first, (index) => first + index);
    this.#nextTable = tableFrames;
  }

  /** A zeroed table frame, once the store is open. */
  takeTable(): number {
    invariant(this.#tables.take(this.#one, 0, 1) === 1, 'no table frame is left');
    return this.#one[0] ?? 0;
  }

  giveTable(frame: number): void {
    zeroFrame(this.#memory.tables, frame);
    this.#tables.give(1, () => frame);
  }

  /** For frames to come out of page tables; `giveData` takes it back. */
  takeBatch(): FrameBatch {
    return this.#emptied.pop() ?? new FrameBatch();
  }

  /** Takes the frames of a batch back, and the batch. Caller's duty: no cache of hardware can hold them any more. */
  giveData(batch: FrameBatch): void {
    const { frameEpochs, sizes } = this.#memory;
    const { count } = batch;
    for (let at = 0; at < count; at += 1) {
      const index = batch.at(at) - sizes.tableFrames;
      frameEpochs[index] = (word(frameEpochs, index) + 1) | 0;
    }
    this.#data.give(count, (at) => batch.at(at));
    batch.empty();
    this.#emptied.push(batch);
  }
}
