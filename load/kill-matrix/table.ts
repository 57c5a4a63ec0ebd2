/**
 * Kill table: the results of the matrix as a table of Markdown, and the place in a page where it stands.
 */
import { MOMENTS, ROWS } from './cells.ts';
import type { CellResult } from './matrix.ts';

const BEGIN = '<!-- kill matrix: written by npm run kill-matrix -->\n';
const END = '<!-- end of the kill matrix -->\n';

/** A cell that was not run has no word. */
export function killTable(results: readonly CellResult[]): string {
  const head = ['killed', ...MOMENTS];
  const rows = ROWS.map(({ id, who, moments }) => [
    who,
    ...MOMENTS.map((moment) => {
      if (!moments.includes(moment)) return '';
      const found = results.find((each) => each.row.id === id && each.moment === moment);
      return found === undefined ? 'not run' : cellText(found);
    }),
  ]);
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line), ''].join('\n');
}

const cellText = ({ isSame, redone }: CellResult): string => {
  if (!isSame) return 'ANOTHER REPORT';
  return redone === 0 ? 'same' : `same, ${redone} done twice`;
};

/** The page with the table in place of the one it has; undefined when it has no place for it. */
export function withTable(page: string, table: string): string | undefined {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) return undefined;
  return `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`;
}

/** The table in the page. */
export const tableIn = (page: string): string =>
  page.slice(page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)).trim();
