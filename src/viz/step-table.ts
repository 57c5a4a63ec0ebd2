/**
 * Step table: a trace as numbered steps: who, what, and what changed by it.
 */
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { stateWords } from '../explore/words-of.ts';
import { endingOf } from './columns.ts';

const FIELD_MAX = 40;

export function stepTableOf(trace: RecordedTrace): string {
  const rows = trace.steps.map((step, index) => [
    String(index + 1),
    step.actor,
    step.label,
    changesOf(step).join('; '),
  ]);
  const headed = [['step', 'actor', 'does', 'changes'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...headed.map((row) => row[column]?.length ?? 0)),
  );
  const line = ([number = '', ...cells]: readonly string[]): string =>
    [number.padStart(widths[0] ?? 0), ...cells.map((cell, at) => cell.padEnd(widths[at + 1] ?? 0))]
      .join('  ')
      .trimEnd();
  return [...headed.map(line), ...endingOf(trace)].map((one) => `${one}\n`).join('');
}

function changesOf({ changes, fields }: RecordedStep): readonly string[] {
  const shortened = (text: string): string =>
    text.length > FIELD_MAX ? `${text.slice(0, FIELD_MAX)}…` : text;
  return [
    ...changes.map(({ slot, to }) => `${slot} ${stateWords(to)}`),
    ...fields.map(({ slot, field, to }) => `${slot}.${field} = ${shortened(to)}`),
  ];
}
