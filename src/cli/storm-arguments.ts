/**
 * The arguments of `storm`: a profile, and what to change about it.
 *
 * Policy: names of profiles, recordings, drivers and quirks are looked up later.
 */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { STORM_OPTIONS, type StormOptions } from './storm-options.ts';

/** The profile of a storm that is given none. */
const PROFILE_DEFAULT = 'processes';
const HELP_NAMES = ['--help', '-h'];
const OPTION_NAMES = Object.keys(STORM_OPTIONS);

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
  const tokens = tokensOf(args);
  if (tokens.some((token) => token.kind === 'option' && HELP_NAMES.includes(token.rawName))) {
    return ok('help');
  }
  let options: StormOptions = { overrides: {}, seed: undefined, json: false };
  let profile: string | undefined;
  const repeat: string[] = [];
  const given = new Set<string>();

  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (profile !== undefined) {
        const takes = 'storm takes one profile';
        return err({ code: 'surplus-argument', argument: token.value, takes });
      }
      profile = token.value;
      repeat.push(profile);
      continue;
    }
    const { rawName, value } = token;
    const row = Object.hasOwn(STORM_OPTIONS, rawName) ? STORM_OPTIONS[rawName] : undefined;
    if (row === undefined) return err(noSuchName('option', rawName, OPTION_NAMES));
    const next = row.apply(options, rawName, value);
    if (!next.ok) return next;
    options = next.value;
    given.add(rawName);
    if (rawName !== '--seed') repeat.push(rawName, ...(value === undefined ? [] : [value]));
  }
  if (given.has('--groups') && given.has('--duration')) {
    return err({ code: 'conflicting-options', options: ['--groups', '--duration'] });
  }
  return ok({ ...options, profile: profile ?? PROFILE_DEFAULT, repeat });
}

/** Node's tokenizer without its own checks, whose errors suggest nothing. */
const tokensOf = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(STORM_OPTIONS).map(([name, { takes }]) => [
        name.slice(2),
        { type: takes === 'value' ? ('string' as const) : ('boolean' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
