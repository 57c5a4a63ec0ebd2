/**
 * Goal:   a trace of a hundred thousand steps, and one of a million, opens and is gone through with as few elements as
 *         a short one: what is not in sight is not there.
 * Method: elements are counted, not time. The page of this build, over a site made here, for no scenario goes on so
 *         long.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openBrowser } from '../../scripts/browser.ts';
import { picture } from '../../src/cli/ui/chart-thread.ts';
import { chartsFor } from '../../src/cli/ui/charts.ts';
import { pageFiles } from '../../src/cli/ui/page-files.ts';
import { traceShelf } from '../../src/cli/ui/trace-shelf.ts';
import { uiSite } from '../../src/cli/ui/ui-site.ts';
import { jobOf } from '../../src/ui/job.ts';
import { type Served, serve } from '../../src/ui/server.ts';
import { patrolTrace, patrolWorld } from './long-trace.ts';
import { visit } from './visit.ts';

const LENGTHS = { short: 40, long: 100_000, endless: 1_000_000 };
/** Rows in sight and a few more, each of some ten elements; charts, chips and the frame. */
const ELEMENTS_MAX = 900;

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
  const page = await pageFiles();
  if (!page.ok) throw new Error('the page is not built');
  const charts = chartsFor(picture, []);
  const shelf = traceShelf(charts);
  for (const [id, length] of Object.entries(LENGTHS)) {
    shelf.add({ id, title: id, differences: [] }, patrolTrace(length), patrolWorld());
  }
  const start = {
    ...{ version: '0', pages: ['trace'] as const, traces: ['long'], isReport: false },
    ...{ command: undefined, text: undefined },
  };
  const idle = jobOf<never>(async () => {});
  const refused = { ok: false, error: 'nothing is run here' } as const;
  const jobs = {
    ...{ races: idle, storm: idle, raceOrder: () => refused, stormOrder: async () => refused },
    choices: { profiles: [], drivers: [], quirks: [], secondsMax: 1 },
  };
  const site = uiSite({ start, charts, shelf, races: [] }, page.value, jobs);
  const listening = await serve(site, 0);
  if (!listening.ok) throw new Error(listening.error);
  served = listening.value;
});
afterAll(async () => {
  await browser.close();
  await served.close();
});

test.each(Object.entries(LENGTHS))('a %s trace, of %i steps', async (id, length) => {
  const { page, faults, leave } = await visit(browser, `${served.url}#/trace/${id}`);
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  const current = (step: number) => page.locator(`.row.current[data-step="${step}"] .label`);
  await current(1).waitFor();
  await page.locator('.card svg').first().waitFor();
  const most = [await elements()];
  for (const step of [length, Math.floor(length / 2), Math.floor(length / 3) + 1, 2]) {
    await page.goto(`${served.url}#/trace/${id}/step/${step}`);
    await current(step).waitFor();
    most.push(await elements());
  }
  // By hand, too: where one scrolls, there are the steps.
  await page.locator('.lanes-view').evaluate((view) => {
    view.scrollTop = view.scrollHeight;
  });
  await page.locator(`.row[data-step="${length}"] .label`).waitFor();
  most.push(await elements());
  expect(Math.max(...most)).toBeLessThan(ELEMENTS_MAX);
  expect(faults()).toEqual([]);
  await leave();
});

test('a number alone is a step of the trace that was opened', async () => {
  const { page, faults, leave } = await visit(browser, `${served.url}#77777`);
  await page.locator('.row.current[data-step="77777"] .label').waitFor();
  expect(faults()).toEqual([]);
  await leave();
});
