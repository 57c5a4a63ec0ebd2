/**
 * The `explore` command: checks everything, searches or walks a scenario, prints what it found.
 *
 * Effects: writes output, and the files of trace and coverage when they are asked for.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { openStateFile, type StateFile } from '../explore/state-file.ts';
import { type BadInput, badInputSentence, type Place } from '../scenarios/bad-input.ts';
import { explored } from '../scenarios/exploration.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { exploreJson } from '../scenarios/explore-json.ts';
import type { Explored, Found } from '../scenarios/explored.ts';
import { foundScenario, unseenProperty } from '../scenarios/found-scenario.ts';
import { thrownByModule } from '../scenarios/own/module-fault.ts';
import { unwritable, writeWholeFile } from '../scenarios/part-file.ts';
import { coverageCounts } from './coverage-counts.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ExploreArguments } from './explore-arguments.ts';
import type { ExplorePlan } from './explore-options.ts';
import { exploreProgressText } from './explore-progress.ts';
import { exploreReport } from './explore-report.ts';
import type { Named } from './named-modules.ts';
import { openedReport } from './opened-report.ts';
import { commandLineOf } from './option-table.ts';
import { type Output, paintFor, plain } from './output.ts';
import { progressLine } from './progress.ts';
import type { Environment } from './storm-command.ts';
import type { PlayableTrace } from './ui/playable-trace.ts';

/** Everything that can be wrong with names is found here. */
export function prepareExplore(
  options: ExploreArguments,
  { scenario = '', driver, scenarios, known, files }: Named,
  { drawSeed }: Pick<Environment, 'drawSeed'>,
): Result<ExplorePlan, BadInput> {
  const found = foundScenario({ ...options, scenario, driver }, scenarios, known);
  if (!found.ok) return found;
  const unseen = unseenProperty(found.value, options.properties, scenarios);
  if (unseen !== undefined) return err(unseen);
  const { strategy } = options;
  const course: ExplorePlan['course'] =
    strategy === 'bfs' || strategy === 'dfs'
      ? { kind: 'search', order: strategy }
      : { kind: 'sampling', strategy, seed: options.seed ?? drawSeed() };
  const counting = options.coverage !== undefined;
  const disk = diskIn(options.diskFolder);
  if (!disk.ok) return disk;
  return ok({
    options: { ...options, counting, disk: disk.value },
    found: found.value,
    course,
    files,
  });
}

/** The file for states that memory has no room for, where a folder for it was named. */
function diskIn(folder: string | undefined): Result<StateFile | undefined, BadInput> {
  if (folder === undefined) return ok(undefined);
  const opened = openStateFile(folder);
  return opened.ok ? opened : err(unwritable(folder, opened.error));
}

/** Explores and prints. */
export async function exploreCommand(
  plan: ExplorePlan,
  repeat: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  const { stdout, stderr, signal, now } = environment;
  if (signal.aborted) return EXIT.interrupted;
  const report = await openedReport(plan.options.report);
  if (!report.ok) return refused(report.error, stderr);
  const progress = progressLine(stderr, now, exploreProgressText);
  const ended = await explored(plan, { now, signal, update: progress.update })
    .catch((error: unknown) => faultIn(plan.files, error))
    .finally(() => {
      progress.end();
      plan.options.disk?.close();
    });
  if ('place' in ended) {
    await report.value?.abandon();
    return refused(ended, stderr);
  }
  if (!ended.ok) {
    const { name } = plan.found.scenario;
    const own = plan.files.length === 0 ? '' : '; see docs/library.md, "Machines of your own"';
    stderr.write(`stormdrain: ${name} can't be explored: ${refusalSentence(ended.error)}${own}\n`);
    await report.value?.abandon();
    return EXIT.badInput;
  }
  const { found } = ended.value;
  const file = plan.options.trace;
  const isKept = await keptTrace(file, found?.trace, stderr);
  const isCounted = await keptCoverage(plan, ended.value, stderr);
  const from = plan.files.flatMap((each) => ['--from', each]);
  const seed = plan.course.kind === 'sampling' ? ['--seed', String(plan.course.seed)] : [];
  const again =
    found === undefined
      ? []
      : [
          ...(isKept && file !== undefined
            ? [`replay it: ${commandLineOf(['replay', file, ...from])}`]
            : []),
          `find it again: ${commandLineOf(['explore', ...repeat, ...seed])}`,
        ];
  stdout.write(
    plan.options.json
      ? `${JSON.stringify(exploreJson(plan, ended.value))}\n`
      : exploreReport(plan, ended.value, again, paintFor(stdout)),
  );
  const reported = await report.value?.finish({
    title: `Exploration of ${plan.found.scenario.name}`,
    command: commandLineOf(['explore', ...repeat, ...seed]),
    text: exploreReport(plan, ended.value, again, plain),
    traces: found === undefined ? [] : [playableOf(plan, found)],
  });
  if (reported?.ok === false) return refused(reported.error, stderr);
  return isKept && isCounted ? exitCodeOf(ended.value) : EXIT.badInput;
}

/** What a function of the user's own threw. @throws what anybody else did. */
function faultIn(files: readonly string[], error: unknown): BadInput & { readonly place: Place } {
  for (const file of files) {
    const fault = thrownByModule(error, file);
    if (fault !== undefined) return fault;
  }
  throw error;
}

/** False when the file could not be written. */
async function keptCoverage(
  { options: { coverage: file }, found }: ExplorePlan,
  { counted }: Explored,
  stderr: Output,
): Promise<boolean> {
  if (file === undefined) return true;
  if (counted === undefined) {
    stderr.write(
      `stormdrain: interrupted: the transitions were not counted, ${file} is not written\n`,
    );
    return true;
  }
  const { scenario, driver, quirks } = found;
  const counts = coverageCounts({ source: scenario.name, driver, quirks }, counted);
  const written = await writeWholeFile(file, `${JSON.stringify(counts)}\n`);
  if (!written.ok) stderr.write(`stormdrain: ${badInputSentence(written.error)}\n`);
  return written.ok;
}

function refused(input: BadInput, stderr: Output): ExitCode {
  stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
  return EXIT.badInput;
}

/** What was found may be of a smaller scenario. */
function playableOf({ found }: ExplorePlan, { trace }: Found): PlayableTrace {
  const smaller = found.scenario.smaller?.() ?? [];
  const scenario = smaller.find(({ name }) => name === trace.scenario) ?? found.scenario;
  const title = { id: 'found', title: scenario.title, differences: [] };
  return { title, trace, world: found.worldOf(scenario) };
}

/** False when the file could not be written; nothing found is nothing to write. */
async function keptTrace(
  file: string | undefined,
  trace: RecordedTrace | undefined,
  stderr: Output,
): Promise<boolean> {
  if (file === undefined || trace === undefined) return true;
  const written = await writeWholeFile(file, `${JSON.stringify(trace, undefined, 2)}\n`);
  if (!written.ok) stderr.write(`stormdrain: ${badInputSentence(written.error)}\n`);
  return written.ok;
}

/** Violated outweighs all; an interrupt outweighs a limit; what was never sighted leaves the question open. */
export function exitCodeOf({ found, limit, unseen }: Explored): ExitCode {
  if (found !== undefined) return EXIT.violated;
  if (limit === 'interrupted') return EXIT.interrupted;
  return limit !== undefined || unseen.length > 0 ? EXIT.limited : EXIT.fine;
}

/** The scenarios there are, a line each. */
export function scenarioList(scenarios: readonly ExploreScenario[]): string {
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, sentence }) => `${name.padEnd(width)}  ${sentence}\n`).join('');
}
