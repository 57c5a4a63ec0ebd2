/**
 * The `campaign` command: checks everything, has the jobs done, prints what they say together.
 *
 * Effects: reads files, keeps the run in its folder, writes output; threads and hosts are the engine's.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CampaignNames, readCampaignFile } from '../campaign/campaign-file.ts';
import {
  beginRun,
  type CampaignRun,
  isCampaignId,
  readRun,
  tracesFolderIn,
} from '../campaign/campaign-folder.ts';
import type { CampaignJob } from '../campaign/campaign-job.ts';
import { campaignJobs, JOBS_MAX } from '../campaign/campaign-matrix.ts';
import { type CampaignResults, campaignResults } from '../campaign/campaign-results.ts';
import { contentHash } from '../campaign/content-hash.ts';
import type { Engine } from '../campaign/engine.ts';
import { modelVersion } from '../campaign/model-version.ts';
import { runCampaign } from '../campaign/run-campaign.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { locateBundled } from '../scenarios/bundled-files.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import type { CampaignArguments } from './campaign-arguments.ts';
import { type CampaignEnd, campaignJson } from './campaign-json.ts';
import { campaignProgressText, campaignReport } from './campaign-report.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { commandLineOf } from './option-table.ts';
import { paintFor } from './output.ts';
import { progressLine } from './progress.ts';
import { withoutPassword } from './redis-option.ts';
import type { Environment } from './storm-command.ts';

/** A run that is on the disk, and where. */
export type PreparedCampaign = { readonly run: CampaignRun; readonly folder: string };

export type CampaignEnvironment = Pick<Environment, 'stdout' | 'stderr' | 'now' | 'signal'> & {
  readonly drawSeed: () => number;
  readonly names: CampaignNames;
  /** Begins nothing yet, but finds out whether it could. */
  readonly engineFor: (
    options: CampaignArguments,
    run: CampaignRun,
    note: (sentence: string) => void,
  ) => Promise<Result<Engine, BadInput>>;
};

/** Finds the run that is gone on with, or begins a new one; all that can be wrong is found here. */
export async function prepareCampaign(
  options: CampaignArguments,
  environment: CampaignEnvironment,
): Promise<Result<PreparedCampaign, BadInput>> {
  const described =
    options.file === undefined
      ? ok(undefined)
      : await describedJobs(options.file, options.seed, environment);
  if (!described.ok) return described;
  if (options.resume !== undefined) {
    return resumed(options.runs, options.resume, described.value?.jobs, options.file);
  }
  if (described.value === undefined) {
    return err({ code: 'missing-argument', command: 'campaign', takes: 'a campaign file' });
  }
  const { name, secondsMax, jobs } = described.value;
  const id = `${name}-${environment.drawSeed().toString(16).padStart(8, '0')}`;
  const run = { id, name, model: modelVersion(), secondsMax, jobs };
  const begun = await beginRun(options.runs, run);
  return begun.ok ? readFrom(begun.value) : begun;
}

type Described = {
  readonly name: string;
  readonly secondsMax: number;
  readonly jobs: readonly CampaignJob[];
};

async function describedJobs(
  nameOrPath: string,
  seed: number,
  { names }: CampaignEnvironment,
): Promise<Result<Described, BadInput>> {
  const file = await locateBundled('campaign', nameOrPath);
  if (!file.ok) return file;
  const read = await readCampaignFile(file.value, names);
  if (!read.ok) return read;
  const jobs = campaignJobs(read.value, names.scenarios, seed);
  const { name, secondsMax } = read.value.description;
  if (jobs.length <= JOBS_MAX) return ok({ name, secondsMax, jobs });
  const place = { kind: 'campaign file' as const, file: file.value, line: undefined };
  const limit = `it may come to ${JOBS_MAX.toLocaleString('en-US')} jobs`;
  return err({ code: 'limit-exceeded', place, limit });
}

async function readFrom(folder: string): Promise<Result<PreparedCampaign, BadInput>> {
  const run = await readRun(folder);
  return run.ok ? ok({ run: run.value, folder }) : run;
}

