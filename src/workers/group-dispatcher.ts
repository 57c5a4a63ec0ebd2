/**
 * Group dispatcher: deals assembled groups to the resolvers, a batch at a time, the next batch to the shortest queue.
 *
 * Kernel: the iopf queue's workqueue, unbound and unordered: only the order inside a group is kept.
 * Actor:  the PRQ thread's own; each resolver queue has this one producer.
 */
import { invariant } from '../core/invariant.ts';
import { Bell } from './bell.ts';
import { GROUP_RECORD, groupLines, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import { WordQueue } from './word-queue.ts';

/** Groups after which a batch is published (measured: docs/performance.md). */
const BATCH_MAX = 256;

type Lane = { readonly queue: WordQueue; readonly bell: Bell; readonly lastGroups: Int32Array };

export class GroupDispatcher {
  readonly #lanes: readonly Lane[];
  #lane: Lane;
  #batched = 0;

  constructor(memory: StormMemory) {
    this.#lanes = memory.queues.map((queue, resolver) => ({
      lastGroups: lastGroupsOf(memory, resolver),
      queue: new WordQueue(queue, GROUP_RECORD.words),
      bell: new Bell(memory.bells, THREAD.resolver + resolver),
    }));
    const [first] = this.#lanes;
    invariant(first !== undefined, 'a unit needs a resolver');
    this.#lane = first;
  }

  /** The words that `record` indexes. */
  get words(): Int32Array {
    return this.#lane.queue.words;
  }

  get isFull(): boolean {
    return this.#batched >= BATCH_MAX;
  }

  /** First word of a record with room for `pages`; waits for the resolvers when their queues are full. */
  record(pages: number): number {
    const lines = groupLines(pages);
    while (this.#lane.queue.room() < lines) this.publish();
    const { queue } = this.#lane;
    const record = queue.push();
    for (let line = 1; line < lines; line += 1) queue.push();
    this.#batched += 1;
    return record;
  }

  /** Notes of an attach handle, by its slot, that the last record is of it. */
  noteLast(slot: number): void {
    const { lastGroups, queue } = this.#lane;
    lastGroups[slot] = queue.written;
  }

  /** Lets the resolver see its batch, and turns to the one with the most room. */
  publish(): void {
    const { queue, bell } = this.#lane;
    if (queue.unpublished > 0) {
      queue.publish();
      bell.ring();
    }
    this.#batched = 0;
    for (const lane of this.#lanes) {
      if (lane.queue.room() > this.#lane.queue.room()) this.#lane = lane;
    }
  }
}

function lastGroupsOf({ lastGroups }: StormMemory, resolver: number): Int32Array {
  const words = lastGroups[resolver];
  invariant(words !== undefined, `there is no resolver ${resolver}`);
  return words;
}
