/** The arguments of `storm`: a profile, and what to change about it. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { INSPECT_NOWHERE } from './inspect-options.ts';
import { conflictAmong, readOptions } from './option-table.ts';
import { STORM_OPTIONS, type StormOptions } from './storm-options.ts';

/** The profile of a storm that is given none. */
const PROFILE_DEFAULT = 'processes';

export type StormArguments = StormOptions & {
  /** A name or a path. */
  readonly profile: string;
  /** The same arguments but for the seed: what to type to run the storm again. */
  readonly repeat: readonly string[];
};

/** Reads what follows `storm`; a request for help outweighs every mistake. */
export function readStormArguments(
  args: readonly string[],
): Result<StormArguments | 'help', BadInput> {
  const read = readOptions<StormOptions>('storm', args, STORM_OPTIONS, {
    overrides: {},
    seed: undefined,
    json: false,
    ...INSPECT_NOWHERE,
  });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals, given, repeat } = read.value;
  const [profile, surplus] = positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'storm takes one profile' });
  }
  const conflict = conflictAmong(given, '--groups', '--duration');
  if (conflict !== undefined) return conflict;
  return ok({ ...options, profile: profile ?? PROFILE_DEFAULT, repeat });
}
