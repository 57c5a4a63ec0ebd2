/** The command line as a checked request: which command, and what it is told. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { COMMANDS } from './commands.ts';
import { type ConformArguments, readConformArguments } from './conform-arguments.ts';
import { readStormArguments, type StormArguments } from './storm-arguments.ts';

export type Invocation =
  | { readonly kind: 'general-help' }
  | { readonly kind: 'storm-help' }
  | { readonly kind: 'conform-help' }
  | { readonly kind: 'conform'; readonly conform: ConformArguments }
  | { readonly kind: 'version' }
  | { readonly kind: 'storm'; readonly storm: StormArguments };

/** Options that stand before any command. */
const GENERAL_OPTIONS = ['--help', '--version'];

/** Reads `args`, which is argv without the executables. */
export function readArguments(args: readonly string[]): Result<Invocation, BadInput> {
  const [first, ...rest] = args;
  switch (first) {
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      return ok({ kind: 'general-help' });
    case '--version':
      return ok({ kind: 'version' });
    case 'storm': {
      const storm = readStormArguments(rest);
      if (!storm.ok) return storm;
      return ok(
        storm.value === 'help' ? { kind: 'storm-help' } : { kind: 'storm', storm: storm.value },
      );
    }
    case 'conform': {
      const conform = readConformArguments(rest);
      if (!conform.ok) return conform;
      return ok(
        conform.value === 'help'
          ? { kind: 'conform-help' }
          : { kind: 'conform', conform: conform.value },
      );
    }
    default:
      return refused(first);
  }
}

function refused(first: string): Result<never, BadInput> {
  if (first.startsWith('-')) return err(noSuchName('option', first, GENERAL_OPTIONS));
  const pending = COMMANDS.some(({ name, built }) => name === first && !built);
  if (pending) {
    const instead = 'see "stormdrain --help" for what is';
    return err({ code: 'not-built', what: `the command "${first}"`, instead });
  }
  const names = COMMANDS.map(({ name }) => name);
  return err(noSuchName('command', first, names));
}
