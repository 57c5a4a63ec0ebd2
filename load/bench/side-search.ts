/**
 * Side search: another thread that makes the same search at the same time, to tell what two processors give.
 *
 * Two that are threads of one core, or share caches and memory, do less than twice the work of one: no search by two
 * threads can be faster than two searches that have nothing to do with each other.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { searched } from './bench-search.ts';

const IDLE = 0;
const SEARCHING = 1;

type Start = { readonly word: Int32Array; readonly sizes: BenchSizes };

export type SideSearch = {
  /** Runs `mine` while the other thread searches; returns when both have ended. */
  beside<Value>(mine: () => Value): Value;
  stop(): void;
};

export function sideSearch(sizes: BenchSizes): SideSearch {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const start: Start = { word, sizes };
  const worker = new Worker(new URL(import.meta.url), { workerData: start });
  return {
    beside: (mine) => {
      Atomics.store(word, 0, SEARCHING);
      Atomics.notify(word, 0);
      const value = mine();
      Atomics.wait(word, 0, SEARCHING);
      return value;
    },
    stop: () => void worker.terminate(),
  };
}

function search({ word, sizes }: Start): never {
  for (;;) {
    Atomics.wait(word, 0, IDLE);
    searched(sizes, { symmetry: 'none' });
    Atomics.store(word, 0, IDLE);
    Atomics.notify(word, 0);
  }
}

if (!isMainThread) search(workerData);
