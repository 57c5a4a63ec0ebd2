/**
 * Sequence: a trace as a Mermaid sequence diagram: a participant a column, a message to itself a step.
 *
 * Source: Mermaid, "Sequence diagrams".
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { drawnStepsOf } from './drawn-steps.ts';

export function sequenceOf(trace: RecordedTrace): string {
  const { titles, steps } = drawnStepsOf(trace);
  const name = (column: number): string => `T${column}`;
  const last = name(Math.max(0, titles.length - 1));
  const { violation } = trace;
  const ending = violation === undefined ? [] : [`${violation.property}: ${violation.sentence}`];
  return [
    'sequenceDiagram',
    ...titles.map((title, column) => `  participant ${name(column)} as ${escaped(title)}`),
    ...steps.map(({ column, label, details }) => {
      const text = [label, ...details].map(escaped).join('<br/>');
      return `  ${name(column)}->>${name(column)}: ${text}`;
    }),
    ...(titles.length === 0
      ? []
      : ending.map(
          (text) => `  Note over ${titles.length > 1 ? `T0,${last}` : 'T0'}: ${escaped(text)}`,
        )),
  ]
    .map((one) => `${one}\n`)
    .join('');
}

/** Mermaid ends a line at a semicolon, and reads what begins with a hash as an entity. */
const escaped = (text: string): string =>
  text
    .replaceAll('#', '#35;')
    .replaceAll(/(?<!#35);/g, '#59;')
    .replaceAll(/[<>]/g, '');
