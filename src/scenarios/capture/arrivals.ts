/**
 * Arrivals: how fast groups came, and whether they came in bursts, from the gaps between them.
 *
 * Units:  seconds in, milliseconds and groups a second out.
 * Method: gaps are kept as a histogram of powers of two, so a capture of any length costs the same.
 */

/** From a nanosecond (2^0) to centuries. */
const BUCKETS = 64;
const NANOSECONDS = 1e9;
/** A clock that goes back further was set anew, or another capture begins. */
const SETBACK_SECONDS_MAX = 1;
/** A pause is at least this many times as long as the gaps inside bursts, on average. */
const PAUSE_RATIO_MIN = 16;
/** Pauses that are few enough to leave bursts between them, and take enough of the time to matter. */
const GAPS_PER_PAUSE_MIN = 4;
const PAUSES_MIN = 2;
const PAUSED_SHARE_MIN = 0.25;

export type ArrivalPattern = {
  /** Groups a second while groups come; undefined when no clock told. */
  readonly rate: number | undefined;
  /** Of one burst and one pause on average; undefined when the load is even. */
  readonly burst: { readonly onMilliseconds: number; readonly offMilliseconds: number } | undefined;
  /** From the first to the last arrival, setbacks of the clock left out. */
  readonly seconds: number;
};

export class Arrivals {
  readonly #counts = new Float64Array(BUCKETS);
  readonly #sums = new Float64Array(BUCKETS);
  #gaps = 0;
  #seconds = 0;
  #last: number | undefined;

  /** A group arrived; `seconds` is undefined when the trace's clock counts something else. */
  add(seconds: number | undefined): void {
    const last = this.#last;
    this.#last = seconds;
    if (seconds === undefined || last === undefined) return;
    if (seconds < last - SETBACK_SECONDS_MAX) return;
    const gap = Math.max(0, seconds - last);
    const bucket = Math.min(BUCKETS - 1, Math.floor(Math.log2(gap * NANOSECONDS + 1)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + gap;
    this.#gaps += 1;
    this.#seconds += gap;
  }

  pattern(): ArrivalPattern {
    const seconds = this.#seconds;
    if (seconds <= 0) return { rate: undefined, burst: undefined, seconds: 0 };
    const split = this.#split();
    if (split === undefined) return { rate: this.#gaps / seconds, burst: undefined, seconds };
    const bursts = split.pauses + 1;
    const onSeconds = seconds - split.paused;
    return {
      rate: (this.#gaps + 1) / onSeconds,
      burst: {
        onMilliseconds: (onSeconds / bursts) * 1000,
        offMilliseconds: (split.paused / split.pauses) * 1000,
      },
      seconds,
    };
  }

  /** The border between gaps and pauses at which they differ most, or undefined. */
  #split(): { readonly pauses: number; readonly paused: number } | undefined {
    let pauses = 0;
    let paused = 0;
    let best: { readonly pauses: number; readonly paused: number } | undefined;
    let bestRatio = PAUSE_RATIO_MIN;
    for (let bucket = BUCKETS - 1; bucket > 0; bucket -= 1) {
      pauses += this.#counts[bucket] ?? 0;
      paused += this.#sums[bucket] ?? 0;
      const rest = this.#gaps - pauses;
      const unpaused = this.#seconds - paused;
      if (pauses < PAUSES_MIN || rest < pauses * GAPS_PER_PAUSE_MIN || unpaused <= 0) continue;
      if (paused < this.#seconds * PAUSED_SHARE_MIN) continue;
      const ratio = paused / pauses / (unpaused / rest);
      if (ratio < bestRatio) continue;
      bestRatio = ratio;
      best = { pauses, paused };
    }
    return best;
  }
}
