/**
 * Goal:   a report opens from a file as a page does from its server, and asks nobody anything.
 * Method: files written by the command line, opened by the system's Chromium with the network off.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openBrowser } from '../../scripts/browser.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';
import { visit } from './visit.ts';

const run = promisify(execFile);

let browser: Browser;
let folder = '';
beforeAll(async () => {
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** A report in the browser; the command may end as it likes. */
async function reportOf(...args: readonly string[]) {
  const file = join(folder, `${args.join('-')}.html`);
  const main = join(packageRoot(), 'dist/src/cli/main.js');
  await run(process.execPath, [main, ...args, '--report', file]).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error;
  });
  return visit(browser, pathToFileURL(file).href, { isAlone: true, offline: true });
}

test('of an exploration plays the race', async () => {
  const { page, faults, leave } = await reportOf('explore', 'exit-unbind', '--driver', 'vtd@7.3');
  await page.getByRole('slider', { name: 'Step' }).waitFor();
  await page.keyboard.press('End');
  await page.getByText('S6 is violated:', { exact: true }).waitFor();
  await page.locator('.card svg .state.active').first().waitFor();
  await page.getByRole('link', { name: 'Report' }).click();
  await page.getByText('VIOLATED S6 after 31 steps').waitFor();
  expect(faults()).toEqual([]);
  await leave();
});

test('of races lists them and plays what was found', async () => {
  const { page, faults, leave } = await reportOf('races', 'run', 'vmid-lifetime');
  await page.getByText('1 of 1 confirmed').waitFor();
  await page.getByRole('link', { name: 'vmid-lifetime' }).click();
  await page.getByRole('link', { name: 'Play' }).nth(3).waitFor();
  await page.locator('.experiment').nth(2).getByRole('link', { name: 'Play' }).click();
  await page.getByRole('slider', { name: 'Step' }).waitFor();
  expect(new URL(page.url()).hash).toBe('#/trace/vmid-lifetime.3/step/1');
  expect(await page.getByRole('button', { name: /^Run/ }).count()).toBe(0);
  expect(faults()).toEqual([]);
  await leave();
});

test('of a storm shows its figures', async () => {
  const { page, faults, leave } = await reportOf('storm', 'steady', '--duration', '1s');
  await page.getByRole('heading', { name: 'Summary' }).waitFor();
  expect(await page.locator('.plot .line').count()).toBe(10);
  expect(faults()).toEqual([]);
  await leave();
});
