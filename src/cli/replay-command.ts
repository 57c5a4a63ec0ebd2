/**
 * The `replay` command: takes a trace again, shows it and says whether it is as recorded.
 *
 * Effects: writes output, and files when they are asked for.
 */
import { ok, type Result } from '../core/result.ts';
import { liveReplay } from '../explore/live-replay.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { type Refusal, refusalSentence } from '../explore/refusal.ts';
import { type Replay, replayed } from '../explore/replay.ts';
import type { LostStep } from '../explore/trace-counts.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { printable } from '../scenarios/field-check.ts';
import { writeWholeFile } from '../scenarios/part-file.ts';
import { replayJson } from '../scenarios/replay-json.ts';
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
import { openedReport } from './opened-report.ts';
import { commandLineOf } from './option-table.ts';
import { type Paint, paintFor, plain } from './output.ts';
import type { ReplayArguments } from './replay-arguments.ts';
import type { ReplayPlan } from './replay-plan.ts';
import type { Environment } from './storm-command.ts';

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
  const reported = await keptReport({ options, trace, found }, replay.value);
  if (!reported.ok) return reported;
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

async function keptReport(plan: ReplayPlan, replay: Replay): Promise<Result<undefined, BadInput>> {
  const { options, trace } = plan;
  const report = await openedReport(options.report);
  if (!report.ok || report.value === undefined) return report.ok ? ok(undefined) : report;
  const { playable } = await import('./ui/replayed-trace.ts');
  const { slots, steps, violation } = replay;
  const today = { ...trace, slots, steps, violation };
  return report.value.finish({
    title: `Trace ${options.file}`,
    command: commandLineOf(['replay', options.file]),
    text: drawn('table', trace, today, options) + verdict(trace, replay, plain),
    traces: [playable(plan, replay)],
  });
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
    // What was recorded may hold anything.
    ...differences.map(
      ({ step, sentence }) => `  step ${step} of ${count}: ${printable(sentence, sentence.length)}`,
    ),
    '',
  ].join('\n');
}
