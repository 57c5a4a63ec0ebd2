/**
 * Load schedule: when a group is due, so that latency counts from the intended start and nothing is omitted.
 *
 * Units: milliseconds of the thread's clock, which is handed in; rates are groups a second.
 * Policy: saturated load is always due and intends what it does; bursts switch an open or saturated load on and off.
 */
export type LoadPlan = {
  readonly rate: number | undefined;
  readonly burst: { readonly onMilliseconds: number; readonly offMilliseconds: number } | undefined;
  /** How often an open-loop device looks at its schedule; 100 unless given. */
  readonly quantumMicroseconds?: number | undefined;
};

/** Groups that make it worth waking up before the quantum is over. */
const DUE_MAX = 256;
/** A longer quantum costs fewer wake-ups and more latency (measured: docs/performance.md). */
const QUANTUM_MICROSECONDS = 100;
const ALWAYS = Number.MAX_SAFE_INTEGER;

export class LoadSchedule {
  readonly #plan: LoadPlan;
  readonly #start: number;
  readonly #quantum: number;
  #issued = 0;
  #last = 0;

  constructor(plan: LoadPlan, start: number) {
    this.#plan = plan;
    this.#start = start;
    this.#quantum = (plan.quantumMicroseconds ?? QUANTUM_MICROSECONDS) / 1000;
  }

  /** Milliseconds of offering that passed until `now`: bursts leave their pauses out. */
  #offered(now: number): number {
    const elapsed = now - this.#start;
    const { burst } = this.#plan;
    if (burst === undefined) return elapsed;
    const period = burst.onMilliseconds + burst.offMilliseconds;
    const whole = Math.floor(elapsed / period);
    return whole * burst.onMilliseconds + Math.min(elapsed - whole * period, burst.onMilliseconds);
  }

  #isPaused(now: number): boolean {
    const { burst } = this.#plan;
    if (burst === undefined) return false;
    return (
      (now - this.#start) % (burst.onMilliseconds + burst.offMilliseconds) >= burst.onMilliseconds
    );
  }

  /** Groups that may be issued now. */
  due(now: number): number {
    const { rate } = this.#plan;
    if (rate === undefined) return this.#isPaused(now) ? 0 : ALWAYS;
    const due = Math.floor((this.#offered(now) * rate) / 1000) - this.#issued;
    if (due < DUE_MAX && now < this.#last + this.#quantum) return 0;
    this.#last = now;
    return Math.max(0, due);
  }

  /** The intended start of the next group; counts it as issued. */
  intend(now: number): number {
    const { rate, burst } = this.#plan;
    if (rate === undefined) return now;
    const offered = (this.#issued * 1000) / rate;
    this.#issued += 1;
    if (burst === undefined) return this.#start + offered;
    const whole = Math.floor(offered / burst.onMilliseconds);
    return this.#start + offered + whole * burst.offMilliseconds;
  }

  /** How long nothing becomes due; saturated load is limited by answers, not by the clock. */
  idleMilliseconds(now: number, atMost: number): number {
    const { rate, burst } = this.#plan;
    if (burst !== undefined && this.#isPaused(now)) return 1;
    if (rate === undefined) return atMost;
    return Math.min(atMost, this.#quantum, (DUE_MAX * 1000) / rate);
  }
}
