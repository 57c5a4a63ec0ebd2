/**
 * One run of the command line: from arguments to an exit code.
 *
 * Effects: those of the command, through the environment it is handed.
 */
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import { type CommandName, type Invocation, isCommand, readArguments } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { generalHelp } from './help.ts';
import { packageVersion } from './package-version.ts';
import { PROGRAMS, type Program } from './programs.ts';
import type { Environment } from './storm-command.ts';

/** Runs the command `args` name; `args` is argv without the executables. */
export const runCommandLine = (
  args: readonly string[],
  environment: Environment,
): Promise<ExitCode> => runLending(args, environment, async () => environment);

/** The same, lent what it does not always need when it does. */
export async function runLending(
  args: readonly string[],
  { stdout, stderr }: Pick<Environment, 'stdout' | 'stderr'>,
  lend: () => Promise<Environment>,
): Promise<ExitCode> {
  const refuse = (input: BadInput): ExitCode => {
    stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
    return EXIT.badInput;
  };
  const invocation = readArguments(args);
  if (!invocation.ok) return refuse(invocation.error);
  const { kind } = invocation.value;
  if (isCommand(kind)) {
    const ended = await programOf(kind).run(toldIn(invocation.value, kind), await lend());
    return ended.ok ? ended.value : refuse(ended.error);
  }
  stdout.write(await textFor(kind, lend));
  return EXIT.fine;
}

/** Each is given its own arguments only. */
const programOf = (name: CommandName) => PROGRAMS[name] as Program<unknown>; // see above

const toldIn = (invocation: Invocation, name: CommandName): unknown =>
  new Map<string, unknown>(Object.entries(invocation)).get(name);

async function textFor(
  kind: Exclude<Invocation['kind'], CommandName>,
  lend: () => Promise<Environment>,
): Promise<string> {
  switch (kind) {
    case 'general-help':
      return generalHelp();
    case 'version':
      return `${await packageVersion()}\n`;
    default: {
      const name = kind.slice(0, -'-help'.length) as CommandName; // so it was put together
      return PROGRAMS[name].help(await lend());
    }
  }
}
