/**
 * Time to bug: measures every race of the catalogue and writes the table into docs/time-to-bug.md.
 *
 * Usage: node dist/load/time-to-bug/main.js [bug...]   with bugs named, the page is left alone
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { invariant } from '../../src/core/invariant.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';
import { type BugRow, bugName, bugRow, bugs } from './bug-row.ts';
import { bugTable, rowCells, withTable } from './table.ts';

const only = process.argv.slice(2);
const unknown = only.find((name) => !bugs.some((bug) => bugName(bug) === name));
if (unknown === undefined) measure();
else {
  process.stderr.write(
    `time-to-bug: there is no bug ${unknown}; docs/time-to-bug.md lists them all\n`,
  );
  process.exitCode = 2;
}

function measure(): void {
  const rows: BugRow[] = [];
  for (const bug of bugs) {
    if (only.length > 0 && !only.includes(bugName(bug))) continue;
    const row = bugRow(bug);
    rows.push(row);
    process.stdout.write(`${rowCells(row).join('   ')}\n`);
  }
  if (only.length > 0) return;
  const file = join(packageRoot(), 'docs/time-to-bug.md');
  const page = withTable(readFileSync(file, 'utf8'), bugTable(rows));
  invariant(page !== undefined, 'docs/time-to-bug.md has no place for the table');
  writeFileSync(file, page);
}
