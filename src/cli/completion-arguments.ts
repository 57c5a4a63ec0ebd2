/** The arguments of `completion`: for which shell. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { flag, type OptionTable, readOptions } from './option-table.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

export type CompletionArguments = { readonly shell: Shell };

export const COMPLETION_OPTIONS: OptionTable<object> = { '--help': flag((options) => options) };

/** Reads what follows `completion`; a request for help outweighs every mistake. */
export function readCompletionArguments(
  args: readonly string[],
): Result<CompletionArguments | 'help', BadInput> {
  const read = readOptions('completion', args, COMPLETION_OPTIONS, {});
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [name, surplus] = read.value.positionals;
  if (surplus !== undefined) {
    const takes = 'completion takes one shell';
    return err({ code: 'surplus-argument', argument: surplus, takes });
  }
  if (name === undefined) {
    const takes = `a shell: ${SHELLS.join(', ')}`;
    return err({ code: 'missing-argument', command: 'completion', takes });
  }
  const shell = SHELLS.find((each) => each === name);
  return shell === undefined ? err(noSuchName('shell', name, SHELLS)) : ok({ shell });
}

/** What `stormdrain completion --help` prints. */
export const COMPLETION_HELP = `usage: stormdrain completion SHELL

Prints a script that completes commands, options and names at the prompt of a shell. It is made of
the tables that the commands are read by.

SHELL: bash   source <(stormdrain completion bash)
       zsh    source <(stormdrain completion zsh), after compinit; or in a file _stormdrain in fpath
       fish   stormdrain completion fish | source

options
  --help   this text
`;
