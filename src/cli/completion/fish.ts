/** The completion script for fish. */
import type { CommandWords, OptionWords, Words } from './command-words.ts';

export const fishCompletion = (commands: readonly CommandWords[]): string =>
  [
    '# stormdrain for fish:',
    '#   stormdrain completion fish | source',
    'complete -c stormdrain -e',
    'complete -c stormdrain -f',
    ...[general('--help', 'options and exit codes'), general('--version', 'the version')],
    ...commands.flatMap(commandLines),
    '',
  ].join('\n');

const BEFORE = '-n __fish_use_subcommand';

const general = (name: string, summary: string): string =>
  `complete -c stormdrain ${BEFORE} -l ${name.slice(2)} -d ${quoted(summary)}`;

function commandLines({ name, summary, options, positionals }: CommandWords): readonly string[] {
  const behind = `complete -c stormdrain -n '__fish_seen_subcommand_from ${name}'`;
  const { names, files } = positionals;
  return [
    `complete -c stormdrain ${BEFORE} -a ${name} -d ${quoted(summary)}`,
    ...(files ? [`${behind} -F`] : []),
    ...(names.length === 0 ? [] : [`${behind} -a ${quoted(names.join(' '))}`]),
    ...options.map((option) => `${behind} ${optionWords(option)}`),
  ];
}

function optionWords({ name, summary, value }: OptionWords): string {
  const takes = value === undefined ? '' : ` ${valueWords(value)}`;
  return `-l ${name.slice(2)}${takes} -d ${quoted(summary)}`;
}

function valueWords({ names, files }: Words): string {
  const words = names.length === 0 ? '' : ` -a ${quoted(names.map(word).join(' '))}`;
  return `${files ? '-r -F' : '-x'}${words}`;
}

/** One word of a list that fish takes apart once more. */
const word = (name: string): string => name.replaceAll(' ', '\\ ');

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
