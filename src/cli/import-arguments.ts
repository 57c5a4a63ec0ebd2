/** The arguments of `import`: a capture, and where to put what is made of it. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { flag, type OptionTable, readOptions, text } from './option-table.ts';

type ImportOptions = {
  /** Undefined: nothing is written. */
  readonly folder: string | undefined;
  readonly json: boolean;
};

export type ImportArguments = ImportOptions & { readonly file: string };

export const IMPORT_OPTIONS: OptionTable<ImportOptions> = {
  '--out': text((options, folder) => ({ ...options, folder })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `import`; a request for help outweighs every mistake. */
export function readImportArguments(
  args: readonly string[],
): Result<ImportArguments | 'help', BadInput> {
  const read = readOptions('import', args, IMPORT_OPTIONS, { folder: undefined, json: false });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [file, surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'import takes one capture' });
  }
  if (file === undefined) {
    return err({ code: 'missing-argument', command: 'import', takes: 'the file of a capture' });
  }
  return ok({ ...read.value.options, file });
}
