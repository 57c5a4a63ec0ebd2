/**
 * Storm thread: the entry of a thread that runs one storm for the page, so that the server goes on answering.
 *
 * Effects: runs a storm on threads of its own; tells samples and the end to whoever started it.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { runStorm } from '../../actors/storm.ts';
import { InvariantViolation } from '../../core/invariant.ts';
import type { StormEvent } from '../../ui/shapes.ts';
import type { StormPlan } from '../../workers/storm-plan.ts';

const plan: StormPlan = workerData;
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());

const tell = (event: StormEvent): void => parentPort?.postMessage(event);

try {
  const result = await runStorm(plan, {
    now: () => performance.now(),
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    signal: stop.signal,
    progress: () => {},
    sample: (sample) => tell({ type: 'sample', sample }),
  });
  tell({ type: 'ended', result });
} catch (error) {
  if (!(error instanceof InvariantViolation)) throw error;
  tell({ type: 'failed', sentence: error.message });
} finally {
  // Nobody is listened to any more, so the thread may end.
  parentPort?.removeAllListeners('message');
  parentPort?.unref();
}
