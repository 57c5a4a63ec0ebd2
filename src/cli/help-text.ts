/**
 * Help text: what `--help` prints of a command, taken apart into usage, options and the rest.
 *
 * A section is a line of its own with indented ones below; the sections that begin with "options" list options.
 */

export type OptionHelp = {
  readonly name: string;
  /** What stands for its value; empty when it takes none. */
  readonly value: string;
  /** As it is wrapped on the screen. */
  readonly lines: readonly string[];
};

export type HelpText = {
  readonly usage: readonly string[];
  /** Blocks of lines, as they are wrapped on the screen; sections of options are not among them. */
  readonly blocks: readonly (readonly string[])[];
  readonly options: readonly OptionHelp[];
};

const OPTION = /^ {2}(--[\w-]+)(?: ([A-Z]\S*))? {2,}(.*)$/;

export function helpTextOf(text: string): HelpText {
  const [head = [], ...rest] = text
    .trimEnd()
    .split(/\n{2,}/)
    .map((block) => block.split('\n'));
  const isOptions = ([title = '']: readonly string[]): boolean => /^options\b/.test(title);
  return {
    usage: head.map((line) => line.replace(/^(usage:|\s+)\s*/, '')),
    blocks: rest.filter((block) => !isOptions(block)),
    options: rest.filter(isOptions).flatMap(([, ...lines]) => optionsIn(lines)),
  };
}

function optionsIn(lines: readonly string[]): readonly OptionHelp[] {
  const options: { name: string; value: string; lines: string[] }[] = [];
  for (const line of lines) {
    const [, name, value = '', first = ''] = OPTION.exec(line) ?? [];
    if (name !== undefined) options.push({ name, value, lines: [first] });
    else options.at(-1)?.lines.push(line.trim());
  }
  return options;
}
