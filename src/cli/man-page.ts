/**
 * Man page: the help of every command as roff, for man(1).
 *
 * Source: man-pages(7) and groff_man(7).
 * Policy: lists of names (scenarios, profiles, quirks) change with every version; the commands print them.
 */
import { COMMANDS } from './commands.ts';
import { helpTextOf, type OptionHelp } from './help-text.ts';

/** The help of each command, by name; and what it is all about. */
export type ManPage = {
  readonly version: string;
  readonly helps: ReadonlyMap<string, string>;
};

const LISTS = ['scenarios'];

/** Exit codes stand at the end, for all commands together and for each as its help has them. */
export function manPage({ version, helps }: ManPage): string {
  return [
    `.TH STORMDRAIN 1 "" "stormdrain ${version}" "User Commands"`,
    '.SH NAME',
    'stormdrain \\- a laboratory for I/O page faults',
    '.SH SYNOPSIS',
    '.B stormdrain',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    'Loads the machinery of I/O page faults, as Linux 7.3 has it, with storms on real threads; searches small',
    'worlds of the same machines, interleaving by interleaving, for races; and holds recordings of real kernels',
    'to them.',
    '.SH COMMANDS',
    ...COMMANDS.flatMap(({ name, summary }) => [
      '.TP',
      `.B ${roff(name)}`,
      `${capital(roff(summary))}.`,
    ]),
    ...COMMANDS.flatMap(({ name }) => commandLines(name, helps.get(name) ?? '')),
    '.SH EXIT STATUS',
    ...EXIT_STATUS.flatMap(([code, sentence]) => ['.TP', `.B ${code}`, sentence]),
    '.SH SEE ALSO',
    'The pages in docs/, where the package comes from; the JSON Schemas in its folder schemas/.',
    '',
  ].join('\n');
}

const EXIT_STATUS = [
  ['0', 'Fine.'],
  ['1', 'A property was violated, or a comparison disagreed.'],
  ['2', 'Bad usage or input; one sentence says what, where, and what to try.'],
  ['3', 'A limit was met before the answer was known.'],
  ['130', 'Interrupted, after a clean end.'],
] as const;

function commandLines(name: string, help: string): readonly string[] {
  const { usage, blocks, options } = helpTextOf(help);
  const told = blocks.filter(([title = '']) => !LISTS.includes(title));
  return [
    `.SH STORMDRAIN ${roff(name.toUpperCase())}`,
    ...usage.flatMap((line) => ['.nf', `.B ${roff(line)}`, '.fi']),
    ...told.filter((block) => !isExit(block)).flatMap((block) => ['.PP', ...blockLines(block)]),
    ...options.flatMap(optionLines),
    ...told.filter(isExit).flatMap((block) => ['.PP', ...blockLines(block)]),
  ];
}

const isExit = ([title = '']: readonly string[]): boolean => title.startsWith('exit codes');

/** What is lined up stays so; what is indented is filled, and indented. */
function blockLines(block: readonly string[]): readonly string[] {
  const lines = block.map((line) => roff(line.trimStart()));
  if (block.some(isLinedUp)) return ['.nf', ...block.map(roff), '.fi'];
  const indented = block.findIndex((line) => line.startsWith(' '));
  if (indented === -1) return lines;
  return [...lines.slice(0, indented), '.RS 2', ...lines.slice(indented), '.RE'];
}

const isLinedUp = (line: string): boolean => /\S {2,}\S/.test(line);

const optionLines = ({ name, value, lines }: OptionHelp): readonly string[] => [
  '.TP',
  value === '' ? `.B ${roff(name)}` : `.BI ${roff(name)} " ${roff(value)}"`,
  ...(lines.some(isLinedUp) ? ['.nf', ...lines.map(roff), '.fi'] : lines.map(roff)),
];

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** No line begins with a request, no hyphen is a dash, no backslash an escape. */
const roff = (line: string): string =>
  line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
