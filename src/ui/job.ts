/**
 * Job: something long that a page starts, watches and stops; one at a time.
 *
 * Who comes late hears everything from the beginning. When nobody listens any more the job is stopped, after a moment
 * in which a page that is loaded again comes back.
 */
import type { Listen } from './site.ts';

/** A page that is loaded again is back within this time. */
const GRACE_MILLISECONDS = 4000;

export type Job<Order> = {
  /** False when one is under way. */
  start(order: Order): boolean;
  stop(): void;
  readonly listen: Listen;
  isRunning(): boolean;
  /** Resolves when what is under way, if anything, has come to its end. */
  ended(): Promise<void>;
};

/** `run` tells events, plain data, and ends soon after the signal; it does not throw. */
export function jobOf<Order>(
  run: (order: Order, tell: (event: unknown) => void, signal: AbortSignal) => Promise<void>,
  graceMilliseconds = GRACE_MILLISECONDS,
): Job<Order> {
  const hearers = new Set<(event: unknown) => void>();
  let told: unknown[] = [];
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let leaving: NodeJS.Timeout | undefined;

  const stop = (): void => running?.stop.abort();
  const stopUnlessHeard = (): void => {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (hearers.size === 0) stop();
    }, graceMilliseconds);
    leaving.unref();
  };
  const tell = (event: unknown): void => {
    told.push(event);
    for (const hear of hearers) hear(event);
  };
  return {
    start: (order) => {
      if (running !== undefined) return false;
      told = [];
      const abort = new AbortController();
      const ended = run(order, tell, abort.signal).finally(() => {
        running = undefined;
      });
      running = { stop: abort, ended };
      stopUnlessHeard();
      return true;
    },
    stop,
    listen: (hear) => {
      for (const event of told) hear(event);
      hearers.add(hear);
      return () => {
        hearers.delete(hear);
        stopUnlessHeard();
      };
    },
    isRunning: () => running !== undefined,
    ended: () => running?.ended ?? Promise.resolve(),
  };
}
