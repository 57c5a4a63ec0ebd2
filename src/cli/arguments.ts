/** The command line as a checked request: which command, and what it is told. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { readCampaignArguments } from './campaign-arguments.ts';
import { readChartsArguments } from './charts-arguments.ts';
import { COMMANDS } from './commands.ts';
import { readCompletionArguments } from './completion-arguments.ts';
import { readConformArguments } from './conform-arguments.ts';
import { readExploreArguments } from './explore-arguments.ts';
import { readImportArguments } from './import-arguments.ts';
import { readInitArguments } from './init-arguments.ts';
import { readOrdersArguments } from './orders-arguments.ts';
import { readQuirksArguments } from './quirks-arguments.ts';
import { readRacesArguments } from './races-arguments.ts';
import { readReplayArguments } from './replay-arguments.ts';
import { readStormArguments } from './storm-arguments.ts';
import { readUiArguments } from './ui-arguments.ts';
import { readValidateArguments } from './validate-arguments.ts';
import { readWorkerArguments } from './worker-arguments.ts';

/** Readers of what follows the name of a command. */
const READERS = {
  storm: readStormArguments,
  explore: readExploreArguments,
  races: readRacesArguments,
  quirks: readQuirksArguments,
  replay: readReplayArguments,
  orders: readOrdersArguments,
  conform: readConformArguments,
  validate: readValidateArguments,
  import: readImportArguments,
  charts: readChartsArguments,
  ui: readUiArguments,
  campaign: readCampaignArguments,
  worker: readWorkerArguments,
  init: readInitArguments,
  completion: readCompletionArguments,
} as const;

type Readers = typeof READERS;
export type CommandName = keyof Readers;
type Read<Name extends CommandName> =
  ReturnType<Readers[Name]> extends Result<infer Value, BadInput> ? Value : never;
/** What a command is told. */
export type ArgumentsOf<Name extends CommandName> = Exclude<Read<Name>, 'help'>;

/** The arguments of a command lie under its name. */
export type Invocation =
  | { readonly kind: 'general-help' | 'version' | `${CommandName}-help` }
  | {
      readonly [Name in CommandName]: { readonly kind: Name } & {
        readonly [Of in Name]: ArgumentsOf<Of>;
      };
    }[CommandName];

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
    default:
      return isCommand(first) ? readFor(first, rest) : refused(first);
  }
}

export const isCommand = (name: string): name is CommandName => Object.hasOwn(READERS, name);

function readFor(name: CommandName, rest: readonly string[]): Result<Invocation, BadInput> {
  const read = READERS[name](rest);
  if (!read.ok) return read;
  if (read.value === 'help') return ok({ kind: `${name}-help` });
  return ok({ kind: name, [name]: read.value } as Invocation); // the reader of that name read it
}

function refused(first: string): Result<never, BadInput> {
  if (first.startsWith('-')) return err(noSuchName('option', first, GENERAL_OPTIONS));
  const names = COMMANDS.map(({ name }) => name);
  return err(noSuchName('command', first, names));
}
