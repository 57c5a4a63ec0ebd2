/**
 * Goal:   `--report` writes one file that holds everything the page asks for, lets in nothing but itself, and is whole
 *         or not there.
 * Method: the whole command line; what a page asks is asked of the answers in the file. A browser opens such files in
 *         test/browser.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import { reportHtml } from '../../../src/cli/ui/report-html.ts';
import type { KeptAnswers } from '../../../src/ui/shapes.ts';
import type { PlayerSummary } from '../../../src/viz/player-shape.ts';
import type { StormSample } from '../../../src/workers/storm-plan.ts';
import { environmentWith, RESULT } from './fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-'));
});
afterAll(() => rm(folder, { recursive: true }));

const known = { drivers: driverNames, quirks: quirkIds };

async function run(args: readonly string[], changed: Partial<Environment> = {}) {
  const { environment, stdout, stderr } = environmentWith({ known, ...changed });
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The answers in a report, once it is known to let in itself and nothing else. */
function answersIn(html: string): (path: string) => unknown {
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  const [, script = ''] = /<script type="module">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  expect(policy).toBe(
    `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
  );
  expect(html).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)=/);
  const [, kept = ''] =
    /<script type="application\/json" id="answers">(.*)<\/script>/.exec(html) ?? [];
  const { paths, answers }: KeptAnswers = JSON.parse(kept);
  return (path) => answers[paths[path] ?? -1];
}

const reportAt = async (file: string) => answersIn(await readFile(file, 'utf8'));

/** Whatever the player asks of a trace is there. */
function expectPlayable(answer: (path: string) => unknown, id: string): PlayerSummary {
  const path = `/api/traces/${id}`;
  const summary = answer(path) as PlayerSummary; // whoever wrote it is held to that
  const pages = Math.ceil(summary.steps / summary.pageSteps);
  for (let page = 0; page < pages; page += 1) {
    expect(answer(`${path}/pages/${page}`)).toMatchObject({ first: page * summary.pageSteps });
  }
  for (const { kind, lane, moves } of summary.slots) {
    if (lane === undefined && !moves) continue;
    expect(answer(`${path}/charts/${kind}`), kind).toMatchObject({
      svg: expect.stringContaining('<svg'),
    });
  }
  expect(answer(`${path}/prevention`)).toMatchObject({ kind: expect.any(String) });
  return summary;
}

const SAMPLE: StormSample = {
  ...{ elapsedSeconds: 0.2, groups: 100, groupsPerSecond: 500, inFlight: 3, overflows: 0 },
  ...{ attaches: 8, detaches: 0, exits: 0, workerBusy: 0.5, violations: 0, seconds: 0.2 },
  groupLatencyUs: undefined,
  ring: { entries: 2047, most: 12 },
  pasids: { perRow: 1, inFlight: [0, 3] },
  droppedRequests: 0,
};

describe('the report', () => {
  test('of an exploration has the trace to be played, and what was printed', async () => {
    const file = join(folder, 'explore.html');
    const args = ['explore', 'exit-unbind', '--driver', 'vtd@7.3', '--report', file];
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const answer = await reportAt(file);
    expect(answer('/api/start')).toMatchObject({
      ...{ pages: ['trace', 'text'], traces: ['found'], isReport: true },
      command: `npx stormdrain ${args.join(' ')}`,
      text: ended.stdout,
    });
    const { violation, steps } = expectPlayable(answer, 'found');
    expect(violation?.property).toBe('S6');
    expect(steps).toBe(31);
  });

  test('of an exploration that finds nothing says what was seen', async () => {
    const file = join(folder, 'clean.html');
    expect(await run(['explore', 'exit-unbind', '--report', file])).toMatchObject({ code: 0 });
    expect((await reportAt(file))('/api/start')).toMatchObject({
      pages: ['text'],
      traces: [],
      text: expect.stringContaining('CLEAN'),
    });
  });

  test('of races has each with what was found, and its traces', async () => {
    const file = join(folder, 'races.html');
    expect(await run(['races', 'run', 'vmid-lifetime', '--report', file])).toMatchObject({
      code: 0,
    });
    const answer = await reportAt(file);
    expect(answer('/api/races')).toMatchObject([{ id: 'vmid-lifetime' }]);
    expect(answer('/api/races/events')).toMatchObject([
      { type: 'began', races: ['vmid-lifetime'] },
      { type: 'judged', race: 'vmid-lifetime', verdict: 'confirmed' },
      { type: 'ended', interrupted: false },
    ]);
    expectPlayable(answer, 'vmid-lifetime.1');
    expectPlayable(answer, 'vmid-lifetime.4');
  });

  test('of a replay plays what happens today', async () => {
    const trace = join(folder, 'trace.json');
    const file = join(folder, 'replay.html');
    await run(['explore', 'exit-unbind', '--driver', 'vtd@7.3', '--trace', trace]);
    expect(await run(['replay', trace, '--report', file])).toMatchObject({ code: 0 });
    expect(expectPlayable(await reportAt(file), 'file').differences).toEqual([]);
  });

  test('of a storm has its samples and its summary', async () => {
    const file = join(folder, 'storm.html');
    const runStorm: Environment['runStorm'] = async (_, { sample }) => {
      sample?.(SAMPLE);
      return RESULT;
    };
    expect(await run(['storm', 'steady', '--report', file], { runStorm })).toMatchObject({
      code: 0,
    });
    const answer = await reportAt(file);
    expect(answer('/api/start')).toMatchObject({ pages: ['storm', 'text'] });
    expect(answer('/api/storm/events')).toMatchObject([
      { type: 'began', plan: { name: 'steady', seed: 7 } },
      { type: 'sample', sample: { ring: { most: 12 } } },
      { type: 'ended', result: { groups: RESULT.groups } },
    ]);
  });

  test.each([
    ['storm', 'steady'],
    ['explore', 'bench-protocol'],
    ['races', 'run', 'vmid-lifetime'],
  ])('that has nowhere to go is said before anything starts: %s %s', async (...args) => {
    const runStorm = () => Promise.reject(new Error('started'));
    const ended = await run([...args, '--report', join(folder, 'nowhere/x.html')], { runStorm });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('there is no such folder');
  });

  test('of a storm that breaks down leaves nothing behind', async () => {
    const runStorm = () => Promise.reject(new Error('out of memory'));
    const file = join(folder, 'broken.html');
    await expect(run(['storm', 'steady', '--report', file], { runStorm })).rejects.toThrow(
      'memory',
    );
    expect((await readdir(folder)).filter((name) => name.startsWith('broken'))).toEqual([]);
  });
});

test('what an answer says is never taken for markup', () => {
  const page = { html: '', script: 'a = "</script>"', style: '', icon: '', isStale: false };
  const answers = new Map([['/api/start', { text: '</script><script>alert(1)</script><!--' }]]);
  const html = reportHtml('<b>&', page, answers);
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(html).not.toContain('<!--');
  expect(html).toContain('<title>&lt;b&gt;&amp;</title>');
  expect(answersIn(html)('/api/start')).toEqual({ text: '</script><script>alert(1)</script><!--' });
});
