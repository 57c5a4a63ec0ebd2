/**
 * Goal:   `ui` serves the page and its answers until it is interrupted: charts, races searched on the spot, traces.
 * Method: the command line itself, on a port the system chooses, asked by fetch. The page itself is tested in a browser.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Output } from '../../../src/cli/output.ts';
import { pageFiles, sourcesStamp } from '../../../src/cli/ui/page-files.ts';
import { runRaceJob } from '../../../src/scenarios/races/race-search.ts';
import type { ChartAnswer, MachineRow, RaceEvent } from '../../../src/ui/shapes.ts';
import type { PlayerPage, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { environmentWith } from './fixture.ts';

const RACE = 'fault-on-dying-mm';

async function withServer(
  visit: (url: string) => Promise<void>,
  ...args: readonly string[]
): Promise<number> {
  const interruption = new AbortController();
  let said: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    said = resolve;
  });
  const known = { drivers: driverNames, quirks: quirkIds };
  const { environment } = environmentWith({ signal: interruption.signal, known });
  const stdout: Output = { ...environment.stdout, write: (text) => said(text.trim()) };
  const ended = runCommandLine(['ui', ...args], { ...environment, stdout });
  await visit(await url).finally(() => interruption.abort());
  return ended;
}

const ask = (url: string, path: string, body: unknown): Promise<Response> =>
  fetch(new URL(path, url), {
    method: 'POST',
    headers: { Origin: new URL(url).origin, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Caller's duty: that is what stands there. */
async function answer<Answer>(url: string, path: string): Promise<Answer> {
  const given: unknown = await (await fetch(new URL(path, url))).json();
  return given as Answer; // see above
}

/** Everything that is heard of races until they have ended. */
async function heardOfRaces(url: string): Promise<readonly RaceEvent[]> {
  const response = await fetch(new URL('/api/races/events', url));
  const heard: RaceEvent[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const lines = text.split('\n\n');
    text = lines.pop() ?? '';
    heard.push(...lines.map((line): RaceEvent => JSON.parse(line.replace('data: ', ''))));
    if (heard.at(-1)?.type === 'ended') break;
  }
  return heard;
}

