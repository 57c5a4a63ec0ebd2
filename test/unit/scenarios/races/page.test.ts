/** docs/races.md says what the code says; when it differs, the failure prints the table to paste. */
import { expect, it } from 'vitest';

import { readText } from '../../house/sources.ts';
import { TABLES } from './page.ts';

it('the page of the races has the tables that follow from the code', () => {
  const page = readText('docs/races.md');
  const tables = [...page.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) => table.trimEnd());
  expect(tables).toEqual(TABLES);
});
