/**
 * Goal:   every way an exploration ends has its exit code, its stream and its sentence; a trace it writes replays.
 * Method: the whole command line over the real scenarios.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { REPLAY_FORMATS } from '../../../src/cli/replay-arguments.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import type { RecordedTrace } from '../../../src/explore/recorded-trace.ts';
import { environmentWith } from './fixture.ts';

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
/** A clock that moves a second each time it is read. */
function hurriedClock(): () => number {
  let milliseconds = 0;
  return () => {
    milliseconds += 1000;
    return milliseconds;
  };
}

describe('explore', () => {
  test('lists the scenarios without one, or when asked to', async () => {
    const listed = await run(['explore']);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^bench-protocol {2,}4 groups of two pages/m);
    expect(await run(['explore', 'list'])).toEqual(listed);
    const help = await run(['explore', '--help']);
    expect(help.stdout).toContain('  bench-protocol ');
  });

  test('of a clean world ends with 0 and says that everything was seen', async () => {
    const ended = await run(['explore', 'bench-protocol', '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ...{ schema: 'stormdrain.explore/1', scenario: 'bench-protocol', driver: null, quirks: [] },
      ...{ strategy: 'bfs', complete: true, limit: null, unseen: [], violation: null },
    });
    const told = await run(['explore', 'bench-protocol']);
    expect(told.stdout).toContain('CLEAN: every reachable state was seen');
  });

  test('that finds something ends with 1, draws it, and writes a trace that replays', async () => {
    const file = join(folder, 'race.json');
    const args = ['explore', 'bench-protocol-none', '--property', 'S8', '--trace', file];
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.stdout).toContain('VIOLATED S8 after 9 steps: ');
    expect(ended.stdout).toMatch(/^CPU 0: detach +irq thread +worker.* +device/m);
    expect(ended.stdout).toContain(`replay it: npx stormdrain replay ${file}\n`);
    expect(await readdir(folder)).toEqual(['race.json']);
    for (const format of REPLAY_FORMATS) {
      expect(await run(['replay', file, '--format', format])).toMatchObject({ code: 0 });
    }
  });

  test('prints the same JSON twice but for times', async () => {
    const args = [
      'explore',
      'bench-protocol-none',
      '--strategy',
      'portfolio',
      '--seed',
      '3',
      '--json',
    ];
    const [first, second] = [await run(args), await run(args)];
    expect(first.stdout).toBe(second.stdout);
    const json = JSON.parse(first.stdout);
    expect(json).toMatchObject({ seed: 3, complete: false, states: null });
    expect(json.violation.steps).toBeLessThanOrEqual(json.violation.stepsFound);
    expect(json.violation.trace.steps).toHaveLength(json.violation.steps);
    expect(json.coverage.transitionsSeen).toBeLessThan(json.coverage.transitionsTotal);
  });

  test.each([
    { option: ['--max-states', '5k'], limit: 'states' },
    { option: ['--max-depth', '5'], limit: 'depth' },
    { option: ['--strategy', 'pct', '--max-walks', '5'], limit: 'walks' },
  ])('that meets its limit of $limit ends with 3 and claims nothing', async ({ option, limit }) => {
    const args = ['explore', 'bench-protocol', ...option];
    const ended = await run([...args, '--json']);
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ complete: false, limit, violation: null });
    const told = await run(args);
    expect(told.stdout).toMatch(/NOT KNOWN: nothing found .* unknown \(the limit of/);
    expect(told.stdout).not.toContain('CLEAN');
  });

  test('whose time is up ends with 3', async () => {
    const args = ['explore', 'bench-protocol', '--max-time', '2s', '--json'];
    const ended = await run(args, { now: hurriedClock() });
    expect(ended.code).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ limit: 'time' });
  });

  test('that is interrupted still reports, and ends with 130', async () => {
    const interruption = new AbortController();
    const now = () => {
      setImmediate(() => interruption.abort());
      return 0;
    };
    const args = ['explore', 'bench-protocol', '--json'];
    const ended = await run(args, { now, signal: interruption.signal });
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.stdout)).toMatchObject({ limit: 'interrupted', complete: false });
    const never = await run(args, { signal: AbortSignal.abort() });
    expect(never).toEqual({ code: 130, stdout: '', stderr: '' });
  });

  test('shows on a terminal how far it is', async () => {
    const stderr = { text: '' };
    const args = ['explore', 'bench-protocol'];
    await run(args, {
      now: hurriedClock(),
      stderr: {
        write: (text) => {
          stderr.text += text;
        },
        ...{ isTerminal: true, columns: () => 100, hasColours: false },
      },
    });
    expect(stderr.text).toMatch(
      /[\d,]+ states {2}[\d,]+ states\/s {2}[\d,]+ to expand {2}depth \d+/,
    );
    expect(stderr.text.endsWith('\r\u001b[K')).toBe(true);
  });

  test('that cannot write its trace says so and ends with 2', async () => {
    const file = join(folder, 'nowhere', 'race.json');
    const ended = await run(['explore', 'bench-protocol-none', '--trace', file]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toBe(
      `stormdrain: cannot write ${file}: there is no such folder; try another folder\n`,
    );
    expect(ended.stdout).toContain('VIOLATED');
  });

  test('with a mistake ends with 2 and one sentence', async () => {
    const sentences = [];
    for (const args of [
      ['bench-protocl'],
      ['bench-protocol', 'again'],
      ['bench-protocol', '--driver', 'vtd'],
      ['bench-protocol', '--strategy', 'best'],
      ['bench-protocol', '--seed', '1'],
      ['bench-protocol', '--strategy', 'random', '--max-states', '5'],
      ['bench-protocol', '--max-time', 'long'],
      ['bench-protocol', '--max-memory', '1k'],
      ['bench-protocol', '--property', 'S99'],
      ['bench-protocol', '--depth', '5'],
      ['bench-protocol', '--workers', '2', '--strategy', 'dfs'],
      ['bench-protocol', '--workers', '2', '--reduction', 'por'],
    ]) {
      const ended = await run(['explore', ...args]);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      sentences.push(ended.stderr);
    }
    expect(sentences).toMatchInlineSnapshot(`
      [
        "stormdrain: there is no scenario "bench-protocl"; did you mean "bench-protocol"?
      ",
        "stormdrain: "again" is one argument too many: explore takes one scenario
      ",
        "stormdrain: the scenario bench-protocol runs no driver's lists; leave driver and quirks out
      ",
        "stormdrain: --strategy must be one of bfs, dfs, portfolio, random, surw, delay, pct, pos, but is "best"; see "stormdrain explore --help"
      ",
        "stormdrain: --seed and --strategy bfs exclude each other; give one of them
      ",
        "stormdrain: --max-states and --strategy random exclude each other; give one of them
      ",
        "stormdrain: --max-time must be a number from 0.001 to 604800 seconds, such as 500ms, 60s or 10m, but is "long"; see "stormdrain explore --help"
      ",
        "stormdrain: --max-memory must be a number from 1000000 to 1000000000000 bytes, such as 500M or 2G, but is "1k"; see "stormdrain explore --help"
      ",
        "stormdrain: --property must be one of S1 to S26, L1 to L9, deadlock, unexpected, or a kebab-case word of a scenario's own, but is "S99"; see "stormdrain explore --help"
      ",
        "stormdrain: there is no option "--depth"; see --help for those there are
      ",
        "stormdrain: --workers 2 and --strategy dfs exclude each other; give one of them
      ",
        "stormdrain: --workers 2 and --reduction por exclude each other; give one of them
      ",
      ]
    `);
  });
});

