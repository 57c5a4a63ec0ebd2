/**
 * Doc blocks: commands that a page shows with what they print, in fenced blocks called `console`.
 *
 *   ```console            run by the tests, in the page's own folder, in the order of the page
 *   ```console figures    the same, but numbers differ from run to run and are not compared
 *   ```console slow       run by `npm run docs` alone
 *   $ stormdrain ...      the command; what stands below is its stdout, of which "..." leaves lines out
 *   [exit code 1]         the last line, where it is not 0
 */
import { readArguments } from '../src/cli/arguments.ts';

export type DocBlock = {
  /** Lines of the page: of the command, and behind the last one shown. */
  readonly from: number;
  readonly to: number;
  readonly marks: readonly string[];
  readonly command: string;
  readonly shown: readonly string[];
};

const COMMAND = /^\$ (?:npx )?stormdrain ?(.*)$/;
export const LEFT_OUT = '...';

/** One for each command; a block may have several. */
export function docBlocks(page: string): readonly DocBlock[] {
  const lines = page.split('\n');
  const blocks: DocBlock[] = [];
  let marks: readonly string[] | undefined;
  for (const [index, line] of lines.entries()) {
    const [, info] = /^```(.*)$/.exec(line) ?? [];
    if (info !== undefined) {
      const [language, ...rest] = info.split(' ');
      marks = marks === undefined && language === 'console' ? rest : undefined;
    }
    const [, command] = COMMAND.exec(line) ?? [];
    if (marks === undefined || command === undefined) continue;
    const end = lines.findIndex((each, at) => at > index && /^(```|\$ )/.test(each));
    blocks.push({ from: index, to: end, marks, command, shown: lines.slice(index + 1, end) });
  }
  return blocks;
}

/** Words as a shell would make them, quotes taken off. */
export const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );

/** Whether the command line takes it. */
export const isTaken = (command: string): boolean => readArguments(wordsOf(command)).ok;

/** Times, rates and memory are never compared; of blocks with figures, no number is. */
export function comparable(text: string, marks: readonly string[]): string {
  const without = text
    .replaceAll(/\d[\d,.]* ?(µs|ms|s|min)\b/g, '# s')
    .replaceAll(/\d[\d,.]* (\w+)\/s\b/g, '# $1/s')
    .replaceAll(/\d[\d,.]*( MB| GB| bytes\/state)/g, '#$1');
  const figures = marks.includes('figures') ? without.replaceAll(/\d[\d,.]*/g, '#') : without;
  return figures.replaceAll(/ +/g, ' ').trimEnd();
}

/** Whether what was printed is what is shown; "..." stands for any lines. */
export function isShown(
  shown: readonly string[],
  printed: readonly string[],
  marks: readonly string[],
): boolean {
  const [one, ...others] = shown;
  if (one === undefined) return printed.length === 0;
  if (one === LEFT_OUT) {
    return printed
      .concat([''])
      .some((_, skipped) => isShown(others, printed.slice(skipped), marks));
  }
  const [first, ...rest] = printed;
  if (first === undefined || comparable(one, marks) !== comparable(first, marks)) return false;
  return isShown(others, rest, marks);
}

/** What is to be shown instead: as many lines before and behind "..." as before. */
export function reshown(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const before = shown.indexOf(LEFT_OUT);
  if (before === -1) return printed;
  const behind = shown.length - shown.lastIndexOf(LEFT_OUT) - 1;
  if (before + behind >= printed.length) return printed;
  return [...printed.slice(0, before), LEFT_OUT, ...printed.slice(printed.length - behind)];
}