describe('ui', () => {
  test('serves the page and the charts on loopback until interrupted', async () => {
    let address = '';
    const code = await withServer(async (url) => {
      address = url;
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const page = await (await fetch(url)).text();
      expect(page).not.toMatch(/<style|\sstyle=|<script(?![^>]*src=)|https?:/);
      for (const [, link] of page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
        expect((await fetch(new URL(link ?? '', url))).status, link).toBe(200);
      }
      const machines = await answer<readonly MachineRow[]>(url, '/api/machines');
      expect(machines.length).toBeGreaterThan(25);
      const { svg, text } = await answer<ChartAnswer>(url, '/api/machines/mm-notifier');
      expect(svg).toContain('data-state="mm-notifier.registered"');
      expect(svg).not.toMatch(/<style|\sstyle=|<script/);
      expect(text).toContain('registered');
      expect((await fetch(new URL('/api/machines/none', url))).status).toBe(404);
    });
    expect(code).toBe(130);
    await expect(fetch(address)).rejects.toThrow();
  });

  test('searches a race on the spot, and plays what it finds', async () => {
    await withServer(async (url) => {
      expect((await ask(url, '/api/races/run', { races: [RACE] })).status).toBe(200);
      expect((await ask(url, '/api/races/run', { races: [RACE] })).status).toBe(409);
      const heard = await heardOfRaces(url);
      expect(heard[0]).toMatchObject({ type: 'began', races: [RACE] });
      expect(heard.at(-1)).toEqual({ type: 'ended', interrupted: false });
      const judged = heard.find(({ type }) => type === 'judged');
      expect(judged).toMatchObject({
        race: RACE,
        verdict: 'confirmed',
        experiments: [
          {
            reproduced: true,
            withQuirks: { kind: 'violated', property: 'S22', steps: 4, trace: RACE },
            without: { kind: 'clean' },
          },
        ],
      });
      const summary = await answer<PlayerSummary>(url, `/api/traces/${RACE}`);
      expect(summary).toMatchObject({ id: RACE, steps: 4, violation: { property: 'S22' } });
      const page = await answer<PlayerPage>(url, `/api/traces/${RACE}/pages/0`);
      expect(page.steps).toHaveLength(4);
      const actor = summary.slots.find(({ lane }) => lane === 0);
      const chart = await answer<ChartAnswer>(url, `/api/traces/${RACE}/charts/${actor?.kind}`);
      expect(chart.svg).toContain('<svg');
      expect(await answer(url, `/api/traces/${RACE}/prevention`)).toMatchObject({
        kind: 'found',
        step: 1,
        unknown: [],
      });
      for (const path of ['pages/1', 'pages/x', 'charts/none']) {
        expect((await fetch(new URL(`/api/traces/${RACE}/${path}`, url))).status).toBe(404);
      }
    });
  });

  test.each([
    ['/api/races/run', { races: ['none'] }, /^"races\[0\]" must be one of /],
    ['/api/races/run', { races: [] }, /^no race is named$/],
    ['/api/races/run', { raecs: [] }, /^there is no field "raecs"$/],
    ['/api/storm/run', { profile: '../../etc/passwd' }, /^"profile" must be one of /],
    [
      '/api/storm/run',
      { profile: 'steady', driver: 'vtd', quirks: [], seconds: 1e9 },
      /^"seconds" must be a number from 0.2 to 600, and is 1000000000$/,
    ],
  ])('refuses what makes no sense at %s: %j', async (path, body, sentence) => {
    await withServer(async (url) => {
      const response = await ask(url, path, body);
      expect(response.status).toBe(400);
      expect((await response.text()).trim()).toMatch(sentence);
    });
  });

  test('opens a trace that is named, as it goes today', async () => {
    const finding = runRaceJob({ race: RACE, experiment: 0, with: 'quirks', statesMax: 100_000 });
    const [first, ...others] = finding.trace?.steps ?? [];
    const changed = { ...finding.trace, steps: [{ ...first, effects: [] }, ...others] };
    const folder = await mkdtemp(join(tmpdir(), 'stormdrain-'));
    const file = join(folder, 'race.json');
    await writeFile(file, JSON.stringify(changed));
    await withServer(
      async (url) => {
        expect(await answer(url, '/api/start')).toMatchObject({
          traces: ['file'],
          pages: ['trace', 'races', 'storm', 'machines'],
        });
        const summary = await answer<PlayerSummary>(url, '/api/traces/file');
        expect(summary).toMatchObject({ title: 'race.json', steps: 4 });
        expect(summary.differences).toEqual([expect.stringMatching(/^step 1: its effects are /)]);
      },
      '--trace',
      file,
    ).finally(() => rm(folder, { recursive: true }));
  });

  test.each([
    [['--port', '70000'], '--port must be a whole number from 0 to 65535'],
    [['--trace', 'nowhere.json'], 'cannot read trace nowhere.json'],
    [['mm'], '"mm" is one argument too many'],
  ])('refuses %j', async (args, sentence) => {
    const { environment, stderr } = environmentWith();
    expect(await runCommandLine(['ui', ...args], environment)).toBe(2);
    expect(stderr()).toContain(sentence);
  });
});

describe('the built page', () => {
  test('that is not there is said in one sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stormdrain-'));
    expect(await pageFiles(folder)).toEqual({
      ok: false,
      error: { code: 'not-built', what: 'the web page', instead: 'run "npm run build" first' },
    });
    expect(await sourcesStamp(join(folder, 'ui'))).toBeUndefined();
    await rm(folder, { recursive: true });
  });

  test('is of the sources that lie here', async () => {
    expect(await pageFiles()).toMatchObject({ ok: true, value: { isStale: false } });
  });
});
