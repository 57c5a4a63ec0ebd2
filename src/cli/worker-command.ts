/**
 * The `worker` command: does jobs of campaigns at a Redis until it is interrupted.
 *
 * Effects: threads, a connection, and a line on stderr for whatever begins or ends.
 */
import { availableParallelism } from 'node:os';
import { workOnCampaigns } from '../campaign/bullmq-worker.ts';
import { modelVersion } from '../campaign/model-version.ts';
import { connectRedis } from '../campaign/redis.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { withoutPassword } from './redis-option.ts';
import type { Environment } from './storm-command.ts';
import type { WorkerArguments } from './worker-arguments.ts';

export async function workerCommand(
  { redis, workers = availableParallelism() }: WorkerArguments,
  { stderr, signal }: Pick<Environment, 'stderr' | 'signal'>,
): Promise<Result<ExitCode, BadInput>> {
  const note = (sentence: string): void => stderr.write(`stormdrain: ${sentence}\n`);
  const model = modelVersion();
  const connection = await connectRedis(redis, note);
  if (!connection.ok) return connection;
  note(`model ${model}, ${workers} jobs at once, waits for campaigns at ${withoutPassword(redis)}`);
  const end = await workOnCampaigns(connection.value, { model, workers, signal, note });
  if (end.kind === 'interrupted') return ok(EXIT.interrupted);
  const what = `the campaign ${end.campaign}`;
  return err({ code: 'other-model', what, model: end.model, current: model });
}
