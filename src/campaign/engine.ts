/**
 * Engine: whoever sees to it that every job of a campaign is done, here or on other hosts.
 *
 * Policy: an engine may do a job more than once and in any order; what it may not do is to end without having told a
 *         record of every job, unless it was interrupted.
 */
import type { SentJob } from './campaign-job.ts';
import type { JobRecord } from './job-record.ts';

export type EngineHooks = {
  /** Keeps the record; it is safe when this returns. What is told twice is kept once. */
  readonly ended: (record: JobRecord) => Promise<void>;
  readonly signal: AbortSignal;
  /** Says something that whoever watches should know. */
  readonly note: (sentence: string) => void;
};

export type Engine = {
  /** @throws Error of `hooks.ended`. */
  readonly run: (jobs: readonly SentJob[], hooks: EngineHooks) => Promise<void>;
};
