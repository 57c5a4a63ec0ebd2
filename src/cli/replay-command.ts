/**
 * The `replay` command: takes a trace again, shows it and says whether it is as recorded.
 *
 * Effects: writes output.
 */
import { ok, type Result } from '../core/result.ts';
import { type RecordedTrace, TRACE_SCHEMA } from '../explore/recorded-trace.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { type Replay, replayed } from '../explore/replay.ts';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import { columnsOf } from '../viz/columns.ts';
import { sequenceOf } from '../viz/sequence.ts';
import { stepTableOf } from '../viz/step-table.ts';
import { vitestSourceOf } from '../viz/vitest-source.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openedReport } from './opened-report.ts';
import { commandLineOf } from './option-table.ts';
import { type Output, type Paint, paintFor, plain } from './output.ts';
import type { ReplayArguments } from './replay-arguments.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** Replays and prints. */
export async function replayCommand(
  { options, trace, found }: ReplayPlan,
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output },
): Promise<ExitCode> {
  const { file, format, tolerant } = options;
  const replay = replayed(found.worldOf(found.scenario), trace, tolerant);
  if (!replay.ok) {
    stderr.write(`stormdrain: trace ${file} can't be replayed: ${refusalSentence(replay.error)}\n`);
    return EXIT.badInput;
  }
  const { matched, steps, violation } = replay.value;
  const today = { ...trace, steps, violation };
  if (format === 'json') {
    stdout.write(`${JSON.stringify(replayJson(trace, replay.value))}\n`);
  } else {
    stdout.write(drawn(format, trace, today));
    // A drawing on stdout is for pasting; what is said of it goes beside.
    (format === 'table' ? stdout : stderr).write(verdict(trace, replay.value, paintFor(stdout)));
  }
  const reported = await keptReport({ options, trace, found }, replay.value);
  if (!reported.ok) {
    stderr.write(`stormdrain: ${badInputSentence(reported.error)}\n`);
    return EXIT.badInput;
  }
  return matched ? EXIT.fine : EXIT.violated;
}

async function keptReport(plan: ReplayPlan, replay: Replay): Promise<Result<undefined, BadInput>> {
  const { options, trace } = plan;
  const report = await openedReport(options.report);
  if (!report.ok || report.value === undefined) return report.ok ? ok(undefined) : report;
  const { playable } = await import('./ui/replayed-trace.ts');
  const today = { ...trace, steps: replay.steps, violation: replay.violation };
  return report.value.finish({
    title: `Trace ${options.file}`,
    command: commandLineOf(['replay', options.file]),
    text: drawn('table', trace, today) + verdict(trace, replay, plain),
    traces: [playable(plan, replay)],
  });
}

/** A test is of what was recorded; drawings are of what happens today. */
function drawn(
  format: Exclude<ReplayArguments['format'], 'json'>,
  recorded: RecordedTrace,
  today: RecordedTrace,
): string {
  switch (format) {
    case 'columns':
      return columnsOf(today);
    case 'table':
      return stepTableOf(today);
    case 'mermaid':
      return sequenceOf(today);
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
