/** The arguments of `conform`: recordings, and the driver that is to answer as they do. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { flag, type OptionTable, readOptions, text } from './option-table.ts';

type ConformOptions = { readonly driver: string; readonly json: boolean };

export type ConformArguments = ConformOptions & { readonly files: readonly string[] };

const DEFAULTS: ConformOptions = { driver: 'mock@7.3', json: false };

export const CONFORM_OPTIONS: OptionTable<ConformOptions> = {
  '--driver': text((options, driver) => ({ ...options, driver })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `conform`; a request for help outweighs every mistake. */
export function readConformArguments(
  args: readonly string[],
): Result<ConformArguments | 'help', BadInput> {
  const read = readOptions('conform', args, CONFORM_OPTIONS, DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals } = read.value;
  if (positionals.length === 0) {
    return err({ code: 'missing-argument', command: 'conform', takes: 'one or more recordings' });
  }
  return ok({ ...options, files: positionals });
}
