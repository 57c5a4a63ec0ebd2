/**
 * Race thread: the entry of a thread that makes searches of the catalogue, one after the other.
 */
import type { MessagePort } from 'node:worker_threads';

import { type RaceFinding, type RaceJob, runRaceJob } from './race-search.ts';

/** A job, and where to tell how many states its search has stored so far. */
export type RaceTask = { readonly job: RaceJob; readonly port: MessagePort | undefined };

export function search({ job, port }: RaceTask): RaceFinding {
  if (port === undefined) return runRaceJob(job);
  try {
    return runRaceJob(job, (states) => port.postMessage(states));
  } finally {
    port.close();
  }
}
