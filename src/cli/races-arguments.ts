/** The arguments of `races`: the list, or which races to run and how far. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { wholeNumber } from '../scenarios/field-check.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import {
  checkedBy,
  conflictAmong,
  flag,
  type OptionTable,
  readOptions,
  text,
} from './option-table.ts';
import { parseCount } from './option-value.ts';

export const RACES_ACTIONS = ['list', 'run'];
const WORKERS_MAX = 64;
const STATES_MAX = 2 ** 31;
/** More than any modelled race needs, and what a small machine still holds. */
const STATES_DEFAULT = 5_000_000;

export type RacesRunOptions = {
  readonly all: boolean;
  /** Undefined: as many as the machine has. */
  readonly workers: number | undefined;
  readonly statesMax: number;
  /** Folder that the traces are written to. */
  readonly trace: string | undefined;
  /** File to write a page of it to. */
  readonly report: string | undefined;
  readonly json: boolean;
};

export type RacesArguments =
  | { readonly action: 'list'; readonly json: boolean }
  /** No ids: all of them. */
  | ({ readonly action: 'run'; readonly ids: readonly string[] } & RacesRunOptions);

export const RACES_LIST_OPTIONS: OptionTable<{ readonly json: boolean }> = {
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

export const RACES_RUN_OPTIONS: OptionTable<RacesRunOptions> = {
  '--all': flag((options) => ({ ...options, all: true })),
  '--workers': checkedBy(parseCount, wholeNumber(1, WORKERS_MAX), (options, workers) => ({
    ...options,
    workers,
  })),
  '--max-states': checkedBy(parseCount, wholeNumber(1, STATES_MAX), (options, statesMax) => ({
    ...options,
    statesMax,
  })),
  '--trace': text((options, trace) => ({ ...options, trace })),
  '--report': text((options, report) => ({ ...options, report })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

const RUN_DEFAULTS: RacesRunOptions = {
  all: false,
  workers: undefined,
  statesMax: STATES_DEFAULT,
  trace: undefined,
  report: undefined,
  json: false,
};

/** Reads what follows `races`; a request for help outweighs every mistake. */
export function readRacesArguments(
  args: readonly string[],
): Result<RacesArguments | 'help', BadInput> {
  const [first, ...rest] = args;
  if (first === undefined || first === 'list' || first.startsWith('-')) {
    return readList(first === 'list' ? rest : args);
  }
  return first === 'run' ? readRun(rest) : err(noSuchName('action', first, RACES_ACTIONS));
}

function readList(args: readonly string[]): Result<RacesArguments | 'help', BadInput> {
  const read = readOptions('races', args, RACES_LIST_OPTIONS, { json: false });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [surplus] = read.value.positionals;
  return surplus === undefined
    ? ok({ action: 'list', ...read.value.options })
    : err({ code: 'surplus-argument', argument: surplus, takes: 'races list takes none' });
}

function readRun(args: readonly string[]): Result<RacesArguments | 'help', BadInput> {
  const read = readOptions('races', args, RACES_RUN_OPTIONS, RUN_DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals } = read.value;
  const ids = [...new Set(positionals)];
  const [first] = ids;
  if (options.all && first !== undefined) {
    const both = conflictAmong(new Set(['--all', first]), '--all', first);
    if (both !== undefined) return both;
  }
  return ok({ action: 'run', ids, ...options });
}
