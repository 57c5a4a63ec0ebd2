/**
 * Goal:   a campaign whose coordinator, worker and Redis are killed ends with the report of one nobody disturbed.
 * Method: cells of the kill matrix, with real processes and a real Redis; `npm run kill-matrix` runs all of them.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import { type Moment, ROWS } from '../../load/kill-matrix/cells.ts';
import type { Report } from '../../load/kill-matrix/disturbed-campaign.ts';
import { cellResult, undisturbed } from '../../load/kill-matrix/matrix.ts';

const CELLS: readonly (readonly [row: string, moment: Moment])[] = [
  ['torn', 'in the middle'],
  ['worker', 'in the middle'],
  ['everything', 'in the middle'],
];
const { KILL_SEED = '1' } = process.env;

let expected: Report;
beforeAll(async () => {
  expected = await undisturbed();
});

describe('a campaign is the same when this is killed', () => {
  it.concurrent.each(CELLS)('%s, %s', async (id, moment) => {
    const row = ROWS.find((each) => each.id === id);
    if (row === undefined) throw new Error(`the matrix has no row ${id}`);
    const { fault } = await cellResult(row, moment, expected, Number(KILL_SEED));
    expect(
      fault,
      `run it again: KILL_SEED=${KILL_SEED} npx vitest run --project campaign`,
    ).toBeUndefined();
  });
});
