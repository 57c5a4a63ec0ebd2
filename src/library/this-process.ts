/**
 * This process: its clocks and its chance, lent to what the library runs. An entry point, as the command line is one.
 */
import { randomInt } from 'node:crypto';
import { driverNames, quirkIds } from '../actors/drivers.ts';
import type { KnownNames } from '../scenarios/known-names.ts';

const SEED_END = 2 ** 32;

/** Milliseconds, monotonic. */
export const now = (): number => performance.now();

/** User and system time of the whole process so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export const drawSeed = (): number => randomInt(SEED_END);

export const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** What may be named here: everything bundled, and the drivers that were handed over. */
export const knownWith = (own: NonNullable<KnownNames['own']>): KnownNames => ({
  drivers: driverNames,
  quirks: quirkIds,
  own,
});
