/**
 * One run of the command line: from arguments to an exit code.
 *
 * Effects: those of the command, through the environment it is handed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import { bundledNames } from '../scenarios/bundled-files.ts';
import { packageRoot } from '../scenarios/package-root.ts';
import { readArguments } from './arguments.ts';
import { conformCommand } from './conform-command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { conformHelp, generalHelp, stormHelp } from './help.ts';
import { type Environment, prepareStorm, stormCommand } from './storm-command.ts';

/** Runs the command `args` name; `args` is argv without the executables. */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  const { stdout, stderr, known } = environment;
  const refuse = (input: BadInput): ExitCode => {
    stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
    return EXIT.badInput;
  };
  const invocation = readArguments(args);
  if (!invocation.ok) return refuse(invocation.error);
  const request = invocation.value;
  switch (request.kind) {
    case 'general-help':
      stdout.write(generalHelp());
      return EXIT.fine;
    case 'storm-help': {
      const profiles = await bundledNames('profile');
      const recordings = await bundledNames('recording');
      stdout.write(stormHelp(profiles, recordings, known.drivers, known.quirks));
      return EXIT.fine;
    }
    case 'version':
      stdout.write(`${await packageVersion()}\n`);
      return EXIT.fine;
    case 'conform-help':
      stdout.write(conformHelp());
      return EXIT.fine;
    case 'conform':
      return conformCommand(request.conform, environment);
    case 'storm': {
      const plan = await prepareStorm(request.storm, environment);
      if (!plan.ok) return refuse(plan.error);
      return stormCommand(request.storm, plan.value, environment);
    }
  }
}

async function packageVersion(): Promise<string> {
  const description: unknown = JSON.parse(
    await readFile(join(packageRoot(), 'package.json'), 'utf8'),
  );
  const hasVersion =
    typeof description === 'object' && description !== null && 'version' in description;
  return hasVersion ? String(description.version) : 'unknown';
}
