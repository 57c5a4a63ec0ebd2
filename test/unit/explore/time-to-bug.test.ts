/**
 * The table of docs/time-to-bug.md: it has every bug there is, and says what is measured.
 *
 * Method: rows whose walks are short are measured again, each strategy with a model of its own.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { bugName, bugRow, bugs, walkingTo } from '../../../load/time-to-bug/bug-row.ts';
import { STRATEGIES } from '../../../load/time-to-bug/strategies.ts';
import { rowCells, rowsIn } from '../../../load/time-to-bug/table.ts';

const SAMPLE = [
  'iopf-report-vs-device-release',
  'fault-without-param-unanswered',
  'sva-handle-published-uninitialised',
  'mmu-interval-remove',
  'fault-fd-double-put',
  'vmid-lifetime.1',
];

const rows = rowsIn(readFileSync('docs/time-to-bug.md', 'utf8'));

const bugNamed = (name: string) => {
  const bug = bugs.find((one) => bugName(one) === name);
  if (bug === undefined) throw new Error(`there is no bug ${name}`);
  return bug;
};

describe('the time to bug', () => {
  it('has a row for every experiment that breaks something, and no other', () => {
    expect([...rows.keys()].filter((name) => name !== 'race' && !name.startsWith('---'))).toEqual(
      bugs.map(bugName),
    );
  });

  it.each(SAMPLE)('of %s is what the table says', (name) => {
    expect(rowCells(bugRow(bugNamed(name)))).toEqual(rows.get(name));
  });

  it('is the same whatever a model has been used for before', () => {
    const bug = bugNamed('amd-v2-waker-touches-freed');
    const shared = walkingTo(bug);
    for (const strategy of STRATEGIES) expect(shared(strategy)).toEqual(walkingTo(bug)(strategy));
  });
});
