/**
 * Time-to-bug table: rows as Markdown, the sums below them, and the place in a page where they stand.
 */
import { type BugRow, bugName, WALKS_MAX, type Walked } from './bug-row.ts';
import { STRATEGIES } from './strategies.ts';

const BEGIN = '<!-- time to bug: written by npm run time-to-bug -->\n';
const END = '<!-- end of the time to bug -->\n';

/** A cell of walks: walks, and steps in all of them. */
const walkedText = (walked: Walked | undefined): string =>
  walked === undefined ? `> ${WALKS_MAX}` : `${walked.walks} / ${walked.steps}`;

/** The cells of one bug. */
export const rowCells = ({ bug, search, walked }: BugRow): readonly string[] => [
  bugName(bug),
  bug.property,
  `${search.states} / ${search.steps}`,
  ...STRATEGIES.map((strategy) => (walked === 'goal' ? 'goal' : walkedText(walked[strategy]))),
];

export function bugTable(rows: readonly BugRow[]): string {
  const head = ['race', 'property', 'bfs', ...STRATEGIES];
  return [aligned([head, ...rows.map(rowCells)]), '', aligned(sums(rows))].join('\n');
}

/** Over the bugs that walks can find: means, worst, and how many were the fewest. A missing median counts as the cap. */
function sums(rows: readonly BugRow[]): readonly (readonly string[])[] {
  const walked = rows.flatMap((row) => (row.walked === 'goal' ? [] : [row.walked]));
  const geometric = (of: (walked: Walked) => number, missing: number) =>
    STRATEGIES.map((strategy) => {
      const logs = walked.map((row) => Math.log(row[strategy] ? of(row[strategy]) : missing));
      return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length).toFixed(1);
    });
  const walksOf = (one: Walked | undefined): number => one?.walks ?? Number.POSITIVE_INFINITY;
  const worst = STRATEGIES.map((strategy) => {
    const most = Math.max(...walked.map((row) => walksOf(row[strategy])));
    return Number.isFinite(most) ? String(most) : `> ${WALKS_MAX}`;
  });
  const fewest = STRATEGIES.map((strategy) =>
    String(
      walked.filter((row) =>
        STRATEGIES.every((other) => walksOf(row[strategy]) <= walksOf(row[other])),
      ).length,
    ),
  );
  const missed = STRATEGIES.map((strategy) =>
    String(walked.filter((row) => row[strategy] === undefined).length),
  );
  return [
    [`of ${walked.length} bugs`, ...STRATEGIES],
    ['walks, geometric mean', ...geometric(({ walks }) => walks, WALKS_MAX)],
    ['walks, worst median', ...worst],
    ['bugs with the fewest walks of all', ...fewest],
    [`bugs beyond ${WALKS_MAX} walks`, ...missed],
  ];
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`;
  return [line(head), rule, ...rows.map(line)].join('');
}

/** The page with the table in place of the one it has; undefined when it has no place for it. */
export function withTable(page: string, table: string): string | undefined {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) return undefined;
  return `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`;
}

/** The rows in the page, cell by cell, by the name of their bug. */
export function rowsIn(page: string): ReadonlyMap<string, readonly string[]> {
  const text = page.slice(page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END));
  const rows = text
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .filter((cells) => cells.length === STRATEGIES.length + 3)
    .map((cells) => cells.map((cell) => cell.trim()));
  return new Map(rows.map((cells) => [cells[0] ?? '', cells]));
}
