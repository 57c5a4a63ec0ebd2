/**
 * Command words: what may stand where on the command line, for every command.
 */
import { bundledNames } from '../../scenarios/bundled-files.ts';
import type { CommandName } from '../arguments.ts';
import { COMMAND_OPTIONS } from '../command-options.ts';
import { COMMANDS } from '../commands.ts';
import { SHELLS } from '../completion-arguments.ts';
import { helpTextOf } from '../help-text.ts';
import { RACES_ACTIONS } from '../races-arguments.ts';
import type { Environment } from '../storm-command.ts';

/** Names that can be completed, and whether a file may stand there too. */
export type Words = { readonly names: readonly string[]; readonly files: boolean };

export type OptionWords = {
  readonly name: string;
  /** The first line of its help. */
  readonly summary: string;
  /** What stands for its value in help. */
  readonly placeholder: string;
  /** Undefined when it takes none. */
  readonly value: Words | undefined;
};

export type CommandWords = {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** Of all arguments that are no options. */
  readonly positionals: Words;
};

const NOTHING: Words = { names: [], files: false };
const FILES: Words = { names: [], files: true };
const named = (names: readonly string[]): Words => ({ names, files: false });
const namedOrFile = (names: readonly string[]): Words => ({ names, files: true });

/** In the order help lists them; `helpOf` is what `--help` prints of a command. */
export async function commandWords(
  environment: Pick<Environment, 'known'>,
  helpOf: (name: CommandName) => Promise<string>,
): Promise<readonly CommandWords[]> {
  const values = await namedValues(environment);
  const positionals = await positionalWords(environment);
  return Promise.all(
    COMMANDS.map(async ({ name: told, summary }): Promise<CommandWords> => {
      const name = told as CommandName; // a test holds the list to the readers
      const { options } = helpTextOf(await helpOf(name));
      return {
        name,
        summary,
        positionals: positionals[name],
        options: Object.entries(COMMAND_OPTIONS[name]).map(([option, { takes, names }]) => {
          const help = options.find((each) => each.name === option);
          const free = values[option] ?? FILES;
          const value = names === 'any' ? free : named(names ?? []);
          return {
            name: option,
            summary: help?.lines[0] ?? '',
            placeholder: help?.value ?? '',
            value: takes === 'nothing' ? undefined : value,
          };
        }),
      };
    }),
  );
}

/** Of options that take any text: those whose texts are names, or nothing that could be known. */
async function namedValues({
  known,
}: Pick<Environment, 'known'>): Promise<Readonly<Record<string, Words | undefined>>> {
  const { chartCatalogue, namesOf } = await import('../../viz/chart-catalogue.ts');
  return {
    '--driver': named(known.drivers),
    '--quirk': named(known.quirks),
    '--process': namedOrFile(await bundledNames('recording')),
    '--machine': named(namesOf(chartCatalogue())),
    '--resume': NOTHING,
  };
}

async function positionalWords({
  known,
}: Pick<Environment, 'known'>): Promise<{ readonly [Name in CommandName]: Words }> {
  const { EXPLORE_SCENARIOS } = await import('../../scenarios/explore/scenarios.ts');
  const { RACES } = await import('../../scenarios/races/catalogue.ts');
  const { OPERATION_ALIASES, ORDERED_OPERATIONS } = await import(
    '../../scenarios/orders/questions.ts'
  );
  const operations = [...new Set([...Object.keys(OPERATION_ALIASES), ...ORDERED_OPERATIONS])];
  return {
    storm: namedOrFile(await bundledNames('profile')),
    explore: namedOrFile(EXPLORE_SCENARIOS.map(({ name }) => name)),
    races: named([...RACES_ACTIONS, ...RACES.map(({ id }) => id)]),
    quirks: NOTHING,
    replay: FILES,
    orders: named([...known.drivers, ...operations]),
    conform: FILES,
    validate: FILES,
    import: FILES,
    charts: NOTHING,
    ui: NOTHING,
    campaign: namedOrFile(await bundledNames('campaign')),
    worker: NOTHING,
    init: FILES,
    completion: named(SHELLS),
  };
}
