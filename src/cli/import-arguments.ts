/** The arguments of `import`: a capture, and where to put what is made of it. */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';

export type ImportArguments = {
  readonly file: string;
  /** Undefined: nothing is written. */
  readonly folder: string | undefined;
  readonly json: boolean;
};

const OPTIONS = {
  out: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
const OPTION_NAMES = Object.keys(OPTIONS).map((name) => `--${name}`);

/** Reads what follows `import`; a request for help outweighs every mistake. */
export function readImportArguments(
  args: readonly string[],
): Result<ImportArguments | 'help', BadInput> {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return ok('help');
  let file: string | undefined;
  let folder: string | undefined;
  let json = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (file !== undefined) {
        const takes = 'import takes one capture';
        return err({ code: 'surplus-argument', argument: token.value, takes });
      }
      file = token.value;
      continue;
    }
    switch (token.name) {
      case 'out':
        if (token.value === undefined || token.value === '') {
          return err({ code: 'missing-argument', after: '--out', takes: 'a folder' });
        }
        folder = token.value;
        break;
      case 'json':
        if (token.value !== undefined) {
          const takes = '--json takes no value';
          return err({ code: 'surplus-argument', argument: token.value, takes });
        }
        json = true;
        break;
      default:
        return err(noSuchName('option', token.rawName, OPTION_NAMES));
    }
  }
  if (file === undefined) {
    return err({ code: 'missing-argument', after: 'import', takes: 'the file of a capture' });
  }
  return ok({ file, folder, json });
}
