/**
 * Run campaign: has an engine do what a run still lacks, and keeps every record before it counts.
 */
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { type CampaignRun, resultsFileIn } from './campaign-folder.ts';
import { jobKey, type SentJob } from './campaign-job.ts';
import type { Engine } from './engine.ts';
import { type JobRecord, preferred } from './job-record.ts';
import { type CampaignProgress, ProgressEstimate } from './progress-estimate.ts';
import { ResultsFile, readRecords, UnwritableResults } from './results-file.ts';

export type CampaignHooks = {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly progress: (progress: CampaignProgress) => void;
  readonly note: (sentence: string) => void;
};

/** The records of a run, those of earlier sessions and those of this one. */
export async function runCampaign(
  run: CampaignRun,
  folder: string,
  engine: Engine,
  { now, signal, progress, note }: CampaignHooks,
): Promise<Result<readonly JobRecord[], BadInput>> {
  const file = resultsFileIn(folder);
  const results = await ResultsFile.open(file);
  if (!results.ok) return results;
  try {
    const kept = await readRecords(file);
    if (!kept.ok) return kept;
    if (kept.value.dropped > 0) {
      note(`${kept.value.dropped} damaged lines of ${file} are dropped, and their jobs done again`);
    }
    const jobs = run.jobs.map((job): SentJob => {
      const { model, secondsMax } = run;
      return { key: jobKey(job, model), model, secondsMax, job };
    });
    const records = new Map<string, JobRecord>();
    const isDone = (key: string): boolean =>
      (records.get(key)?.outcome.kind ?? 'failed') !== 'failed';
    const known = new Set(jobs.map(({ key }) => key));
    for (const record of kept.value.records) {
      if (record.model === run.model && known.has(record.key)) keep(records, record);
    }
    // What failed is tried again, and has failed only if it fails now.
    for (const [key, record] of records) if (record.outcome.kind === 'failed') records.delete(key);

    const left = jobs.filter(({ key }) => !isDone(key));
    const estimate = new ProgressEstimate(jobs, records, now());
    const tell = (): void => progress(estimate.at(now()));
    tell();
    const timer = setInterval(tell, TELL_MILLISECONDS).unref();
    try {
      await engine.run(left, {
        signal,
        note,
        ended: async (record) => {
          if (!known.has(record.key) || record.model !== run.model) return;
          await results.value.append(record);
          keep(records, record);
          estimate.ended(record);
        },
      });
    } finally {
      clearInterval(timer);
    }
    return ok([...records.values()]);
  } catch (error) {
    if (error instanceof UnwritableResults) return { ok: false, error: error.input };
    throw error;
  } finally {
    await results.value.close();
  }
}

const TELL_MILLISECONDS = 200;

function keep(records: Map<string, JobRecord>, record: JobRecord): void {
  const known = records.get(record.key);
  records.set(record.key, known === undefined ? record : preferred(known, record));
}
