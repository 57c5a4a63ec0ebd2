/**
 * The kill matrix: runs every cell and writes the table into docs/reliability.md. Exit code 1 when a report differs.
 *
 * Usage: node dist/load/kill-matrix/main.js [seed] [row...]   with rows named, the page is left alone
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { invariant } from '../../src/core/invariant.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';
import { ROWS } from './cells.ts';
import { type CellResult, cellResult, undisturbed } from './matrix.ts';
import { killTable, withTable } from './table.ts';

const [seed = '1', ...only] = process.argv.slice(2);
const cells = ROWS.filter(({ id }) => only.length === 0 || only.includes(id)).flatMap((row) =>
  row.moments.map((moment) => ({ row, moment })),
);
const expected = await undisturbed();
process.stdout.write(`undisturbed: ${expected.jobs} jobs, exit ${expected.code}; seed ${seed}\n`);
const results: CellResult[] = [];
const left = cells.entries();
/** Two at a time: most of a cell is waiting. */
await Promise.all([takeAll(), takeAll()]);

async function takeAll(): Promise<void> {
  for (const [number, { row, moment }] of left) {
    const result = await cellResult(row, moment, expected, Number(seed) + number);
    results.push(result);
    const word = result.isSame ? `same, ${result.redone} done twice` : `DIFFERS: ${result.fault}`;
    process.stdout.write(`${row.id}, ${moment}: ${word}\n`);
  }
}

if (only.length === 0) {
  const file = join(packageRoot(), 'docs/reliability.md');
  const page = withTable(readFileSync(file, 'utf8'), killTable(results));
  invariant(page !== undefined, 'docs/reliability.md has no place for the kill matrix');
  writeFileSync(file, page);
}
process.exitCode = results.every(({ isSame }) => isSame) ? 0 : 1;
