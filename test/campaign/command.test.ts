/**
 * Goal:   `campaign` and `worker` keep their contract: JSON fields, exit codes, one sentence on stderr, clean interrupts.
 * Method: child processes of the built program, and a real Redis where one is spoken to.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { Child } from '../../load/kill-matrix/child.ts';
import { RedisServer } from '../../load/kill-matrix/redis-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-campaign-'));
const runs = join(folder, 'runs');
const small = join(folder, 'small.yaml');
const long = join(folder, 'long.yaml');
writeFileSync(
  small,
  'explorations:\n  - scenarios: [no-handler]\n    drivers: [vtd, vtd@7.3]\n  - scenarios: [no-handler]\n    strategies: [surw]\n    seeds: 2\n    walks: 5\n',
);
writeFileSync(
  long,
  'explorations:\n  - scenarios: [no-handler]\n  - scenarios: [exit-unbind]\n    strategies: [surw]\n    seeds: 400\n    walks: 1000\n',
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const campaign = (...args: string[]): Child =>
  new Child(['campaign', '--runs', runs, '--workers', '1', ...args]);
const idOf = (stderr: string): string => /campaign ([\w-]+):/.exec(stderr)?.[1] ?? '';

async function said(child: Child, text: string): Promise<void> {
  await expect.poll(() => child.stderr, { timeout: 30_000 }).toContain(text);
}

describe('campaign --json', () => {
  it('prints one object with every field of the contract, and keeps what it found', async () => {
    const { code, stdout, stderr } = await campaign(small, '--json').ended;
    expect(stdout.trimEnd().split('\n').length).toBe(1);
    const report = JSON.parse(stdout);
    expect(report, stderr).toMatchObject({
      schema: 'stormdrain.campaign/1',
      id: idOf(stderr),
      name: 'small',
      jobs: 4,
      done: 4,
      failed: 0,
      interrupted: false,
      explorations: { verdicts: { clean: 1, walked: 2, violated: 1 } },
      violations: [
        {
          scenario: 'no-handler',
          driver: 'vtd@7.3',
          property: 'S2',
          jobs: 1,
          trace: expect.stringMatching(/^traces\//),
        },
      ],
    });
    expect(code).toBe(1);
    const run = join(runs, report.id);
    const trace = join(run, report.violations[0].trace);
    const replayed = await new Child(['replay', trace, '--json']).ended;
    expect(JSON.parse(replayed.stdout)).toMatchObject({ matched: true });
    const coverage = JSON.parse(readFileSync(join(run, 'coverage.json'), 'utf8'));
    expect(coverage[0]).toMatchObject({ schema: 'stormdrain.coverage/1' });
  });
});

describe('campaign', () => {
  it('interrupted exits 130, says how to go on, and goes on with the same report', async () => {
    const first = campaign(long);
    await said(first, 'go on with it');
    const results = join(runs, idOf(first.stderr), 'results.jsonl');
    await expect
      .poll(() => (existsSync(results) ? readFileSync(results, 'utf8').length : 0), {
        timeout: 30_000,
      })
      .toBeGreaterThan(100);
    first.signal('SIGINT');
    const { code, stdout } = await first.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/jobs {6}\d+ of 401 done/);
    expect(stdout).toContain(
      `go on with it: npx stormdrain campaign --resume ${idOf(first.stderr)}`,
    );
  });

  it.each([
    [['--resume', 'no-such'], /there is no campaign run "no-such"/],
    [['--resume', '../../etc'], /there is no campaign run "..\/..\/etc"/],
    [['nightl'], /there is no campaign "nightl"; did you mean "nightly"/],
    [[], /campaign needs a campaign file/],
    [[small, '--engine', 'kafka'], /--engine must be one of local, bullmq/],
    [[small, '--redis', 'redis://x'], /--redis and --engine local exclude each other/],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { code, stderr, stdout } = await campaign(...args).ended;
    expect([code, stdout], stderr).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });

  it('refuses a run of another model, and a run with other jobs than the file has', async () => {
    const { stderr } = await campaign(small).ended;
    const id = idOf(stderr);
    const other = await campaign(long, '--resume', id).ended;
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/was begun with other jobs than/),
    ]);
    const file = join(runs, id, 'campaign.json');
    const run = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...run, model: '0123456789abcdef' }));
    const older = await campaign('--resume', id).ended;
    expect([older.code, older.stderr]).toEqual([
      2,
      expect.stringMatching(/is of version 0123456789abcdef of the model, but this program is/),
    ]);
    writeFileSync(file, '{"schema":');
    const broken = await campaign('--resume', id).ended;
    expect([broken.code, broken.stderr]).toEqual([
      2,
      expect.stringMatching(/campaign.json must hold one JSON object/),
    ]);
  });
});

describe('with Redis', () => {
  it('that is not there, both commands say so and end', async () => {
    const url = 'redis://127.0.0.1:1';
    const args = [small, '--engine', 'bullmq', '--redis', url];
    for (const child of [
      new Child(['campaign', '--runs', runs, ...args]),
      new Child(['worker', '--redis', url]),
    ]) {
      const { code, stderr } = await child.ended;
      expect(code).toBe(2);
      expect(stderr).toContain('cannot reach Redis at 127.0.0.1:1: connect ECONNREFUSED');
      expect(stderr).not.toMatch(/\n {4}at /);
    }
  });

  it('a worker of another model is refused, and one of the same does the jobs', async () => {
    const redis = await RedisServer.start(folder);
    try {
      const { default: Redis } = await import('ioredis');
      const client = new Redis.Redis(redis.url);
      await client.sadd('stormdrain:campaigns', 'older-1');
      await client.set('stormdrain:campaign:older-1', '0123456789abcdef');
      const refused = await new Child(['worker', '--redis', redis.url]).ended;
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/the campaign older-1 is of version 0123456789abcdef of the model/),
      ]);

      const coordinator = new Child([
        'campaign',
        small,
        '--runs',
        runs,
        '--engine',
        'bullmq',
        '--redis',
        redis.url,
        '--json',
      ]);
      await said(coordinator, 'no worker is there; start one: npx stormdrain worker --redis');
      const worker = new Child(['worker', '--redis', redis.url, '--workers', '1']);
      const { code, stdout } = await coordinator.ended;
      expect([code, JSON.parse(stdout).done]).toEqual([1, 4]);
      await said(worker, 'the campaign older-1 is refused: it needs model 0123456789abcdef');
      await said(worker, 'is over');
      expect(await client.keys('bull:stormdrain-*')).toEqual([]);
      worker.signal('SIGINT');
      expect((await worker.ended).code).toBe(130);
      client.disconnect();
    } finally {
      await redis.stop('killed');
    }
  });

  it('a job and a result that somebody else wrote are refused by their schema', async () => {
    const redis = await RedisServer.start(folder);
    const coordinator = new Child([
      'campaign',
      small,
      '--runs',
      runs,
      '--engine',
      'bullmq',
      '--redis',
      redis.url,
      '--json',
    ]);
    try {
      await said(coordinator, 'jobs, kept in');
      const { Queue, Worker } = await import('bullmq');
      const connection = { url: redis.url };
      const queue = `stormdrain-${idOf(coordinator.stderr)}`;
      const forger = new Worker(queue, async () => ({ outcome: 'all is well' }), { connection });
      const { code, stdout } = await coordinator.ended;
      await forger.close();
      expect(code).toBe(3);
      const { done, failures } = JSON.parse(stdout);
      expect(done).toBe(0);
      expect(failures[0].sentence).toBe('a worker answered with something that is no record of it');

      const { default: Redis } = await import('ioredis');
      const client = new Redis.Redis(redis.url);
      const model = JSON.parse(stdout).model;
      await client.sadd('stormdrain:campaigns', 'forged-1');
      await client.set('stormdrain:campaign:forged-1', model);
      client.disconnect();
      const forged = new Queue('stormdrain-forged-1', { connection });
      const job = await forged.add('job', {
        key: 'x',
        model,
        secondsMax: 9,
        job: { kind: 'shell', command: 'touch /tmp/forged' },
      });
      const worker = new Child(['worker', '--redis', redis.url, '--workers', '1']);
      await expect.poll(() => job.getState(), { timeout: 30_000 }).toBe('failed');
      expect((await forged.getJob(job.id ?? ''))?.failedReason).toMatch(/^not a job: job.kind/);
      await forged.close();
      await worker.kill();
    } finally {
      await coordinator.kill();
      await redis.stop('killed');
    }
  });
});

it('leaves nothing unfinished behind', () => {
  const left = readdirSync(runs, { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
});
