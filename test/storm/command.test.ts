/**
 * Goal:   the executable keeps its contract: JSON fields, exit codes, one sentence on stderr, clean interrupts.
 * Method: child processes of the built program. A module loaded before it writes a line to descriptor 3 for each
 *         thread that is started, so a test knows that none was, or that a storm is under way.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

import { SEED } from './storms.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormdrain-command-'));
/** Longer than any of these commands takes. */
const PATIENCE_MILLISECONDS = 60_000;
const SHORT = ['--groups', '5000', '--seed', String(SEED)];

const REPORTER = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   import { isMainThread } from 'node:worker_threads';
   if (isMainThread) process.on('worker', () => { writeSync(3, 'thread\\n'); });`,
)}`;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Streams = { stdout: string; stderr: string; threads: number };

type Ended = Streams & {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What to type to see it again. */
  readonly replay: string;
};

/** Runs the executable; `meanwhile` sees every change of what it has written so far. */
function stormdrain(
  args: readonly string[],
  meanwhile: (child: ChildProcess, streams: Streams) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', REPORTER, main, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: PATIENCE_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  const streams: Streams = { stdout: '', stderr: '', threads: 0 };
  const [, stdout, stderr, threads] = child.stdio;
  stdout?.on('data', (data) => {
    streams.stdout += String(data);
    meanwhile(child, streams);
  });
  stderr?.on('data', (data) => {
    streams.stderr += String(data);
    meanwhile(child, streams);
  });
  threads?.on('data', (data) => {
    streams.threads += String(data).split('\n').length - 1;
    meanwhile(child, streams);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const typed = `node dist/src/cli/main.js ${args.join(' ')}`;
      const written = `stdout: ${streams.stdout.slice(0, 2000)}\nstderr: ${streams.stderr}`;
      const replay = `run it again: ${typed}\nexit ${code} ${signal}\n${written}`;
      resolve({ ...streams, code, signal, replay });
    });
  });
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const percentiles = {
  p50: expect.any(Number),
  p90: expect.any(Number),
  p99: expect.any(Number),
  p999: expect.any(Number),
  max: expect.any(Number),
};

describe('storm --json', () => {
  it('prints one object with every field of the contract, and nothing else', async () => {
    const run = await stormdrain(['storm', 'steady', '--json', ...SHORT]);
    expect(run.code, run.replay).toBe(0);
    expect(run.stderr, run.replay).toBe('');
    expect(run.stdout.trimEnd().split('\n').length, run.replay).toBe(1);
    expect(JSON.parse(run.stdout), run.replay).toMatchObject({
      schema: 'stormdrain.storm/1',
      profile: 'steady',
      driver: 'vtd',
      seed: SEED,
      elapsedSeconds: expect.any(Number),
      pageRequests: expect.any(Number),
      groups: 5000,
      groupsPerSecond: expect.any(Number),
      responses: { success: 5000, invalid: 0, failure: 0 },
      overflows: 0,
      attaches: expect.any(Number),
      detaches: expect.any(Number),
      groupLatencyUs: percentiles,
      detachLatencyUs: {
        p50: expect.any(Number),
        p99: expect.any(Number),
        max: expect.any(Number),
      },
      lost: 0,
      duplicated: 0,
      violations: [],
    });
  });

  it('draws a seed where none is given, and tells it', async () => {
    const run = await stormdrain(['storm', 'steady', '--json', '--groups', '200']);
    expect(run.code, run.replay).toBe(0);
    expect(JSON.parse(run.stdout).seed, run.replay).toEqual(expect.any(Number));
  });
});

