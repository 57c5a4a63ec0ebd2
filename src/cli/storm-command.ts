/**
 * The `storm` command: checks everything, runs the storm, prints what it found.
 *
 * Effects: reads files, writes output; threads start only in the `runStorm` it is handed.
 */
import type { Driver } from '../actors/driver.ts';
import { InvariantViolation } from '../core/invariant.ts';
import { ok, type Result } from '../core/result.ts';
import { liveTally } from '../explore/live-tally.ts';
import type { Counted } from '../explore/tally.ts';
import { watchedByAll } from '../machines/actor-watch.ts';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import type { KnownNames } from '../scenarios/known-names.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import { writeWholeFile } from '../scenarios/part-file.ts';
import { preparedStorm } from '../scenarios/prepared-storm.ts';
import { stormJson } from '../scenarios/storm-json.ts';
import { RECORDED_EVENTS } from '../scenarios/storm-recording.ts';
import type { StormHooks, StormPlan, StormResult } from '../workers/storm-plan.ts';
import { coverageCounts } from './coverage-counts.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { inspection } from './inspection.ts';
import { commandLineOf } from './option-table.ts';
import { type Output, paintFor } from './output.ts';
import { progressLine, stormProgressText } from './progress.ts';
import type { StormArguments } from './storm-arguments.ts';
import { stormRecorder } from './storm-recorder.ts';
import { isViolated, stormReport } from './storm-report.ts';
import { openStormReport } from './storm-report-page.ts';

/** What the entry point lends a command: the outside world. */
export type Environment = {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Milliseconds since 1970; of nothing but what inspectors are shown. */
  readonly wallClock: () => number;
  /** User and system time of the whole process so far. */
  readonly cpuSeconds: () => number;
  /** A seed nobody chose. */
  readonly drawSeed: () => number;
  /** Aborted by the first interrupt: stop offering, drain, report. */
  readonly signal: AbortSignal;
  readonly known: KnownNames;
  /** What a user should know of a plan before it runs. */
  readonly stormNotes: (plan: StormPlan) => readonly string[];
  /** With a driver of the user's own in place of the plan's, if there is one. */
  readonly runStorm: (plan: StormPlan, hooks: StormHooks, own?: Driver) => Promise<StormResult>;
};

/** Everything that can be wrong is found here, before any thread starts. */
export async function prepareStorm(
  storm: StormArguments,
  environment: Pick<Environment, 'known' | 'drawSeed'>,
  own?: OwnDriver,
): Promise<Result<StormPlan, BadInput>> {
  const { known, drawSeed } = environment;
  const seed = storm.seed ?? drawSeed();
  const plan =
    own === undefined
      ? await preparedStorm(storm.profile, storm.overrides, seed, known)
      : await preparedStorm(storm.profile, { ...storm.overrides, driver: own.name }, seed, {
          ...known,
          own: [own],
        });
  if (!plan.ok || storm.record === undefined) return plan;
  return ok({ ...plan.value, recordedEvents: RECORDED_EVENTS });
}

/** Runs a prepared storm and prints its outcome. */
export async function stormCommand(
  storm: StormArguments,
  plan: StormPlan,
  environment: Environment,
  own?: OwnDriver,
): Promise<ExitCode> {
  const { stdout, stderr, now, cpuSeconds, signal, runStorm } = environment;
  if (signal.aborted) return EXIT.interrupted;
  const repeat = repeatCommand(storm, plan.seed);
  for (const note of environment.stormNotes(plan)) stderr.write(`stormdrain: ${note}\n`);
  const recorder = await stormRecorder(storm.record, plan, own);
  if (!recorder.ok) return refused(recorder.error, stderr);
  const report = await openStormReport(storm.report, plan, repeat, environment.stormNotes(plan));
  if (!report.ok) return refused(report.error, stderr);
  const inspected = await inspection(storm, `storm ${plan.name}`, environment);
  if (!inspected.ok) {
    stderr.write(`stormdrain: ${inspected.error}\n`);
    await recorder.value.end();
    await report.value.abandon();
    return EXIT.badInput;
  }
  const tally = storm.coverage === undefined ? undefined : liveTally();
  const watches = [inspected.value?.watch, tally?.watch].filter((watch) => watch !== undefined);
  const progress = progressLine(stderr, now, stormProgressText);

  let result: StormResult;
  let written: Result<undefined, BadInput>;
  try {
    const hooks = { now, cpuSeconds, signal, progress: progress.update };
    const watch = watchedByAll(watches);
    const kept = { ...recorder.value.hooks, ...report.value.hooks };
    result = await runStorm(plan, { ...hooks, ...kept, watch }, own?.driver);
  } catch (error) {
    await report.value.abandon();
    if (!(error instanceof InvariantViolation)) throw error;
    progress.end();
    stderr.write(`stormdrain: contradiction: ${error.message}; run it again: ${repeat}\n`);
    return EXIT.violated;
  } finally {
    progress.end();
    written = await recorder.value.end();
    await inspected.value?.end();
  }
  if (written.ok) written = await keptCoverage(storm.coverage, plan, tally?.counted());
  stdout.write(
    storm.json
      ? `${JSON.stringify(stormJson(plan, result))}\n`
      : stormReport(plan, result, repeat, paintFor(stdout)),
  );
  const reported = await report.value.finish(result);
  const unwritten = [written, reported].find((each) => !each.ok);
  const unkept = unwritten?.ok === false ? refused(unwritten.error, stderr) : undefined;
  // A violation is news even of a storm that was cut short, or not recorded.
  if (isViolated(result)) return EXIT.violated;
  if (unkept !== undefined) return unkept;
  return result.interrupted ? EXIT.interrupted : EXIT.fine;
}

/** Counts of the machines that ran live; the others are carried out on bytes. */
async function keptCoverage(
  file: string | undefined,
  { name, driver, quirks }: StormPlan,
  counted: Counted | undefined,
): Promise<Result<undefined, BadInput>> {
  if (file === undefined || counted === undefined) return ok(undefined);
  const counts = coverageCounts({ source: `storm ${name}`, driver, quirks }, counted);
  return writeWholeFile(file, `${JSON.stringify(counts)}\n`);
}

function refused(input: BadInput, stderr: Output): ExitCode {
  stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
  return EXIT.badInput;
}

/** The same storm, same seed, as a shell reads it. */
const repeatCommand = (storm: StormArguments, seed: number): string =>
  commandLineOf(['storm', ...storm.repeat, '--seed', String(seed)]);
