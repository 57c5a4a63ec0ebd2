/**
 * Pictures: the pages as a reader of the documentation sees them, in both themes, from the last build.
 *
 * Effects: writes docs/pictures; runs races and a storm.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { openBrowser } from './browser.ts';
import { servedUi } from './served.ts';

const FOLDER = join(packageRoot(), 'docs/pictures');
const VIEWPORT = { width: 1440, height: 900 };
const THEMES = ['light', 'dark'] as const;

/** The race whose details the catalogue's picture shows, and that is played. */
const RACE = 'drain-skipped-after-mm-release';
const TRACE = 'drain-skipped-after-mm-release.1';
const STORM = { profile: 'detach-storm', seconds: '6', seed: '7' };
/** Within this time charts have arrived and a page is drawn anew. */
const SETTLED_MILLISECONDS = 1500;
/** Time for all races, on a machine that has other things to do. */
const RACES_MILLISECONDS = 600_000;
/** A storm ends a little later than its load. */
const STORM_MILLISECONDS = 60_000;
/** Of the storm's page, whose summary stands below its charts. */
const STORM_HEIGHT = 1280;

await mkdir(FOLDER, { recursive: true });
const served = await servedUi();
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.goto(`${served.url}#/races`);
  await page.getByRole('button', { name: /^Run all/ }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  const again = page.getByRole('button', { name: /^Run all/ });
  await again.waitFor({ timeout: RACES_MILLISECONDS });
  await page.goto(`${served.url}#/races/${RACE}`);
  await taken(page, 'catalogue');

  await page.goto(`${served.url}#/trace/${TRACE}`);
  await page.getByRole('slider', { name: 'Step' }).waitFor();
  await page.keyboard.press('End');
  await page.locator('p.chance').waitFor();
  await page.waitForSelector('.card-body:empty', { state: 'detached' });
  await taken(page, 'player');

  await page.goto(`${served.url}#/machines/mm-notifier`);
  await page.locator('.machine svg').waitFor();
  await taken(page, 'machines');

  await page.goto(`${served.url}#/storm`);
  await runStorm(page);
  await page.setViewportSize({ ...VIEWPORT, height: STORM_HEIGHT });
  await taken(page, 'storm');
} finally {
  await browser.close();
  await served.stop();
}

async function runStorm(page: Page): Promise<void> {
  await page.getByLabel('Profile').selectOption(STORM.profile);
  await page.getByLabel('Seconds').fill(STORM.seconds);
  await page.getByLabel('Seed').fill(STORM.seed);
  await page.getByRole('button', { name: 'Start' }).click();
  const summary = page.getByRole('heading', { name: 'Summary' });
  await summary.waitFor({ timeout: STORM_MILLISECONDS });
}

async function taken(page: Page, name: string): Promise<void> {
  // Nothing is pointed at.
  await page.mouse.move(VIEWPORT.width - 1, 1);
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.waitForTimeout(SETTLED_MILLISECONDS);
    await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`), animations: 'disabled' });
  }
}
