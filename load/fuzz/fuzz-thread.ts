/** Fuzz thread: reads the inputs of one target, and writes the number of each where its watcher sees it. */
import { parentPort, workerData } from 'node:worker_threads';

import { faultOf, fuzz } from './fuzz-run.ts';
import { shrunk } from './shrink.ts';
import { TARGETS } from './targets.ts';

export type FuzzStart = {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Number of the input that is being read. */
  readonly current: Int32Array;
};

const { target: name, seed, from, to, current } = workerData as FuzzStart; // main.ts starts it with nothing else
const target = TARGETS.find((each) => each.name === name);
if (target !== undefined) {
  const { failure, ...counts } = await fuzz(target, { seed, from, to }, (number) => {
    Atomics.store(current, 0, number);
  });
  const isAlike = async (input: Buffer): Promise<boolean> =>
    headOf(await faultOf(target, input)) === headOf(failure?.fault);
  const least = failure === undefined ? undefined : await shrunk(failure.input, isAlike);
  await target.close?.();
  parentPort?.postMessage({ ...counts, failure, least });
}

/** The error without its numbers and places: shrinking must not find another one. */
function headOf(fault: string | undefined): string | undefined {
  return fault?.split('\n').slice(0, 2).join(' ').replaceAll(/\d+/g, '#').slice(0, 60);
}
