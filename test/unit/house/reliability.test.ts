/** The kill matrix in the page is whole: a row for each who, a word for each moment, and no other word than "same". */
import { expect, it } from 'vitest';

import { MOMENTS, ROWS } from '../../../load/kill-matrix/cells.ts';
import { tableIn } from '../../../load/kill-matrix/table.ts';
import { readText } from './sources.ts';

it('the kill matrix in docs/reliability.md has every cell, and each was the same', () => {
  const rows = tableIn(readText('docs/reliability.md'))
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const told = rows.slice(2).map(([, who, ...cells]) => [who, ...cells.slice(0, MOMENTS.length)]);
  const wanted = ROWS.map(({ who, moments }) => [
    who,
    ...MOMENTS.map((moment) => (moments.includes(moment) ? expect.stringMatching(/^same/) : '')),
  ]);
  expect(told).toEqual(wanted);
});
