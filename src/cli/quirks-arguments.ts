/** The arguments of `quirks`: how the list is printed. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { flag, type OptionTable, readOptions } from './option-table.ts';

export type QuirksArguments = { readonly json: boolean };

export const QUIRKS_OPTIONS: OptionTable<QuirksArguments> = {
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `quirks`; a request for help outweighs every mistake. */
export function readQuirksArguments(
  args: readonly string[],
): Result<QuirksArguments | 'help', BadInput> {
  const read = readOptions('quirks', args, QUIRKS_OPTIONS, { json: false });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'quirks takes options only' });
  }
  return ok(read.value.options);
}

/** What `stormdrain quirks --help` prints. */
export const QUIRKS_HELP = `usage: stormdrain quirks [--json]

Every defect that --quirk switches on, in "storm", "explore" and wherever a driver is named. Each is
one edit of one list of steps, one rule, or one part of a driver.

options
  --json   one JSON object on stdout
  --help   this text
`;