const MATCHED = '\nMATCHED: all 9 steps and the end are as recorded\n';

describe('replay', () => {
  /** A trace with some fields other than they should be, in a file. */
  async function traceWith(fields: object): Promise<string> {
    const file = join(folder, 'changed.json');
    await run(['explore', 'bench-protocol-none', '--property', 'S8', '--trace', file]);
    const trace = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...trace, ...fields }));
    return file;
  }

  test('in a world that goes another way ends with 1 and says where', async () => {
    const file = await traceWith({ scenario: 'bench-protocol' });
    const strict = await run(['replay', file]);
    expect(strict.code).toBe(1);
    expect(strict.stdout).toMatch(
      /DIFFERENT from what was recorded\n {2}step 7 of 9: detach becomes .*\n$/,
    );
    const tolerant = await run(['replay', file, '--tolerant', '--json']);
    expect(tolerant.code).toBe(1);
    const json = JSON.parse(tolerant.stdout);
    expect(json).toMatchObject({ schema: 'stormdrain.replay/1', matched: false, violation: null });
    expect(json.differences.length).toBeGreaterThan(1);
  });

  test('says beside a drawing, not in it, whether it matched', async () => {
    const ended = await run(['replay', await traceWith({}), '--format', 'columns']);
    expect(ended.stdout).not.toContain('MATCHED');
    expect(ended.stderr).toContain('MATCHED: all 9 steps and the end are as recorded');
  });

  test('writes each format to a file as it prints it', async () => {
    const file = await traceWith({});
    for (const format of REPLAY_FORMATS) {
      const out = join(folder, `drawn.${format}`);
      const printed = await run(['replay', file, '--format', format]);
      const written = await run(['replay', file, '--format', format, '--out', out]);
      const said = format === 'json' ? '' : MATCHED;
      expect(written).toEqual({ code: 0, stdout: said, stderr: '' });
      expect((await readFile(out, 'utf8')) + (format === 'table' ? MATCHED : '')).toBe(
        printed.stdout,
      );
    }
  });

  test('draws an older trace, which tells no calls, as fully as a new one', async () => {
    const file = await traceWith({});
    const trace: RecordedTrace = JSON.parse(await readFile(file, 'utf8'));
    const steps = trace.steps.map(({ calls: _, reads: __, ...step }) => step);
    const older = join(folder, 'older.json');
    await writeFile(older, JSON.stringify({ ...trace, steps, slots: undefined }));
    for (const format of ['svg', 'perfetto', 'itf', 'shiviz']) {
      const drawn = await run(['replay', file, '--format', format]);
      expect(await run(['replay', older, '--format', format])).toEqual(drawn);
    }
  });

  test('with a mistake ends with 2 and one sentence', async () => {
    const unknown = await traceWith({ scenario: 'bench-protocl' });
    const sentences = [(await run(['replay', unknown])).stderr];
    sentences.push((await run(['replay', await traceWith({ driver: 'vtd' })])).stderr);
    sentences.push((await run(['replay', await traceWith({ steps: 5 })])).stderr);
    const mistakes = [
      ...[[], ['a.json', 'b.json'], ['none.json'], ['a.json', '--format', 'png']],
      ...[['a.json', '--theme', 'dark']],
    ];
    for (const args of mistakes) {
      const ended = await run(['replay', ...args]);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      sentences.push(ended.stderr);
    }
    const told = sentences.map((sentence) => sentence.replaceAll(folder, 'FOLDER'));
    expect(told).toMatchInlineSnapshot(`
      [
        "stormdrain: trace FOLDER/changed.json: there is no scenario "bench-protocl"; did you mean "bench-protocol"?
      ",
        "stormdrain: trace FOLDER/changed.json: the scenario bench-protocol-none runs no driver's lists; leave driver and quirks out
      ",
        "stormdrain: trace FOLDER/changed.json: "steps" must be a list of at most 1000000, but is 5; write it anew with "stormdrain explore --trace"
      ",
        "stormdrain: replay needs the file of a trace; see "stormdrain replay --help"
      ",
        "stormdrain: "b.json" is one argument too many: replay takes one trace
      ",
        "stormdrain: cannot read trace none.json: there is no such file; check the path
      ",
        "stormdrain: --format must be one of table, columns, mermaid, svg, perfetto, itf, shiviz, vitest, json, but is "png"; see "stormdrain replay --help"
      ",
        "stormdrain: --theme and --format table exclude each other; give one of them
      ",
      ]
    `);
  });
});
