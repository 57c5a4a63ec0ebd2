/** The reference of the machines is of today's sources and charts, and knows who sends what. */
import { expect, it } from 'vitest';

import { machinePages } from '../../../scripts/machine-pages.ts';
import { MACHINES } from '../../../src/viz/machine-list.ts';
import { readText } from './sources.ts';

const page = machinePages();

it('docs/machines.md is as it is written today; when it is stale: npm run machines', () => {
  expect(readText('docs/machines.md')).toBe(page);
});

it('has a section, a header, a picture and states for every machine', () => {
  const sections = page.split(/^## /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(MACHINES.map(({ id }) => id));
  for (const section of sections) {
    expect(section).toMatch(/\n- \*\*(Kernel|Spec|Actor):\*\* /);
    expect(section).toMatch(/!\[State chart of [\w-]+\]\(charts\/[\w-]+\.svg\)/);
    expect(section).toMatch(/\n\| (event|state) \|/);
  }
});

it('says of every event whom it is from', () => {
  const tables = page.split('\n\n').filter((block) => block.startsWith('| event |'));
  const unsent = tables.flatMap((block) => block.split('\n')).filter((row) => row.endsWith('|  |'));
  expect(unsent).toEqual([]);
});
