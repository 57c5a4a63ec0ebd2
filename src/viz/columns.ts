/**
 * Columns: a trace as kernel commit messages draw a race, one column a thread, time downward.
 *
 *     CPU 0: unbind             CPU 1: exit
 *
 *                               block-entry
 *                                 clear present
 *     block-entry
 *       found absent
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { type DrawnStep, drawnStepsOf } from './drawn-steps.ts';
import { wrapped } from './wrapped.ts';

/** What a commit message has room for. */
const WIDTH = 78;
const GAP = 2;
/** Narrower columns would be all line breaks; a drawing of many threads is wider instead. */
const COLUMN_MIN = 17;
const INDENT = '  ';

/** A trace as kernel commit messages draw a race: a column a thread, time downward. */
export function columnsOf(trace: RecordedTrace): string {
  const { titles, steps } = drawnStepsOf(trace);
  const widths = columnWidths(titles, steps);
  const widthOf = (column: number): number => widths[column] ?? COLUMN_MIN;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widthOf(column) + GAP))
      .join('')
      .trimEnd();

  const headings = titles.map((title, column) => wrapped(title, widthOf(column)));
  const rows = Math.max(0, ...headings.map(({ length }) => length));
  const underlines = headings.map((rows) => '-'.repeat(Math.max(...rows.map((row) => row.length))));
  return [
    ...Array.from({ length: rows }, (_, row) => line(headings.map((all) => all[row] ?? ''))),
    line(underlines),
    ...steps.flatMap(({ column, label, details }) => {
      const width = widthOf(column);
      const told = [
        ...wrapped(label, width, INDENT),
        ...details.flatMap((detail) =>
          wrapped(detail, width - INDENT.length, INDENT).map((text) => INDENT + text),
        ),
      ];
      const before = Array.from({ length: column }, () => '');
      return told.map((text) => line([...before, text]));
    }),
    ...endingOf(trace),
  ]
    .map((one) => `${one}\n`)
    .join('');
}

/** As wide as what is said in them; when that is too wide, the widest give way first. */
function columnWidths(titles: readonly string[], steps: readonly DrawnStep[]): readonly number[] {
  const natural = titles.map((title, column) =>
    Math.max(
      title.length,
      ...steps
        .filter((step) => step.column === column)
        .flatMap(({ label, details }) => [
          label.length,
          ...details.map(({ length }) => length + INDENT.length),
        ]),
    ),
  );
  const room = WIDTH - GAP * (titles.length - 1);
  let widest = Math.max(COLUMN_MIN, ...natural);
  const capped = (): number[] => natural.map((width) => Math.min(width, widest));
  while (widest > COLUMN_MIN && capped().reduce((sum, width) => sum + width, 0) > room) widest -= 1;
  return capped();
}

/** The property and its sentence, under every drawing. */
export function endingOf({ violation }: RecordedTrace): readonly string[] {
  if (violation === undefined) return [];
  const { property, slot, sentence } = violation;
  const seenBy = slot === '' ? '' : ` (seen by ${slot})`;
  return ['', ...wrapped(`${property}: ${sentence}${seenBy}`, WIDTH, '  ')];
}
