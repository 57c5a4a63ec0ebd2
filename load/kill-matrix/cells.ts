/**
 * The cells of the kill matrix: who is killed, and when; each is a way to disturb a campaign and to see it through.
 *
 * Policy: moments are drawn from a seed and told in records kept so far, since times mean little on a busy machine.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Prng } from '../../src/core/prng.ts';
import type { Child } from './child.ts';
import type { DisturbedCampaign } from './disturbed-campaign.ts';
import type { RedisServer } from './redis-server.ts';

export const MOMENTS = [
  'before the first result',
  'in the middle',
  'before the last result',
] as const;
export type Moment = (typeof MOMENTS)[number];

export type Scene = {
  readonly campaign: DisturbedCampaign;
  /** Of rows that need one. */
  readonly redis: RedisServer | undefined;
  readonly chance: Prng;
};

export type Row = {
  readonly id: string;
  readonly who: string;
  readonly needsRedis: boolean;
  readonly moments: readonly Moment[];
  /** Disturbs the campaign at the moment; returns the coordinator that is to end it. */
  readonly disturb: (scene: Scene, moment: Moment) => Promise<Child>;
};

/** Longer than a worker's lease on a job. */
const LONGER_THAN_A_LEASE = 8000;
const A_WHILE = 4000;
const MIDDLE: readonly Moment[] = ['in the middle'];

export const ROWS: readonly Row[] = [
  local(
    'coordinator',
    'the coordinator, on its own threads',
    MOMENTS,
    async ({ campaign }, until) => {
      const first = campaign.coordinator();
      await until();
      await struck(first);
      return campaign.coordinator();
    },
  ),
  local(
    'torn',
    'the coordinator, and its last line is cut',
    MIDDLE,
    async ({ campaign }, until) => {
      const first = campaign.coordinator();
      await until();
      await struck(first);
      campaign.tear();
      return campaign.coordinator();
    },
  ),
  local('again', 'the coordinator, three times', MIDDLE, async ({ campaign, chance }) => {
    for (const third of [0, 1, 2]) {
      const coordinator = campaign.coordinator();
      await campaign.until(1 + third * 6 + chance.below(5));
      await struck(coordinator);
    }
    return campaign.coordinator();
  }),
  local('interrupted', 'the coordinator, by Ctrl-C', MOMENTS, async ({ campaign }, until) => {
    const first = campaign.coordinator();
    await until();
    first.signal('SIGINT');
    const { code } = await first.ended;
    if (code !== 130 && code !== 1) throw new Error(`Ctrl-C ended it with ${code}`);
    return campaign.coordinator();
  }),
  local('two', 'nobody; two coordinators at once', MIDDLE, async ({ campaign }, until) => {
    const first = campaign.coordinator();
    await until();
    const second = campaign.coordinator();
    await first.ended;
    return second;
  }),
  shared(
    'coordinator-redis',
    'the coordinator; a worker goes on',
    MOMENTS,
    async ({ campaign }, until) => {
      const first = campaign.coordinator();
      await until();
      await struck(first);
      return campaign.coordinator();
    },
  ),
  shared('worker', 'one worker of two', MOMENTS, async ({ campaign }, until, worker) => {
    campaign.worker();
    const coordinator = campaign.coordinator();
    await until();
    await struck(worker);
    return coordinator;
  }),
  shared('workers', 'every worker; another comes', MOMENTS, async ({ campaign }, until, worker) => {
    const coordinator = campaign.coordinator();
    await until();
    await struck(worker);
    campaign.worker();
    return coordinator;
  }),
  shared(
    'worker-frozen',
    'a worker, frozen beyond its lease',
    MIDDLE,
    async ({ campaign }, until, worker) => {
      const coordinator = campaign.coordinator();
      await until();
      worker.signal('SIGSTOP');
      campaign.worker();
      await pause(LONGER_THAN_A_LEASE);
      worker.signal('SIGCONT');
      return coordinator;
    },
  ),
  shared(
    'worker-interrupted',
    'a worker, by Ctrl-C',
    MIDDLE,
    async ({ campaign }, until, worker) => {
      const coordinator = campaign.coordinator();
      await until();
      worker.signal('SIGINT');
      const { code } = await worker.ended;
      if (code !== 130) throw new Error(`Ctrl-C ended the worker with ${code}`);
      campaign.worker();
      return coordinator;
    },
  ),
  withRedis('redis-restarted', 'Redis, restarted with its data', MOMENTS, async (redis) => {
    await redis.stop('saving');
    await redis.start();
  }),
  withRedis('redis-lost', 'Redis, killed; its data is lost', MOMENTS, async (redis) => {
    await redis.stop('killed');
    redis.forget();
    await redis.start();
  }),
  withRedis('redis-old', 'Redis, killed; it comes back with old data', MIDDLE, async (redis) => {
    await redis.save();
    await pause(A_WHILE / 2);
    await redis.stop('killed');
    await redis.start();
  }),
  withRedis('redis-gone', 'Redis, gone for a while', MIDDLE, async (redis) => {
    await redis.stop('killed');
    redis.forget();
    await pause(A_WHILE);
    await redis.start();
  }),
  withRedis('redis-frozen', 'Redis, frozen beyond every lease', MIDDLE, async (redis) => {
    redis.signal('SIGSTOP');
    await pause(LONGER_THAN_A_LEASE);
    redis.signal('SIGCONT');
  }),
  shared(
    'everything',
    'coordinator, worker and Redis at once',
    MOMENTS,
    async (scene, until, worker) => {
      const { campaign, redis } = scene;
      const coordinator = campaign.coordinator();
      await until();
      await Promise.all([struck(coordinator), struck(worker), redis?.stop('killed')]);
      redis?.forget();
      await redis?.start();
      campaign.worker();
      return campaign.coordinator();
    },
  ),
  shared(
    'other-engine',
    'everything; its threads end it alone',
    MIDDLE,
    async (scene, until, worker) => {
      const { campaign, redis } = scene;
      const coordinator = campaign.coordinator();
      await until();
      await Promise.all([struck(coordinator), struck(worker), redis?.stop('killed')]);
      return campaign.coordinator('local');
    },
  ),
];

