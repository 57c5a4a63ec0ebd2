/** The arguments of `init`: where the starter project goes. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { flag, type OptionTable, readOptions } from './option-table.ts';

type InitOptions = { readonly json: boolean };
export type InitArguments = InitOptions & {
  /** The folder; the one the command is called in unless told. */
  readonly folder: string;
};

export const INIT_OPTIONS: OptionTable<InitOptions> = {
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `init`; a request for help outweighs every mistake. */
export function readInitArguments(
  args: readonly string[],
): Result<InitArguments | 'help', BadInput> {
  const read = readOptions('init', args, INIT_OPTIONS, { json: false });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [folder = '.', surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'init takes one folder' });
  }
  return ok({ ...read.value.options, folder });
}

/** What `stormdrain init --help` prints. */
export const INIT_HELP = `usage: stormdrain init [DIR] [--json]

Makes a project in DIR, which must be empty or not there yet: a driver and a scenario of your own, a
test that explores them, a workflow that runs it on every push. "npm install && npm test" passes.

options
  --json   one JSON object on stdout
  --help   this text
`;
