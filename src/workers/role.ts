/**
 * Role: one duty of a thread, in steps that never block, so that a thread can be dealt any number of them.
 */
import { word } from '../core/words.ts';
import type { Bell } from './bell.ts';
import { LINE_WORDS } from './lines.ts';
import { CONTROL } from './storm-layout.ts';

export type Role = {
  /** Does what can be done now; returns how much it was, 0 for nothing. */
  step(): number;
  /** Whether another step would find something. */
  ready(): boolean;
  /** Longest sleep that misses nothing the clock brings. */
  timeoutMilliseconds(): number;
};

/** Empty rounds before a thread sleeps; more only burn (measured: docs/performance.md). */
const IDLE_ROUNDS = 20;

export const controlWord = (field: number): number => field * LINE_WORDS;

/** Told how long a sleep took, milliseconds. */
export type SleepWatch = {
  readonly now: () => number;
  readonly slept: (milliseconds: number) => void;
};

/** Runs the roles of a thread until the storm stops it. */
export function runRoles(
  roles: readonly Role[],
  bell: Bell,
  control: Int32Array,
  watch?: SleepWatch,
): void {
  const ready = (): boolean => isStopped(control) || roles.some((role) => role.ready());
  let idle = 0;
  for (;;) {
    let work = 0;
    for (const role of roles) work += role.step();
    if (work > 0) {
      idle = 0;
      continue;
    }
    if (isStopped(control)) return;
    idle += 1;
    if (idle < IDLE_ROUNDS) continue;
    const start = watch?.now() ?? 0;
    bell.sleep(ready, Math.min(...roles.map((role) => role.timeoutMilliseconds())));
    watch?.slept(watch.now() - start);
  }
}

const isStopped = (control: Int32Array): boolean => word(control, controlWord(CONTROL.stop)) !== 0;
