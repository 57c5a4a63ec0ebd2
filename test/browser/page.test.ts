/**
 * Goal:   the page does what it says in a real browser: a race is run and played to its violation, a storm is started
 *         and watched, machines are looked at; by keys alone too; and nothing is asked of anybody else.
 * Method: the system's Chromium at the `ui` command as its user starts it. What must not happen is collected
 *         everywhere and looked at after each test.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openBrowser } from '../../scripts/browser.ts';
import { type ServedUi, servedUi } from '../../scripts/served.ts';
import { type Visit, visit } from './visit.ts';

const RACE = 'fault-on-dying-mm';

let browser: Browser;
let served: ServedUi;
beforeAll(async () => {
  [browser, served] = await Promise.all([openBrowser(), servedUi()]);
});
afterAll(async () => {
  await browser.close();
  expect(await served.stop()).toBe(130);
});

let at: Visit;
let page: Page;
beforeEach(async () => {
  at = await visit(browser, served.url);
  page = at.page;
});
afterEach(async () => {
  expect(at.faults()).toEqual([]);
  await at.leave();
});

const hashOf = (): string => new URL(page.url()).hash;

/** Runs the race where it stands in the catalogue, and plays it. */
async function runRace(): Promise<void> {
  await page.goto(`${served.url}#/races`);
  await page.getByLabel('Filter races').fill(RACE);
  await page.getByRole('button', { name: `Run ${RACE}` }).click();
  await page.getByText('S22 in 4 steps').waitFor();
  await page.getByRole('link', { name: 'Play' }).click();
  await page.getByRole('slider', { name: 'Step' }).waitFor();
}

/** Plays the race again; the first test has run it. */
async function playRace(): Promise<void> {
  await page.goto(`${served.url}#/trace/${RACE}/step/1`);
  await page.getByRole('slider', { name: 'Step' }).waitFor();
}

describe('the catalogue', () => {
  test('runs a race on the spot and plays it to its violation', async () => {
    await runRace();
    expect(hashOf()).toBe(`#/trace/${RACE}/step/1`);
    for (let step = 2; step <= 4; step += 1) await page.keyboard.press('ArrowRight');
    expect(hashOf()).toBe(`#/trace/${RACE}/step/4`);
    await page.getByText('S22 is violated:', { exact: true }).waitFor();
    await page.getByText(/The last step that could have prevented it/).waitFor();
    await page.getByRole('button', { name: 'step 1', exact: true }).click();
    await page.getByText('This is the last step that could have prevented it').waitFor();
    expect(hashOf()).toBe(`#/trace/${RACE}/step/1`);
  });

  test('shows one race with its experiments, and finds by a property', async () => {
    await page.goto(`${served.url}#/races/vmid-lifetime`);
    await page.getByRole('heading', { name: 'vmid-lifetime' }).waitFor();
    expect(await page.locator('.experiment').count()).toBe(4);
    await page.getByLabel('Filter races').fill('s22');
    expect(await page.locator('.races-table tbody tr').count()).toBeGreaterThan(0);
    await page.getByLabel('Filter races').fill('no such race');
    await page.getByText('No race has “no such race” in it.').waitFor();
  });
});

describe('the player', () => {
  test('lights the states of the step in the charts, and outlines what changed', async () => {
    await playRace();
    const chart = page.getByRole('article', { name: 'chart of process' });
    await chart.locator('svg').waitFor();
    const active = () =>
      chart
        .locator('.state.active')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-state')));
    const first = await active();
    expect(first.length).toBeGreaterThan(1);
    await page.keyboard.press('Home');
    await expect.poll(active).not.toEqual(first);
    await page.keyboard.press('ArrowRight');
    await expect.poll(active).toEqual(first);
    expect(await page.locator('.card.changed').count()).toBeGreaterThan(0);
    expect(await page.locator('.slot.changed').count()).toBeGreaterThan(0);
  });

  test('goes by keys alone, and says each step', async () => {
    await playRace();
    const said = page.locator('.timeline [aria-live]');
    await page.keyboard.press('End');
    await expect
      .poll(() => said.textContent())
      .toMatch(/^Step 4 of 4: .*\. S22 is violated: .*\.$/);
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe(
      await said.textContent(),
    );
    await page.keyboard.press('Home');
    await expect.poll(() => said.textContent()).toBe('Step 0 of 4: before the first step.');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    await expect.poll(hashOf, { timeout: 5000 }).toBe(`#/trace/${RACE}/step/2`);
    await page.keyboard.press('Space');
    const stopped = hashOf();
    await page.waitForTimeout(900);
    expect(hashOf()).toBe(stopped);
  });

  test('opens at the step of a link, in another window too', async () => {
    await playRace();
    const other = await visit(browser, `${served.url}#/trace/${RACE}/step/3`);
    await other.page.locator('.row.current[data-step="3"]').waitFor();
    expect(other.faults()).toEqual([]);
    await other.leave();
  });

  test('fades what is yet to come, and goes where a row is pressed', async () => {
    await playRace();
    await page.locator('.row[data-step="2"]').click();
    expect(hashOf()).toBe(`#/trace/${RACE}/step/2`);
    const future = page.locator('.row.future');
    expect(
      await future.evaluateAll((all) => all.map((one) => one.getAttribute('data-step'))),
    ).toEqual(['3', '4']);
  });
});

