/** The arguments of `campaign`: a file, or a run to go on with, and who is to do the jobs. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { oneOf, wholeNumber } from '../scenarios/field-check.ts';
import {
  checkedBy,
  conflictAmong,
  flag,
  type OptionTable,
  readOptions,
  text,
} from './option-table.ts';
import { parseCount, parseSeed, seedCheck } from './option-value.ts';
import { REDIS_DEFAULT, redisUrl } from './redis-option.ts';

const WORKERS_MAX = 64;

export type CampaignOptions = {
  readonly engine: 'local' | 'bullmq';
  readonly redis: string;
  /** The run to go on with. */
  readonly resume: string | undefined;
  /** The folder that runs are kept in. */
  readonly runs: string;
  /** Jobs at once, on this host; undefined: as many as there are processors. */
  readonly workers: number | undefined;
  /** Where seeds begin that the file gives no beginning. */
  readonly seed: number;
  /** Modules that the file may name: their code is run. */
  readonly from: readonly string[];
  readonly json: boolean;
};

export type CampaignArguments = CampaignOptions & {
  /** A name or a path; undefined only where a run is gone on with. */
  readonly file: string | undefined;
};

const DEFAULTS: CampaignOptions = {
  engine: 'local',
  redis: REDIS_DEFAULT,
  resume: undefined,
  runs: 'runs',
  workers: undefined,
  seed: 1,
  from: [],
  json: false,
};

export const CAMPAIGN_OPTIONS: OptionTable<CampaignOptions> = {
  '--engine': checkedBy(
    (value) => value,
    oneOf(['local', 'bullmq'] as const),
    (options, engine) => ({ ...options, engine }),
  ),
  '--redis': redisUrl((options, redis) => ({ ...options, redis })),
  '--resume': text((options, resume) => ({ ...options, resume })),
  '--runs': text((options, runs) => ({ ...options, runs })),
  '--workers': checkedBy(parseCount, wholeNumber(1, WORKERS_MAX), (options, workers) => ({
    ...options,
    workers,
  })),
  '--seed': checkedBy(parseSeed, seedCheck, (options, seed) => ({ ...options, seed })),
  '--from': text((options, file) => ({ ...options, from: [...options.from, file] })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `campaign`; a request for help outweighs every mistake. */
export function readCampaignArguments(
  args: readonly string[],
): Result<CampaignArguments | 'help', BadInput> {
  const read = readOptions('campaign', args, CAMPAIGN_OPTIONS, DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals, given } = read.value;
  const [file, surplus] = positionals;
  if (surplus !== undefined) {
    const takes = 'campaign takes one file';
    return err({ code: 'surplus-argument', argument: surplus, takes });
  }
  if (file === undefined && options.resume === undefined) {
    return err({ code: 'missing-argument', command: 'campaign', takes: 'a campaign file' });
  }
  if (given.has('--redis') && options.engine === 'local') {
    return err({ code: 'conflicting-options', options: ['--redis', '--engine local'] });
  }
  if (given.has('--workers') && options.engine === 'bullmq') {
    return err({ code: 'conflicting-options', options: ['--workers', '--engine bullmq'] });
  }
  // A run that is gone on with has its seeds.
  const conflict = conflictAmong(given, '--resume', '--seed');
  return conflict ?? ok({ ...options, file });
}
