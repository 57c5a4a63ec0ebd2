/**
 * Ran to end: a search or a sampling advanced slice by slice, so that time, an interrupt and a terminal get a word in.
 *
 * Units: milliseconds inside, seconds where it says so.
 */
import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../core/result.ts';
import type { Coverage, MachineCoverage } from '../explore/coverage.ts';
import type { Refusal } from '../explore/refusal.ts';

/** What a search and a sampling have in common. */
export type Advancing<Outcome, Counts> = {
  advance(more: number): Result<Outcome | undefined, Refusal>;
  counts(): Counts;
  coverage(): Coverage;
  machines(): readonly MachineCoverage[];
  stop(limit: 'time' | 'interrupted'): Outcome;
};

export type Ran<Outcome> = {
  readonly outcome: Outcome;
  readonly coverage: Coverage;
  readonly machines: readonly MachineCoverage[];
  readonly elapsedSeconds: number;
};

export type RunHooks<Counts> = {
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly secondsMax: number | undefined;
  readonly update: (counts: Counts, seconds: number) => void;
};

/** Long enough to waste nothing, short enough to answer at once. */
const SLICE_MILLISECONDS = 40;
const FIRST_SLICE = 500;
const SLICE_MAX = 10_000_000;

export async function ranToEnd<Outcome, Counts>(
  advancing: Advancing<Outcome, Counts>,
  { now, signal, secondsMax = Number.POSITIVE_INFINITY, update }: RunHooks<Counts>,
): Promise<Result<Ran<Outcome>, Refusal>> {
  const start = now();
  const seconds = (): number => (now() - start) / 1000;
  const ran = (outcome: Outcome): Result<Ran<Outcome>, Refusal> =>
    ok({
      outcome,
      coverage: advancing.coverage(),
      machines: advancing.machines(),
      elapsedSeconds: seconds(),
    });

  let slice = FIRST_SLICE;
  for (;;) {
    const before = now();
    const advanced = advancing.advance(slice);
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) return ran(advanced.value);
    update(advancing.counts(), seconds());
    // An interrupt is heard only when the event loop turns.
    await setImmediate();
    if (signal.aborted) return ran(advancing.stop('interrupted'));
    if (seconds() >= secondsMax) return ran(advancing.stop('time'));
    const wished = slice * (SLICE_MILLISECONDS / Math.max(1, now() - before));
    slice = Math.min(SLICE_MAX, Math.ceil(Math.min(slice * 2, Math.max(slice / 2, wished))));
  }
}
