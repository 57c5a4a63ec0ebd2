/**
 * Race here: searches one after the other on the caller's own thread, which sees to other things in their pauses.
 *
 * Another thread would have to load all of this again, which takes as long as most races do.
 */
import { setImmediate } from 'node:timers/promises';
import PQueue from 'p-queue';

import type { RaceSearches } from './race-run.ts';
import { INTERRUPTED, type RaceFinding, type RaceJob, raceSlices } from './race-search.ts';

export function racesHere(
  signal: AbortSignal,
  counted: (job: RaceJob, states: number) => void = () => {},
): RaceSearches {
  const queue = new PQueue({ concurrency: 1 });
  const searched = async (job: RaceJob): Promise<RaceFinding> => {
    const slices = raceSlices(job);
    while (!signal.aborted) {
      const slice = slices.next();
      if (slice.done === true) return slice.value;
      counted(job, slice.value);
      await setImmediate();
    }
    return INTERRUPTED;
  };
  return { run: (job) => queue.add(() => searched(job)), stop: () => queue.onIdle() };
}