describe('storm', () => {
  it('without a profile runs the recorded processes', async () => {
    const run = await stormdrain(['storm', ...SHORT]);
    expect(run.code, run.replay).toBe(0);
    expect(run.stdout, run.replay).toMatch(/^storm processes {3}driver vtd {3}seed/);
  });

  it('that breaks a property exits 1 with property, seed and the command that runs it again', async () => {
    const profile = file(
      'reuse.yaml',
      'devices: 1\npasids: 2\ngroupPages: { min: 1, max: 1 }\ncredits: 8\ndurationSeconds: 1.5\n',
    );
    const args = ['storm', profile, '--quirk', 'answer-before-unlink', '--seed', String(SEED)];
    const run = await stormdrain(args);
    expect(run.code, run.replay).toBe(1);
    expect(run.stdout, run.replay).toMatch(/VIOLATED S[47]: group \d+/);
    expect(run.stdout, run.replay).toContain(`seed ${SEED}`);
    expect(run.stdout, run.replay).toContain(
      `run it again: npx stormdrain storm ${profile} --quirk answer-before-unlink --seed ${SEED}`,
    );
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('ends cleanly at %s', async (signal) => {
    let interrupted = false;
    const args = ['storm', 'steady', '--duration', '50s', '--json', '--seed', String(SEED)];
    const run = await stormdrain(args, (child, { stderr }) => {
      if (!interrupted && stderr.includes('groups/s')) interrupted = child.kill(signal);
    });
    expect(run.code, run.replay).toBe(130);
    expect(JSON.parse(run.stdout), run.replay).toMatchObject({ interrupted: true, lost: 0 });
  });

  it('tells its progress in plain lines where there is no terminal, and ends cleanly at SIGINT', async () => {
    let interrupted = false;
    const args = ['storm', 'steady', '--duration', '50s', '--json', '--seed', String(SEED)];
    const run = await stormdrain(args, (child, { stderr }) => {
      if (interrupted || !stderr.includes('groups/s')) return;
      interrupted = child.kill('SIGINT');
    });
    expect(run.code, run.replay).toBe(130);
    expect(run.stderr, run.replay).toMatch(
      /^\d+\.\d s {2}[\d,]+ groups\/s {2}in flight [\d,]+ .*\n/,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that must not be there
    expect(run.stderr, run.replay).not.toMatch(/[\r\u001b]/);
    expect(JSON.parse(run.stdout), run.replay).toMatchObject({
      interrupted: true,
      lost: 0,
      duplicated: 0,
      violations: [],
    });
  });

  it('interrupted before its first progress prints its summary all the same', async () => {
    let interrupted = false;
    const args = ['storm', 'steady', '--duration', '50s', '--seed', String(SEED)];
    const run = await stormdrain(args, (child, { threads }) => {
      if (interrupted || threads < 3) return;
      interrupted = child.kill('SIGINT');
    });
    expect(run.code, run.replay).toBe(130);
    expect(run.stdout, run.replay).toContain('interrupted');
    expect(run.stdout, run.replay).toMatch(/ledger +0 lost +0 duplicated +0 violations/);
  });

  it('leaves at once at the second SIGINT', async () => {
    // A drain that lasts: each answer takes 50 ms.
    const slow = file('slow.yaml', 'durationSeconds: 50\nresolverDelayMicroseconds: 50000\n');
    let interrupts = 0;
    const args = ['storm', slow, '--seed', String(SEED)];
    const run = await stormdrain(args, (child, { threads, stderr }) => {
      const due = (threads >= 3 ? 1 : 0) + (stderr.includes('once more') ? 1 : 0);
      if (interrupts < due) {
        interrupts += 1;
        child.kill('SIGINT');
      }
    });
    expect(run.code, run.replay).toBe(130);
    expect(interrupts, run.replay).toBe(2);
    expect(run.stdout, run.replay).toBe('');
  });

  it('whose reader has gone says nothing about it', async () => {
    const run = await stormdrain(['storm', 'steady', ...SHORT], (child) => {
      child.stdout?.destroy();
    });
    expect(run.stderr, run.replay).toBe('');
    expect(run.code, run.replay).toBe(0);
  });
});

it('is started by its name in a clone, as npx does', () => {
  expect(statSync(main).mode & 0o111, '"npm run build" makes it executable').toBe(0o111);
});

describe('a command under way', () => {
  it.each<[string, NodeJS.Signals, readonly string[], (streams: Streams) => boolean]>([
    ['races', 'SIGTERM', ['races', 'run', '--workers', '2'], ({ threads }) => threads > 1],
    ['orders', 'SIGHUP', ['orders', 'vtd', 'detach'], ({ threads }) => threads > 0],
    ['ui', 'SIGTERM', ['ui', '--port', '0'], ({ stdout }) => stdout.includes('http://')],
    ['ui', 'SIGHUP', ['ui', '--port', '0'], ({ stdout }) => stdout.includes('http://')],
  ])('winds up: %s at %s', async (_, signal, args, isUnderWay) => {
    let isTold = false;
    const run = await stormdrain(args, (child, streams) => {
      if (!isTold && isUnderWay(streams)) isTold = child.kill(signal);
    });
    expect(run.code, run.replay).toBe(130);
    expect(run.stderr, run.replay).toBe('stormdrain: stopping; once more to leave at once\n');
  });
});

describe('bad input', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['strom'], /no command "strom"; did you mean "storm"/],
    ['an unknown option', ['storm', '--devcies', '3'], /no option "--devcies"/],
    ['an unknown profile', ['storm', 'staedy'], /no profile "staedy"; did you mean "steady"/],
    ['an unknown recording', ['storm', '--process', 'gzpi'], /no recording "gzpi"/],
    ['an unknown driver', ['storm', '--driver', 'vdt'], /no driver "vdt"/],
    ['an unknown quirk', ['storm', '--quirk', 'skip-ring-drian'], /no quirk "skip-ring-drian"/],
    ['no device', ['storm', '--devices', '0'], /--devices must be a whole number from 1 to 64/],
    ['too many devices', ['storm', '--devices', '65'], /--devices must be .*, but is "65"/],
    ['too many PASIDs', ['storm', '--pasids', '1025'], /--pasids must be .* from 1 to 1024/],
    ['too many workers', ['storm', '--workers', '17'], /--workers must be .* from 0 to 16/],
    ['a negative rate', ['storm', '--rate=-5'], /--rate must be a number above 0/],
    ['two ends', ['storm', '--groups', '5', '--duration', '1s'], /exclude each other/],
    ['a seed that is none', ['storm', '--seed', 'x'], /--seed must be/],
    ['a profile that is not there', ['storm', './none.yaml'], /cannot read .*none\.yaml/],
    [
      'a broken profile',
      ['storm', file('broken.yaml', 'devices: [2\n')],
      /storm profile .*broken\.yaml:\d+ must hold one YAML or JSON document/,
    ],
    [
      'a profile with a bad field',
      ['storm', file('bad.yaml', 'groups: 10\ndevices: 99\n')],
      /bad\.yaml:2: "devices" must be a whole number from 1 to 64, but is 99/,
    ],
    [
      'a profile with an unknown field',
      ['storm', file('odd.yaml', 'groups: 10\ndevcies: 2\n')],
      /odd\.yaml:2: there is no field "devcies"; did you mean "devices"/,
    ],
    [
      'a recording that is no recording',
      ['storm', '--process', file('odd.jsonl', '{"schema":"stormdrain.trace/1"}\n')],
      /process recording .*odd\.jsonl:1: "schema" must be "stormdrain.process\/1"/,
    ],
    [
      'a recording cut off',
      [
        'storm',
        '--process',
        file('cut.jsonl', '{"schema":"stormdrain.process/1","program":"x"}\n'),
      ],
      /process recording .*cut\.jsonl.* must hold "exit" as its last event/,
    ],
  ])(
    'such as %s exits 2 with one sentence, before any thread is started',
    async (_, args, says) => {
      const run = await stormdrain(args);
      expect(run.code, run.replay).toBe(2);
      expect(run.stdout, run.replay).toBe('');
      expect(run.stderr, run.replay).toMatch(/^stormdrain: [^\n]+\n$/);
      expect(run.stderr, run.replay).toMatch(says);
      expect(run.threads, run.replay).toBe(0);
    },
  );

  it('such as a plan that cannot fit into memory exits 2 too', async () => {
    const args = ['storm', '--devices', '64', '--pasids', '1024', '--groups', '10'];
    const run = await stormdrain(args);
    expect(run.code, run.replay).toBe(2);
    expect(run.stdout, run.replay).toBe('');
    expect(run.stderr, run.replay).toMatch(/^stormdrain: [^\n]+\n$/);
    expect(run.threads, run.replay).toBe(0);
  });
});
