/**
 * Redis: the connection hosts share, and the two optional packages that speak to it, loaded only when asked for.
 *
 * Policy: a Redis that can't be reached at first is the user's mistake; one that was reached and is gone is waited for.
 */
import type * as BullMq from 'bullmq';
import type { Redis } from 'ioredis';

import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';

export type RedisConnection = {
  readonly bullmq: typeof BullMq;
  readonly redis: Redis;
  /** For connections of their own, which wait for Redis as long as it takes. */
  readonly options: BullMq.ConnectionOptions;
  /** Ends it at once; commands that wait for Redis are given up. */
  readonly close: () => void;
};

const CONNECT_MILLISECONDS = 5000;
const RETRY_MILLISECONDS_MAX = 1000;

/** `note` is told when Redis goes and when it is back. */
export async function connectRedis(
  url: string,
  note: (sentence: string) => void,
): Promise<Result<RedisConnection, BadInput>> {
  let bullmq: typeof BullMq;
  let Connection: typeof Redis;
  try {
    bullmq = await import('bullmq');
    Connection = (await import('ioredis')).Redis;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const packages = ['bullmq', 'ioredis'];
    return err({ code: 'missing-package', what: 'a campaign on several hosts', packages });
  }
  const where = new URL(url);
  const options = {
    host: where.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(where.port || 6379),
    ...(where.username === '' ? {} : { username: decodeURIComponent(where.username) }),
    ...(where.password === '' ? {} : { password: decodeURIComponent(where.password) }),
    ...(where.protocol === 'rediss:' ? { tls: {} } : {}),
    db: Number(where.pathname.slice(1)) || 0,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(times * 50, RETRY_MILLISECONDS_MAX),
  };
  const redis = new Connection({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
  });
  let last = 'no answer';
  redis.on('error', (error: Error) => {
    last = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const reason =
      error instanceof Error && error.message !== 'Connection is closed.' ? error.message : last;
    return err({ code: 'unreachable', what: `Redis at ${where.host}`, reason });
  }
  let isAway = false;
  redis.on('close', () => {
    if (!isAway) note(`Redis at ${where.host} is gone; waiting for it`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) note(`Redis at ${where.host} is back`);
    isAway = false;
  });
  const close = (): void => {
    redis.removeAllListeners('close');
    redis.disconnect();
  };
  return ok({ bullmq, redis, options, close });
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
