/**
 * The `replay` command: reads a trace, takes it again, shows it and says whether it is as recorded.
 *
 * Effects: reads a file, writes output, and a file when one is asked for.
 */
import { ok, type Result } from '../core/result.ts';
import { liveReplay } from '../explore/live-replay.ts';
import { type RecordedTrace, TRACE_SCHEMA } from '../explore/recorded-trace.ts';
import { type Refusal, refusalSentence } from '../explore/refusal.ts';
import { type Replay, replayed } from '../explore/replay.ts';
import type { LostStep } from '../explore/trace-counts.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { type FoundScenario, foundScenario } from '../scenarios/found-scenario.ts';
import type { KnownNames } from '../scenarios/known-names.ts';
import { writeWholeFile } from '../scenarios/part-file.ts';
import { readTraceFile } from '../scenarios/trace-file.ts';
import { columnsOf } from '../viz/columns.ts';
import { itfTrace } from '../viz/itf.ts';
import { perfettoTrace } from '../viz/perfetto.ts';
import { sequenceOf } from '../viz/sequence.ts';
import { shivizLog } from '../viz/shiviz.ts';
import { stepTableOf } from '../viz/step-table.ts';
import { swimlanesSvg } from '../viz/swimlanes-svg.ts';
import { vitestSourceOf } from '../viz/vitest-source.ts';
import { aborted } from './aborted.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { inspection } from './inspection.ts';
import { type Paint, paintFor } from './output.ts';
import type { ReplayArguments } from './replay-arguments.ts';
import type { Environment } from './storm-command.ts';

export type ReplayPlan = {
  readonly options: ReplayArguments;
  readonly trace: RecordedTrace;
  readonly found: FoundScenario;
};

/** Everything that can be wrong with the file and the names in it is found here. */
export async function prepareReplay(
  options: ReplayArguments,
  known: KnownNames,
  scenarios: readonly ExploreScenario[],
): Promise<Result<ReplayPlan, BadInput>> {
  const trace = await readTraceFile(options.file);
  if (!trace.ok) return trace;
  const place = { kind: 'trace', file: options.file, line: undefined } as const;
  const found = foundScenario(trace.value, scenarios, known, place);
  return found.ok ? ok({ options, trace: trace.value, found: found.value }) : found;
}

/** Replays, and prints or writes. */
export async function replayCommand(
  { options, trace, found }: ReplayPlan,
  environment: Pick<Environment, 'stdout' | 'stderr' | 'wallClock' | 'signal'>,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr } = environment;
  const { file, format, tolerant, out } = options;
  const replay = replayed(found.worldOf(found.scenario), trace, tolerant);
  if (!replay.ok) {
    stderr.write(`stormdrain: trace ${file} can't be replayed: ${refusalSentence(replay.error)}\n`);
    return ok(EXIT.badInput);
  }
  const { matched, slots, steps, violation } = replay.value;
  const today = { ...trace, slots, steps, violation };
  const text =
    format === 'json'
      ? `${JSON.stringify(replayJson(trace, replay.value))}\n`
      : drawn(format, trace, today, options);
  if (out === undefined) {
    stdout.write(text);
  } else {
    const written = await writeWholeFile(out, text);
    if (!written.ok) return written;
  }
  if (format !== 'json') {
    // A drawing on stdout is for pasting; what is said of it goes beside.
    const beside = format === 'table' || out !== undefined ? stdout : stderr;
    beside.write(verdict(trace, replay.value, paintFor(beside)));
  }
  const shown = await shownLive({ options, trace, found }, environment);
  return ok(shown ?? (matched ? EXIT.fine : EXIT.violated));
}

/** The steps once more by live actors, for an inspector that comes and goes; undefined: nothing to add. */
async function shownLive(
  { options, trace, found }: ReplayPlan,
  environment: Pick<Environment, 'stderr' | 'wallClock' | 'signal'>,
): Promise<ExitCode | undefined> {
  const { stderr, signal } = environment;
  const opened = await inspection(options, trace.scenario, environment);
  if (!opened.ok) {
    stderr.write(`stormdrain: ${opened.error}\n`);
    return EXIT.badInput;
  }
  const shown = opened.value;
  if (shown === undefined) return undefined;
  await Promise.race([shown.joined, aborted(signal)]);
  if (!signal.aborted) {
    const played = liveReplay(found.worldOf(found.scenario), trace, shown.watch);
    if (!played.ok) stderr.write(`stormdrain: ${unplayedSentence(played.error)}\n`);
    await Promise.race([shown.left, aborted(signal)]);
  }
  await shown.end();
  return signal.aborted ? EXIT.interrupted : undefined;
}

const unplayedSentence = (error: Refusal | LostStep): string =>
  error.code === 'lost-step'
    ? `step ${error.step} is not open any more: live actors stop before it`
    : refusalSentence(error);

/** A test is of what was recorded; drawings are of what happens today. */
function drawn(
  format: Exclude<ReplayArguments['format'], 'json'>,
  recorded: RecordedTrace,
  today: RecordedTrace,
  { theme }: ReplayArguments,
): string {
  switch (format) {
    case 'columns':
      return columnsOf(today);
    case 'table':
      return stepTableOf(today);
    case 'mermaid':
      return sequenceOf(today);
    case 'svg':
      return swimlanesSvg(today, theme === undefined ? {} : { theme });
    case 'perfetto':
      return perfettoTrace(today);
    case 'itf':
      return itfTrace(today);
    case 'shiviz':
      return shivizLog(today);
    case 'vitest':
      return vitestSourceOf(recorded);
  }
}

function verdict(trace: RecordedTrace, { matched, differences }: Replay, paint: Paint): string {
  const count = trace.steps.length;
  if (matched) {
    const steps = count === 1 ? 'the step' : `all ${count} steps`;
    return `\n${paint('green', 'MATCHED')}: ${steps} and the end are as recorded\n`;
  }
  return [
    '',
    `${paint('red', 'DIFFERENT')} from what was recorded`,
    ...differences.map(({ step, sentence }) => `  step ${step} of ${count}: ${sentence}`),
    '',
  ].join('\n');
}

/** One object, plain data; schema `stormdrain.replay/1`. */
const replayJson = (trace: RecordedTrace, replay: Replay) => ({
  schema: 'stormdrain.replay/1',
  scenario: trace.scenario,
  driver: trace.driver ?? null,
  quirks: trace.quirks,
  traceSchema: TRACE_SCHEMA,
  matched: replay.matched,
  differences: replay.differences,
  steps: replay.steps,
  violation: replay.violation ?? null,
});
