/**
 * Goal:   `races` lists everything, runs what is modelled, and ends with the right code on the right stream.
 * Method: the commands over the real catalogue, searches on this thread; arguments through the whole command line.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readArguments } from '../../../src/cli/arguments.ts';
import {
  namedRaces,
  type RacesEnvironment,
  racesListCommand,
  racesRunCommand,
} from '../../../src/cli/races-command.ts';
import { racesRunReport } from '../../../src/cli/races-report.ts';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { RACES } from '../../../src/scenarios/races/catalogue.ts';
import type { Race } from '../../../src/scenarios/races/race.ts';
import { type RaceFinding, runRaceJob } from '../../../src/scenarios/races/race-search.ts';
import { raceNamed } from '../scenarios/races/races-of.ts';
import { recorded } from './fixture.ts';

const WEAK = 'attach-vs-unmap-missed-invalidate';
const SMALL = ['mmu-interval-remove', 'amd-v2-waker-touches-freed'];

type Found = (finding: RaceFinding, job: { readonly with: string }) => RaceFinding;

function environmentOf(
  change: Found = (finding) => finding,
  signal = new AbortController().signal,
) {
  const stdout = recorded();
  const stderr = recorded();
  const environment: RacesEnvironment = {
    stdout: stdout.output,
    stderr: stderr.output,
    now: () => 0,
    signal,
    races: RACES,
    cores: 1,
    startSearches: async () => ({
      run: async (job) => change(runRaceJob(job), job),
      stop: async () => {},
    }),
  };
  return { environment, stdout: stdout.text, stderr: stderr.text };
}

async function run(args: readonly string[], change?: Found, signal?: AbortSignal) {
  const invocation = readArguments(['races', 'run', ...args]);
  if (!invocation.ok) throw new Error(badInputSentence(invocation.error));
  if (invocation.value.kind !== 'races' || invocation.value.races.action !== 'run') {
    throw new Error('no run');
  }
  const options = invocation.value.races;
  const races = namedRaces(options.ids, RACES);
  if (!races.ok) return { code: 2, stdout: '', stderr: badInputSentence(races.error) };
  const { environment, stdout, stderr } = environmentOf(change, signal);
  const code = await racesRunCommand(options, races.value, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe('races list', () => {
  test('has a row for every race, and says how many of each kind there are', () => {
    const { environment, stdout } = environmentOf();
    expect(racesListCommand(false, environment)).toBe(0);
    for (const { id, title } of RACES)
      expect(stdout()).toMatch(new RegExp(`^${id} .*${title.slice(0, 20)}`, 'm'));
    expect(stdout()).toMatch(/^58 races: \d+ modelled, \d+ pending, \d+ not explored$/m);
  });

  test('as JSON has the fields of the contract for every race', () => {
    const { environment, stdout } = environmentOf();
    racesListCommand(true, environment);
    const listed = JSON.parse(stdout());
    expect(listed.schema).toBe('stormdrain.races/1');
    expect(listed.races).toHaveLength(58);
    for (const race of listed.races) {
      expect(race).toMatchObject({
        id: expect.any(String),
        title: expect.any(String),
        grade: expect.stringMatching(/^[A-D]/),
        properties: expect.any(Array),
        quirks: expect.any(Array),
      });
      expect(['modelled', 'pending', 'not-explored']).toContain(race.status);
      expect('lacks' in race).toBe(race.status === 'pending');
      expect('why' in race).toBe(race.status === 'not-explored');
    }
  });
});

describe('races run', () => {
  test('confirms a race with 0, and prints how', async () => {
    const ended = await run(SMALL);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatchInlineSnapshot(`
      "amd-v2-waker-touches-freed  confirmed
        last-put
          with wakes-after-put: S8 in 5 steps (9 states): nobody wakes a wait queue that was freed
          without: complete and clean (6 states)
      mmu-interval-remove  confirmed
        interval-removal
          with removal-looks-unlocked: S8 in 6 steps (16 states): nobody unlinks a subscription that was freed
          without: complete and clean (12 states)
      2 of 2 confirmed, 0.0 s
      "
    `);
  });

  test('prints the same JSON every time', async () => {
    const [first, second] = [await run([...SMALL, '--json']), await run([...SMALL, '--json'])];
    expect(first).toEqual(second);
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 'stormdrain.races-run/1',
      races: [
        {
          id: 'amd-v2-waker-touches-freed',
          reproduced: true,
          property: 'S8',
          steps: 5,
          cleanWithout: true,
          cleanComplete: true,
        },
        { id: 'mmu-interval-remove', reproduced: true, property: 'S8', steps: 6 },
      ],
    });
  });

  test('ends with 1 when the defect is not found, or the repair is not clean', async () => {
    const lost: Found = (finding) => ({ ...finding, kind: 'clean', property: undefined });
    expect(await run(SMALL, lost)).toMatchObject({ code: 1 });
    const dirty: Found = (finding) => ({ ...finding, kind: 'violated', property: 'S8' });
    expect((await run(SMALL, dirty)).stdout).toContain('NOT CONFIRMED');
    expect(await run(SMALL, dirty)).toMatchObject({ code: 1 });
  });

  test('ends with 3 when a limit comes first, and says not known', async () => {
    const ended = await run(['kernel-va-table-freed', '--max-states', '5']);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('not known');
  });

  test('of a race that is not explored says why, and ends with 0', async () => {
    const ended = await run([WEAK]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('not explored: it needs store buffers');
    const json = JSON.parse((await run([WEAK, '--json'])).stdout);
    expect(json.races).toMatchObject([{ status: 'not-explored', reproduced: null }]);
  });

  test('of a pending race says what it lacks, and ends with 0', () => {
    const pending: Race = { ...raceNamed(WEAK), status: 'pending', lacks: 'store buffers' };
    const results = [{ race: pending, experiments: [] }];
    const ended = { results, statesMax: 1, elapsedSeconds: 0, interrupted: false };
    const report = racesRunReport(ended, false, (_, text) => text);
    expect(report).toContain(`${WEAK}: pending, lacks store buffers`);
  });

  test('that is interrupted ends with 130', async () => {
    expect((await run(SMALL, undefined, AbortSignal.abort())).code).toBe(130);
    const controller = new AbortController();
    const abort: Found = (finding) => {
      controller.abort();
      return finding;
    };
    const ended = await run(SMALL, abort, controller.signal);
    expect(ended.code).toBe(130);
    expect(ended.stdout).toContain('interrupted');
  });

  test('names the race that may have been meant', async () => {
    expect(await run(['mmu-interval-removed'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'there is no race "mmu-interval-removed"; did you mean "mmu-interval-remove"?',
    });
  });
});

describe('traces', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stormdrain-races-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are written for what was found, one file each', async () => {
    const into = join(folder, 'new', 'traces');
    const ended = await run([...SMALL, WEAK, '--trace', into]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(into)).sort()).toEqual(SMALL.map((id) => `${id}.json`).sort());
    const trace = JSON.parse(await readFile(join(into, 'mmu-interval-remove.json'), 'utf8'));
    expect(trace).toMatchObject({
      schema: 'stormdrain.trace/1',
      scenario: 'interval-removal',
      quirks: ['removal-looks-unlocked'],
      violation: { property: 'S8' },
    });
    expect(trace.steps).toHaveLength(6);
  });

  test('that cannot be written are told in a sentence', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const ended = await run([...SMALL, '--trace', file]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toBe(
      `stormdrain: cannot write ${file}: a file of that name is in the way; try another folder\n`,
    );
  });
});

test('the arguments of races are read, and a mistake is one sentence', () => {
  const read = (...args: string[]) => {
    const invocation = readArguments(['races', ...args]);
    return invocation.ok ? invocation.value : badInputSentence(invocation.error);
  };
  expect(
    [
      [],
      ['list', '--json'],
      ['--json'],
      ['run', '--help'],
      ['run', '--all', '--workers', '2', '--max-states', '1k', '--trace', 'x', '--json'],
      ['rnu'],
      ['list', 'x'],
      ['run', '--all', 'mm-users-cycle'],
      ['run', '--workers', '0'],
      ['run', '--max-states', 'many'],
      ['run', '--trcae', 'x'],
      ['list', '--workers', '2'],
    ].map((args) => read(...args)),
  ).toMatchInlineSnapshot(`
    [
      {
        "kind": "races",
        "races": {
          "action": "list",
          "json": false,
        },
      },
      {
        "kind": "races",
        "races": {
          "action": "list",
          "json": true,
        },
      },
      {
        "kind": "races",
        "races": {
          "action": "list",
          "json": true,
        },
      },
      {
        "kind": "races-help",
      },
      {
        "kind": "races",
        "races": {
          "action": "run",
          "all": true,
          "ids": [],
          "json": true,
          "report": undefined,
          "statesMax": 1000,
          "trace": "x",
          "workers": 2,
        },
      },
      "there is no action "rnu"; did you mean "run"?",
      ""x" is one argument too many: races list takes none",
      "--all and mm-users-cycle exclude each other; give one of them",
      "--workers must be a whole number from 1 to 64, but is "0"; see "stormdrain races --help"",
      "--max-states must be a whole number from 1 to 2147483648, but is "many"; see "stormdrain races --help"",
      "there is no option "--trcae"; did you mean "--trace"?",
      "there is no option "--workers"; see --help for those there are",
    ]
  `);
});
