/**
 * Storm sampler: what a dashboard shows of a storm besides its progress, between one sample and the next.
 *
 * Policy: reads what threads write anyway; a storm nobody watches has none.
 */
import { word } from '../core/words.ts';
import { type QueueFill, queueFill } from '../workers/queue-fill.ts';
import { COUNTER, STREAM, STREAM_STOPPED } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { StormProgress, StormSample } from '../workers/storm-plan.ts';
import { counterOf, percentilesOf } from './storm-result.ts';

/** Rows of PASIDs; more could not be told from each other. */
const ROWS_MAX = 64;

export class StormSampler {
  readonly #memory: StormMemory;
  readonly #queue: QueueFill;
  readonly #latencies: Int32Array;
  #most = 0;
  readonly #perRow: number;
  #inFlight: number[];

  constructor(memory: StormMemory) {
    this.#memory = memory;
    this.#queue = queueFill(memory);
    this.#latencies = memory.latencies.slice();
    this.#perRow = Math.ceil(memory.sizes.pasidSpace / ROWS_MAX);
    this.#inFlight = this.#noneInFlight();
  }

  /** To be called as often as anybody looks at the storm: rings fill and empty between two samples. */
  look(): void {
    this.#most = Math.max(this.#most, this.#queue.pending());
    for (const [row, groups] of this.#inFlightNow().entries()) {
      this.#inFlight[row] = Math.max(this.#inFlight[row] ?? 0, groups);
    }
  }

  /** Ends what is counted since the sample before, which is so many seconds ago. */
  sample(progress: StormProgress, seconds: number): StormSample {
    this.look();
    const most = this.#most;
    this.#most = 0;
    const pasids = { perRow: this.#perRow, inFlight: this.#inFlight };
    this.#inFlight = this.#noneInFlight();
    return {
      ...progress,
      seconds,
      groupLatencyUs: this.#latenciesSince(),
      ring: { entries: this.#queue.capacity, most },
      pasids,
      droppedRequests: counterOf(this.#memory, COUNTER.dropped),
    };
  }

  #latenciesSince(): StormSample['groupLatencyUs'] {
    const { latencies } = this.#memory;
    let counted = 0;
    const since = latencies.map((count, step) => {
      const more = (count - word(this.#latencies, step)) | 0;
      this.#latencies[step] = count;
      counted += more;
      return more;
    });
    return counted === 0 ? undefined : percentilesOf(since);
  }

  #noneInFlight(): number[] {
    return Array.from({ length: Math.ceil(this.#memory.sizes.pasidSpace / this.#perRow) }, () => 0);
  }

  #inFlightNow(): readonly number[] {
    const { streams } = this.#memory;
    const inFlight = this.#noneInFlight();
    for (let base = 0; base < streams.length; base += STREAM.words) {
      if (word(streams, base + STREAM.state) === STREAM_STOPPED) continue;
      const row = Math.floor(word(streams, base + STREAM.pasid) / this.#perRow);
      inFlight[row] = (inFlight[row] ?? 0) + word(streams, base + STREAM.outstanding);
    }
    return inFlight;
  }
}