async function resumed(
  runs: string,
  id: string,
  jobs: readonly CampaignJob[] | undefined,
  file: string | undefined,
): Promise<Result<PreparedCampaign, BadInput>> {
  const known = await readdir(runs).catch((): string[] => []);
  if (!isCampaignId(id) || !known.includes(id)) return err(noSuchName('campaign run', id, known));
  const read = await readFrom(join(runs, id));
  if (!read.ok) return read;
  const { run } = read.value;
  const current = modelVersion();
  if (run.model !== current) {
    return err({ code: 'other-model', what: `the campaign run ${id}`, model: run.model, current });
  }
  if (file !== undefined && contentHash(jobs) !== contentHash(run.jobs)) {
    return err({ code: 'other-jobs', run: id, file });
  }
  return read;
}

/** Has the jobs done and prints what they came to. */
export async function campaignCommand(
  options: CampaignArguments,
  { run, folder }: PreparedCampaign,
  environment: CampaignEnvironment,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr, now, signal } = environment;
  const again = resumeCommand(options, run.id);
  if (signal.aborted) return ok(EXIT.interrupted);
  // Whoever kills this program must be able to go on with the run.
  stderr.write(
    `campaign ${run.id}: ${run.jobs.length} jobs, kept in ${folder}; go on with it: ${again}\n`,
  );
  const start = now();
  const progress = progressLine(stderr, now, campaignProgressText);
  const note = (sentence: string): void => {
    progress.end();
    stderr.write(`stormdrain: ${sentence}\n`);
  };
  const engine = await environment.engineFor(options, run, note);
  if (!engine.ok) return engine;
  const records = await runCampaign(run, folder, engine.value, {
    ...{ now, signal, note },
    progress: progress.update,
  }).finally(progress.end);
  if (!records.ok) return records;
  const results = campaignResults(run.jobs, run.model, records.value);
  const written = await writeTraces(folder, results);
  if (!written.ok) return written;
  const elapsedSeconds = (now() - start) / 1000;
  const interrupted = signal.aborted && results.outcome.done < run.jobs.length;
  const end: CampaignEnd = {
    ...{ run, folder, results, interrupted, elapsedSeconds },
    engine: options.engine,
  };
  stdout.write(
    options.json
      ? `${JSON.stringify(campaignJson(end))}\n`
      : campaignReport(end, again, paintFor(stdout)),
  );
  return ok(exitCodeOf(end));
}

function resumeCommand({ engine, redis, runs }: CampaignArguments, id: string): string {
  return commandLineOf([
    'campaign',
    ...['--resume', id],
    ...(runs === 'runs' ? [] : ['--runs', runs]),
    ...(engine === 'local' ? [] : ['--engine', engine, '--redis', withoutPassword(redis)]),
  ]);
}

/** Violated outweighs all; an interrupt outweighs a failure; what failed or met a limit leaves the question open. */
function exitCodeOf({ results: { outcome }, interrupted }: CampaignEnd): ExitCode {
  if (outcome.violations.length > 0) return EXIT.violated;
  if (interrupted) return EXIT.interrupted;
  const isOpen = outcome.explorations.open.length > 0 || outcome.done < outcome.jobs;
  return isOpen ? EXIT.limited : EXIT.fine;
}

/** The way to each violation, for `replay`; and which transitions were taken, by how many jobs. */
async function writeTraces(
  folder: string,
  { outcome: { violations, coverage } }: CampaignResults,
): Promise<Result<undefined, BadInput>> {
  const traces = tracesFolderIn(folder);
  const made = await makeFolder(traces);
  if (!made.ok) return made;
  for (const { id, trace } of violations) {
    if (trace === undefined) continue;
    const written = await writeWholeFile(join(traces, `${id}.json`), `${JSON.stringify(trace)}\n`);
    if (!written.ok) return written;
  }
  return writeWholeFile(join(folder, 'coverage.json'), `${JSON.stringify(coverage.machines)}\n`);
}