/** @throws Error when it had ended before: then nothing was disturbed. */
async function struck(child: Child): Promise<void> {
  if (!(await child.kill())) throw new Error('it had ended before it could be killed');
}

type Until = () => Promise<void>;

function local(
  id: string,
  who: string,
  moments: readonly Moment[],
  disturb: (scene: Scene, until: Until) => Promise<Child>,
): Row {
  return {
    ...{ id, who, moments },
    needsRedis: false,
    disturb: (scene, moment) => disturb(scene, () => untilMoment(scene, moment)),
  };
}

/** With one worker, which is there before the campaign begins. */
function shared(
  id: string,
  who: string,
  moments: readonly Moment[],
  disturb: (scene: Scene, until: Until, worker: Child) => Promise<Child>,
): Row {
  return {
    ...{ id, who, moments },
    needsRedis: true,
    disturb: (scene, moment) => {
      const worker = scene.campaign.worker();
      return disturb(scene, () => untilMoment(scene, moment), worker);
    },
  };
}

function withRedis(
  id: string,
  who: string,
  moments: readonly Moment[],
  strike: (redis: RedisServer) => Promise<void>,
): Row {
  return shared(id, who, moments, async ({ campaign, redis }, until) => {
    const coordinator = campaign.coordinator();
    await until();
    if (redis !== undefined) await strike(redis);
    return coordinator;
  });
}

async function untilMoment({ campaign, chance }: Scene, moment: Moment): Promise<void> {
  await campaign.until(0);
  const jobs = campaign.jobs();
  switch (moment) {
    case 'before the first result':
      // Somewhere between the first file on the disk and the first job at work.
      return pause(chance.below(600));
    case 'in the middle':
      await campaign.until(Math.floor(jobs / 4) + chance.below(Math.floor(jobs / 2)));
      return pause(chance.below(100));
    case 'before the last result':
      // The last jobs are storms, so one of them is under way.
      await campaign.until(jobs - 2);
      return pause(chance.below(100));
  }
}
