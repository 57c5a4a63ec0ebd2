/**
 * Progress estimate: how far a campaign is, and how long it will still take.
 *
 * Method: jobs that are left are taken to cost what those of their kind have cost on average; the work of this session
 *         over its time is how fast this engine is, however many threads and hosts it has.
 */
import type { SentJob } from './campaign-job.ts';
import { isWrong, type JobRecord } from './job-record.ts';

export type CampaignProgress = {
  readonly jobs: number;
  readonly done: number;
  readonly failed: number;
  readonly violated: number;
  readonly elapsedSeconds: number;
  /** Undefined: nothing is known yet. */
  readonly leftSeconds: number | undefined;
};

type Kind = { seconds: number; done: number; left: number };

export class ProgressEstimate {
  readonly #kindOf = new Map<string, Kind>();
  readonly #ended = new Map<string, JobRecord>();
  readonly #jobs: number;
  readonly #started: number;
  /** Seconds of work that this session did. */
  #work = 0;

  constructor(jobs: readonly SentJob[], earlier: ReadonlyMap<string, JobRecord>, now: number) {
    this.#jobs = jobs.length;
    this.#started = now;
    const kinds = new Map<string, Kind>();
    for (const { key, job } of jobs) {
      const kind = kinds.get(job.kind) ?? { seconds: 0, done: 0, left: 0 };
      kinds.set(job.kind, kind);
      kind.left += 1;
      this.#kindOf.set(key, kind);
    }
    for (const record of earlier.values()) this.#count(record);
  }

  ended(record: JobRecord): void {
    if (this.#count(record)) this.#work += record.seconds;
  }

  /** False when it was counted before. */
  #count(record: JobRecord): boolean {
    const kind = this.#kindOf.get(record.key);
    if (kind === undefined || this.#ended.has(record.key)) return false;
    this.#ended.set(record.key, record);
    kind.left -= 1;
    kind.done += 1;
    kind.seconds += record.seconds;
    return true;
  }

  at(now: number): CampaignProgress {
    const all = [...this.#ended.values()];
    const failed = all.filter(({ outcome }) => outcome.kind === 'failed').length;
    const elapsedSeconds = (now - this.#started) / 1000;
    return {
      jobs: this.#jobs,
      done: all.length - failed,
      failed,
      violated: all.filter(({ outcome }) => isWrong(outcome)).length,
      elapsedSeconds,
      leftSeconds: this.#left(elapsedSeconds),
    };
  }

  #left(elapsedSeconds: number): number | undefined {
    const kinds = [...new Set(this.#kindOf.values())];
    const done = kinds.reduce((sum, each) => sum + each.done, 0);
    if (this.#work === 0 || done === 0) return undefined;
    const mean = kinds.reduce((sum, { seconds }) => sum + seconds, 0) / done;
    const work = kinds.reduce(
      (sum, kind) => sum + kind.left * (kind.done === 0 ? mean : kind.seconds / kind.done),
      0,
    );
    return (work / this.#work) * elapsedSeconds;
  }
}