describe('the storm', () => {
  const start = async (seconds: string): Promise<void> => {
    await page.goto(`${served.url}#/storm`);
    await page.getByLabel('Profile').selectOption('steady');
    await page.getByLabel('Seconds').fill(seconds);
    await page.getByLabel('Seed').fill('7');
    await page.getByRole('button', { name: 'Start' }).click();
  };

  test('is started, watched, and told in the end', async () => {
    await start('2');
    await page.getByText('seed 7').waitFor();
    await page.getByRole('heading', { name: 'Summary' }).waitFor({ timeout: 30_000 });
    const lines = await page
      .locator('.plot .line')
      .evaluateAll((all) => all.map((one) => one.getAttribute('d') ?? ''));
    expect(lines).toHaveLength(10);
    expect(lines.filter((d) => d.includes('L')).length).toBeGreaterThan(4);
    const answered = await page
      .locator('.tile', { hasText: 'groups answered' })
      .locator('dd')
      .textContent();
    expect(Number(answered?.replaceAll(',', ''))).toBeGreaterThan(1000);
    await page
      .getByText('npx stormdrain storm steady --driver vtd --duration 2s --seed 7')
      .waitFor();
  });

  test('is one at a time, goes on while another page is looked at, and stops when told', async () => {
    await start('60');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.locator('.tile', { hasText: 'running for' }).waitFor();
    await page.getByRole('link', { name: 'Machines' }).click();
    await page.getByRole('heading', { name: 'device', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Storm' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page
      .getByRole('heading', { name: 'Summary (stopped early)' })
      .waitFor({ timeout: 30_000 });
  });
});

describe('every page', () => {
  const PAGES = ['#/races', `#/races/${RACE}`, '#/storm', '#/machines/mm-notifier'];

  test.each([1440, 1000])('fits a window %i wide, in both themes', async (width) => {
    await playRace();
    const trace = hashOf();
    await page.setViewportSize({ width, height: 900 });
    const colours = new Set<string>();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      for (const hash of [...PAGES, trace]) {
        await page.goto(served.url + hash);
        await page.locator('h1').filter({ visible: true }).first().waitFor();
        const over = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        expect(over, `${hash} at ${width}`).toBeLessThanOrEqual(0);
      }
      colours.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(colours.size).toBe(2);
  });

  test('names everything that can be pressed or filled in', async () => {
    await playRace();
    for (const hash of [...PAGES, hashOf()]) {
      await page.goto(served.url + hash);
      await page.locator('h1').filter({ visible: true }).first().waitFor();
      const nameless = await page.locator('button, a, input, select').evaluateAll((all) =>
        all
          .filter((one) => {
            const labels =
              one instanceof HTMLInputElement || one instanceof HTMLSelectElement
                ? [...(one.labels ?? [])].map((label) => label.textContent).join('')
                : '';
            const inner = [...one.querySelectorAll('[aria-label]')].map((each) =>
              each.getAttribute('aria-label'),
            );
            const name = `${one.textContent}${one.getAttribute('aria-label') ?? ''}${labels}${inner.join('')}`;
            return name.trim() === '';
          })
          .map((one) => one.outerHTML),
      );
      expect(nameless, hash).toEqual([]);
    }
  });

  test('keeps the theme that is chosen', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Light theme' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  });
});
