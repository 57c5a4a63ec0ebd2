/**
 * The arguments of `conform`: recordings, and the driver that is to answer as they do.
 */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';

export type ConformArguments = {
  readonly files: readonly string[];
  readonly driver: string;
  readonly json: boolean;
};

const DRIVER_DEFAULT = 'mock@7.3';
const HELP_NAMES = ['--help', '-h'];
const OPTION_NAMES = ['--driver', '--json', '--help'];

/** Reads what follows `conform`; a request for help outweighs every mistake. */
export function readConformArguments(
  args: readonly string[],
): Result<ConformArguments | 'help', BadInput> {
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      driver: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === 'option' && HELP_NAMES.includes(token.rawName))) {
    return ok('help');
  }
  const files: string[] = [];
  let driver = DRIVER_DEFAULT;
  let json = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') files.push(token.value);
    else if (token.rawName === '--json') json = true;
    else if (token.rawName === '--driver') {
      if (token.value === undefined) {
        const expected = 'followed by a name';
        return err({ code: 'bad-option', option: '--driver', expected, got: 'alone' });
      }
      driver = token.value;
    } else return err(noSuchName('option', token.rawName, OPTION_NAMES));
  }
  if (files.length === 0) {
    return err({ code: 'missing-argument', takes: 'conform takes one or more recordings' });
  }
  return ok({ files, driver, json });
}
