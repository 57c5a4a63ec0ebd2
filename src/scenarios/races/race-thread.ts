/**
 * Race thread: the entry of a thread that makes searches of the catalogue, one after the other.
 */
import { type RaceFinding, type RaceJob, runRaceJob } from './race-search.ts';

export const search = (job: RaceJob): RaceFinding => runRaceJob(job);
