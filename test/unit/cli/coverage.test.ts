/**
 * Goal:   what an exploration or a storm counted becomes the heat of charts, alone or together with others, and what
 *         was never taken is named.
 * Method: the whole command line, over a small scenario and the files it writes.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActor } from 'xstate';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import type { CoverageCounts } from '../../../src/core/transition-counts.ts';
import { watched } from '../../../src/machines/actor-watch.ts';
import { mmNotifierMachine } from '../../../src/machines/mm-notifier.ts';
import { environmentWith, RESULT } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string): string => join(folder, name);
const read = (name: string) => JSON.parse(readFileSync(inFolder(name), 'utf8'));

const known = { drivers: driverNames, quirks: quirkIds };

async function run(args: readonly string[], changed: Partial<Environment> = {}) {
  const { environment, stdout, stderr } = environmentWith({ known, ...changed });
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

const explored = (...more: readonly string[]) =>
  run(['explore', 'no-handler', '--driver', 'vtd@7.3', ...more]);

let json: { readonly coverage: object };
beforeAll(async () => {
  const ended = await explored('--json', '--coverage', inFolder('run.json'));
  json = JSON.parse(ended.stdout);
  await explored('--trace', inFolder('trace.json'));
});

describe('a coverage file', () => {
  test('has every transition of every machine, and the figures of the JSON', () => {
    const file: CoverageCounts = read('run.json');
    const { transitionsSeen, transitionsTotal, machines } = file;
    expect(file).toMatchObject({
      ...{ schema: 'stormdrain.coverage/1', source: 'no-handler' },
      ...{ driver: 'vtd@7.3', quirks: [] },
    });
    expect(json.coverage).toEqual({ transitionsSeen, transitionsTotal });
    const chosen = machines
      .flatMap(({ transitions }) => transitions)
      .filter(({ event }) => event !== '' && event !== '*');
    expect(chosen.length).toBe(transitionsTotal);
    expect(chosen.filter(({ count }) => count > 0).length).toBe(transitionsSeen);
  });

  test('is not written where it can not tell, or must not be', async () => {
    const file = inFolder('none.json');
    const reduced = await explored('--coverage', file, '--reduction', 'por');
    expect(reduced).toMatchObject({ code: 2, stdout: '' });
    expect(reduced.stderr).toContain('--coverage and --reduction por exclude each other');
    const nowhere = await explored('--coverage', inFolder('no/folder.json'));
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('there is no such folder');
    expect(readdirSync(folder).sort()).toEqual(['run.json', 'trace.json']);
  });

  test('of walks has their figures too', async () => {
    const walks = ['--strategy', 'random', '--seed', '1', '--max-walks', '5'];
    const ended = await explored(...walks, '--json', '--coverage', inFolder('walks.json'));
    const { transitionsSeen, transitionsTotal }: CoverageCounts = read('walks.json');
    expect(JSON.parse(ended.stdout).coverage).toEqual({ transitionsSeen, transitionsTotal });
    expect(transitionsSeen).toBeGreaterThan(5);
  });

  test('of a storm is of the actors that ran live', async () => {
    const runStorm: Environment['runStorm'] = async (_, { watch }) => {
      const machine = mmNotifierMachine.provide({ guards: { mmHasUsers: () => true } });
      const input = { mm: 1, domain: 1 };
      for (const name of ['one', 'two']) {
        const actor = createActor(machine, { input, ...watched(watch, name) }).start();
        actor.send({ type: 'notifier.register' });
      }
      return RESULT;
    };
    const file = inFolder('storm.json');
    expect(await run(['storm', 'steady', '--coverage', file], { runStorm })).toMatchObject({
      code: 0,
      stderr: '',
    });
    const counts: CoverageCounts = read('storm.json');
    expect(counts).toMatchObject({ source: 'storm steady', driver: 'vtd', transitionsSeen: 1 });
    const taken = counts.machines.flatMap(({ machine, transitions }) =>
      transitions.filter(({ count }) => count > 0).map((each) => ({ machine, ...each })),
    );
    expect(taken).toEqual([
      {
        machine: 'mm-notifier',
        from: 'mm-notifier.unregistered',
        event: 'notifier.register',
        index: 0,
        count: 2,
      },
    ]);
  });
});

describe('charts', () => {
  const heated = (...files: readonly string[]) =>
    run(['charts', ...files.flatMap((file) => ['--heat', inFolder(file)]), '--format', 'ascii']);

  test('heated by a run are those it has, and name what was never taken', async () => {
    const out = inFolder('charts');
    const args = ['charts', '--heat', inFolder('run.json'), '--out', out];
    const machines = ['page-request-queue', 'work-queue'].flatMap((name) => ['--machine', name]);
    const { code, stdout } = await run([...args, ...machines]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^work-queue {2,}0 of 4 transitions taken$/m);
    expect(stdout).toMatch(/^ {2}never {2}overflow.set: overflow.clear$/m);
    expect(stdout).toMatch(/^without a chart: .*group-watch/m);
    const svg = readFileSync(join(out, 'page-request-queue.svg'), 'utf8');
    expect(svg).toContain('class="legend"');
    expect(svg).toMatch(/<g class="arrow heat-\d">/);
    const listed = JSON.parse((await run([...args, '--format', 'dot', '--json'])).stdout);
    expect(listed.coverage[0]).toMatchObject({ machine: 'device-group', transitionsSeen: 3 });
    expect(listed.without).toContain('group-watch');
  });

  test('add several files up, traces among them', async () => {
    const timesOf = async (...files: readonly string[]): Promise<number> => {
      const { stdout } = await run([
        ...['charts', '--machine', 'page-request-queue', '--format', 'json'],
        ...files.flatMap((file) => ['--heat', inFolder(file)]),
      ]);
      return [...stdout.matchAll(/"taken": (\d+)/g)].reduce(
        (sum, [, taken]) => sum + Number(taken),
        0,
      );
    };
    const run1 = await timesOf('run.json');
    const trace = await timesOf('trace.json');
    expect(trace).toBeGreaterThan(1);
    expect(run1).toBeGreaterThan(trace);
    expect(await timesOf('run.json', 'trace.json', 'run.json')).toBe(2 * run1 + trace);
  });

  test('know the operations of a driver with quirks', async () => {
    const more = ['--quirk', 'skip-workqueue-flush'];
    await run(['explore', 'exit-unbind', ...more, '--coverage', inFolder('quirk.json')]);
    const name = 'vtd+skip-workqueue-flush unbind-sva';
    const { stdout } = await run([
      ...['charts', '--machine', name, '--format', 'ascii'],
      ...['--heat', inFolder('quirk.json')],
    ]);
    expect(stdout).toMatch(new RegExp(`^${name.replaceAll('+', '\\+')}\n`));
    expect(stdout).toMatch(/\(\d+ times\)/);
  });

  test('say of a machine that is asked for and not in the files that all of it was never taken', async () => {
    const args = ['charts', '--heat', inFolder('run.json'), '--machine', 'tag-allocator'];
    const { stdout, stderr } = await run([...args, '--format', 'ascii']);
    expect(stdout).not.toMatch(/times|once/);
    expect(stderr).toMatch(/^tag-allocator {2}0 of \d+ transitions taken$/m);
  });

  test('refuse a trace that does not go that way any more', async () => {
    const trace = read('trace.json');
    const steps = trace.steps.map((step: object) => ({ ...step, event: { type: 'gone' } }));
    writeFileSync(inFolder('stale.json'), JSON.stringify({ ...trace, steps }));
    expect(await heated('stale.json')).toMatchObject({
      code: 2,
      stderr: `stormdrain: trace ${inFolder('stale.json')} can't be taken again: step 1 of ${steps.length} is not open any more; see what is different with "stormdrain replay --tolerant"\n`,
    });
    writeFileSync(inFolder('broken.json'), '{"schema": "stormdrain.trace/1"');
    expect((await heated('broken.json')).stderr).toMatch(/^stormdrain: coverage .*broken\.json/);
    writeFileSync(inFolder('odd.json'), '{"schema": "stormdrain.coverage/1", "machines": 7}');
    expect((await heated('odd.json')).stderr).toContain('"driver" must be');
  });
});
