/**
 * Option table: the options of a command as rows, and the reader of what follows the command's name.
 *
 * Policy: names of profiles, scenarios, drivers and quirks are looked up later.
 */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { describeValue, type FieldCheck } from '../scenarios/field-check.ts';
import { noSuchName } from '../scenarios/known-names.ts';

/** An option as it was typed; `value` undefined where none was. */
export type GivenOption = {
  readonly command: string;
  readonly option: string;
  readonly value: string | undefined;
};

/** One row: what the option does to the options read so far. */
export type OptionRow<Options> = {
  readonly takes: 'value' | 'nothing';
  /** The values there are, or whether any text is one; neither: a number. */
  readonly names?: readonly string[] | 'any';
  readonly apply: (options: Options, given: GivenOption) => Result<Options, BadInput>;
};

export type OptionTable<Options> = Readonly<Record<string, OptionRow<Options>>>;

export type ReadOptions<Options> = {
  readonly options: Options;
  readonly positionals: readonly string[];
  /** Names of the options that were given. */
  readonly given: ReadonlySet<string>;
  /** The same arguments but for the seed: what to type to run the command again. */
  readonly repeat: readonly string[];
};

const HELP_NAMES = ['--help', '-h'];

/** Reads what follows `command`; a request for help outweighs every mistake. */
export function readOptions<Options>(
  command: string,
  args: readonly string[],
  table: OptionTable<Options>,
  initial: Options,
): Result<ReadOptions<Options> | 'help', BadInput> {
  const tokens = tokensOf(args, table);
  if (tokens.some((token) => token.kind === 'option' && HELP_NAMES.includes(token.rawName))) {
    return ok('help');
  }
  let options = initial;
  const positionals: string[] = [];
  const repeat: string[] = [];
  const given = new Set<string>();

  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      positionals.push(token.value);
      repeat.push(token.value);
      continue;
    }
    const { rawName, value } = token;
    const row = Object.hasOwn(table, rawName) ? table[rawName] : undefined;
    if (row === undefined) return err(noSuchName('option', rawName, Object.keys(table)));
    const next = row.apply(options, { command, option: rawName, value });
    if (!next.ok) return next;
    options = next.value;
    given.add(rawName);
    if (rawName !== '--seed') repeat.push(rawName, ...(value === undefined ? [] : [value]));
  }
  return ok({ options, positionals, given, repeat });
}

/** The pair of `names` that were both given, as a mistake. */
export function conflictAmong(
  given: ReadonlySet<string>,
  ...names: readonly string[]
): Result<never, BadInput> | undefined {
  const both = names.filter((name) => given.has(name));
  return both.length < 2 ? undefined : err({ code: 'conflicting-options', options: both });
}

export const flag = <Options>(apply: (options: Options) => Options): OptionRow<Options> => ({
  takes: 'nothing',
  apply: (options, given) =>
    given.value === undefined ? ok(apply(options)) : badOption(given, 'given alone'),
});

export const text = <Options>(
  apply: (options: Options, value: string) => Options,
): OptionRow<Options> => ({
  takes: 'value',
  names: 'any',
  apply: (options, given) =>
    given.value === undefined
      ? err({
          code: 'bad-option',
          command: given.command,
          option: given.option,
          expected: 'followed by a value',
          got: 'given alone',
        })
      : ok(apply(options, given.value)),
});

/** A value that `check` accepts once `parse` has read it; `unit` is said behind what is expected. */
export const checkedBy = <Options, Value>(
  parse: (text: string) => unknown,
  check: FieldCheck<Value> & { readonly names?: readonly string[] },
  apply: (options: Options, value: Value) => Options,
  unit = '',
): OptionRow<Options> => ({
  takes: 'value',
  ...(check.names === undefined ? {} : { names: check.names }),
  apply: (options, given) => {
    const { value } = given;
    const checked = check(value === undefined ? undefined : parse(value), []);
    if (checked.ok) return ok(apply(options, checked.value));
    const expected = checked.error.code === 'bad-field' ? checked.error.expected : 'a number';
    return badOption(given, expected + unit);
  },
});

export const badOption = (
  { command, option, value }: GivenOption,
  expected: string,
): Result<never, BadInput> =>
  err({ code: 'bad-option', command, option, expected, got: describeValue(value) });

/** The same command, as a shell reads it. */
export const commandLineOf = (words: readonly string[]): string =>
  ['npx', 'stormdrain', ...words].map(shellWord).join(' ');

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Node's tokenizer without its own checks, whose errors suggest nothing. */
const tokensOf = <Options>(args: readonly string[], table: OptionTable<Options>) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(table).map(([name, { takes }]) => [
        name.slice(2),
        { type: takes === 'value' ? ('string' as const) : ('boolean' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
