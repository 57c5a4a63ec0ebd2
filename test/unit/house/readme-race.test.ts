/**
 * The race that the README draws is the one that is found today; when it differs, the failure prints the one to paste.
 */
import { expect, it } from 'vitest';

import { driverWith } from '../../../src/actors/drivers.ts';
import { foundIn, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { explore } from '../../../src/explore/search.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { columnsOf } from '../../../src/viz/columns.ts';
import { readText } from './sources.ts';

it('the README draws the race that an exploration finds', () => {
  const readme = readText('README.md');
  const [, name = '', driver = ''] =
    /`npx stormdrain explore ([\w-]+) --driver ([\w@.]+)`/.exec(readme) ?? [];
  const scenario = EXPLORE_SCENARIOS.find((each) => each.name === name);
  const found = driverWith(driver, []);
  if (scenario === undefined || !found.ok) throw new Error(`there is no ${name} or ${driver}`);

  const world = scenario.world(found.value);
  const explored = explore(world);
  const wrong = explored.ok ? foundIn(explored.value) : undefined;
  if (wrong === undefined) throw new Error(`nothing is found in ${name}`);
  const origin = { scenario: name, driver, quirks: [], strategy: 'bfs' };
  const drawn = columnsOf(recordedTrace(origin, world, wrong.violation, wrong.trace));
  const [, block] = /^## A race$[\s\S]*?^```\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  expect(block).toBe(drawn);
});
