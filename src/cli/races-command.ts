/**
 * The `races` command: lists the catalogue, or runs it: each defect found with its quirks, and nothing without.
 *
 * Effects: writes output, and traces when a folder is named; threads start only in what it is handed.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import type { Race } from '../scenarios/races/race.ts';
import {
  type RaceResult,
  runRaces,
  type StartSearches,
  verdictOf,
} from '../scenarios/races/race-run.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openedReport } from './opened-report.ts';
import { type Output, paintFor, plain } from './output.ts';
import { progressLine } from './progress.ts';
import type { RacesArguments } from './races-arguments.ts';
import { type RacesRun, racesJson, racesRunJson } from './races-json.ts';
import { racesRunReport, racesTable } from './races-report.ts';
import type { Environment } from './storm-command.ts';
import type { ReportContents } from './ui/report-file.ts';

export type RacesEnvironment = Pick<Environment, 'stdout' | 'stderr' | 'now' | 'signal'> & {
  readonly races: readonly Race[];
  /** How many searches this machine makes at once. */
  readonly cores: number;
  readonly startSearches: StartSearches;
};

/** A file or another program has room for every title. */
const WIDE = 1000;

type RunArguments = Extract<RacesArguments, { readonly action: 'run' }>;

/** The races that are named, in the order of the catalogue; all when none is. */
export function namedRaces(
  ids: readonly string[],
  races: readonly Race[],
): Result<readonly Race[], BadInput> {
  const known = races.map(({ id }) => id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) return err(noSuchName('race', stranger, known));
  return ok(ids.length === 0 ? races : races.filter(({ id }) => ids.includes(id)));
}

export function racesListCommand(json: boolean, { stdout, races }: RacesEnvironment): ExitCode {
  stdout.write(
    json
      ? `${JSON.stringify(racesJson(races))}\n`
      : racesTable(races, stdout.isTerminal ? stdout.columns() : WIDE, paintFor(stdout)),
  );
  return EXIT.fine;
}

export async function racesRunCommand(
  options: RunArguments,
  races: readonly Race[],
  environment: RacesEnvironment,
): Promise<ExitCode> {
  const { stdout, stderr, now, signal, cores } = environment;
  if (signal.aborted) return EXIT.interrupted;
  const report = await openedReport(options.report);
  if (!report.ok) return refused(report.error, stderr);
  const start = now();
  const workers = options.workers ?? threadsFor(races, cores);
  const searches = await environment.startSearches(workers, signal);
  const progress = progressLine(stderr, now, progressText);
  let results: readonly RaceResult[];
  try {
    const { run } = searches;
    results = await runRaces(races, options.statesMax, { run, ended: progress.update });
  } finally {
    progress.end();
    await searches.stop();
  }
  const run: RacesRun = {
    results,
    statesMax: options.statesMax,
    elapsedSeconds: (now() - start) / 1000,
    interrupted: signal.aborted,
  };
  stdout.write(
    options.json
      ? `${JSON.stringify(racesRunJson(run))}\n`
      : racesRunReport(run, options.ids.length === 0, paintFor(stdout)),
  );
  if (signal.aborted) {
    await report.value?.abandon();
    return EXIT.interrupted;
  }
  const written = await writeTraces(options.trace, results);
  const reported = await report.value?.finish(await racesContents(run, options));
  for (const kept of [written, reported]) {
    if (kept?.ok === false) return refused(kept.error, stderr);
  }
  return exitCodeOf(results);
}

/** A thread takes as long to come up as a few searches of most races do. */
const SEARCHES_A_THREAD = 12;

function threadsFor(races: readonly Race[], cores: number): number {
  const searches = races.reduce(
    (sum, race) => sum + (race.status === 'modelled' ? 2 * race.experiments.length : 0),
    0,
  );
  return Math.max(1, Math.min(cores, Math.floor(searches / SEARCHES_A_THREAD)));
}

function refused(input: BadInput, stderr: Output): ExitCode {
  stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
  return EXIT.badInput;
}

async function racesContents(run: RacesRun, { ids }: RunArguments): Promise<ReportContents> {
  const { racesReportContents } = await import('./ui/races-report-contents.ts');
  const text = racesRunReport(run, ids.length === 0, plain);
  return racesReportContents(run.results, run.statesMax, text, ids);
}

function exitCodeOf(results: readonly RaceResult[]): ExitCode {
  const verdicts = results.map(verdictOf);
  if (verdicts.includes('refuted')) return EXIT.violated;
  return verdicts.includes('unknown') ? EXIT.limited : EXIT.fine;
}

const progressText = (progress: {
  readonly done: number;
  readonly of: number;
  readonly race: string;
}): string => `${progress.done} of ${progress.of} searches  last ${progress.race}`;

/** One file for each way to a violation: the race's id, and a number when it has several. */
async function writeTraces(
  folder: string | undefined,
  results: readonly RaceResult[],
): Promise<Result<undefined, BadInput>> {
  if (folder === undefined) return ok(undefined);
  const files = results.flatMap(({ race, experiments }) =>
    experiments.flatMap(({ place, withQuirks: { trace } }) => {
      const number = experiments.length === 1 ? '' : `-${place + 1}`;
      return trace === undefined ? [] : [{ name: `${race.id}${number}.json`, trace }];
    }),
  );
  const made = await makeFolder(folder);
  if (!made.ok) return made;
  for (const { name, trace } of files) {
    const written = await writeWholeFile(join(folder, name), `${JSON.stringify(trace)}\n`);
    if (!written.ok) return written;
  }
  return ok(undefined);
}
