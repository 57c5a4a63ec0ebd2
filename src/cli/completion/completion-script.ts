/** Completion script: what `stormdrain completion` prints for a shell. */
import type { CommandName } from '../arguments.ts';
import type { Shell } from '../completion-arguments.ts';
import type { Environment } from '../storm-command.ts';
import { bashCompletion } from './bash.ts';
import { commandWords } from './command-words.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export const completionFor = async (
  shell: Shell,
  environment: Pick<Environment, 'known'>,
  helpOf: (name: CommandName) => Promise<string>,
): Promise<string> => SCRIPTS[shell](await commandWords(environment, helpOf));
