/** The arguments of `worker`: whose jobs, and how many at once. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { wholeNumber } from '../scenarios/field-check.ts';
import { checkedBy, flag, type OptionTable, readOptions } from './option-table.ts';
import { parseCount } from './option-value.ts';
import { REDIS_DEFAULT, redisUrl } from './redis-option.ts';

const WORKERS_MAX = 64;

export type WorkerArguments = {
  readonly redis: string;
  /** Jobs at once; undefined: as many as there are processors. */
  readonly workers: number | undefined;
};

export const WORKER_OPTIONS: OptionTable<WorkerArguments> = {
  '--redis': redisUrl((options, redis) => ({ ...options, redis })),
  '--workers': checkedBy(parseCount, wholeNumber(1, WORKERS_MAX), (options, workers) => ({
    ...options,
    workers,
  })),
  '--help': flag((options) => options),
};

/** Reads what follows `worker`; a request for help outweighs every mistake. */
export function readWorkerArguments(
  args: readonly string[],
): Result<WorkerArguments | 'help', BadInput> {
  const defaults: WorkerArguments = { redis: REDIS_DEFAULT, workers: undefined };
  const read = readOptions('worker', args, WORKER_OPTIONS, defaults);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'worker takes options only' });
  }
  return ok(read.value.options);
}
