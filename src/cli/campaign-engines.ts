/** The engines a campaign may be run by: threads of this process, or hosts that share a Redis. */
import { availableParallelism } from 'node:os';
import type { CampaignRun } from '../campaign/campaign-folder.ts';
import type { Engine } from '../campaign/engine.ts';
import { localEngine } from '../campaign/local-engine.ts';
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { CampaignArguments } from './campaign-arguments.ts';
import { commandLineOf } from './option-table.ts';
import { withoutPassword } from './redis-option.ts';

/** Nothing is begun yet, but a Redis that is asked for has been reached. */
export async function engineFor(
  { engine, workers, redis }: CampaignArguments,
  run: CampaignRun,
  note: (sentence: string) => void,
): Promise<Result<Engine, BadInput>> {
  if (engine === 'local') return ok(localEngine(workers ?? availableParallelism()));
  const { connectRedis } = await import('../campaign/redis.ts');
  const { bullmqEngine } = await import('../campaign/bullmq-engine.ts');
  const connection = await connectRedis(redis, note);
  if (!connection.ok) return connection;
  const start = commandLineOf(['worker', '--redis', withoutPassword(redis)]);
  return ok(bullmqEngine(run, connection.value, start));
}
