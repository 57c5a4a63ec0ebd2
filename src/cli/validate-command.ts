/**
 * The `validate` command: judges a trace, prints the judgement.
 *
 * Effects: reads a file, writes output.
 */
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import type { Judgement } from '../scenarios/validate/judgement.ts';
import { validateFile } from '../scenarios/validate/validate-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { paintFor } from './output.ts';
import { progressLine } from './progress.ts';
import type { Environment } from './storm-command.ts';
import type { ValidateArguments } from './validate-arguments.ts';
import { validateJson, validateReport } from './validate-report.ts';

export async function validateCommand(
  { file, driver, quirks, json }: ValidateArguments,
  { stdout, stderr, now, signal }: Pick<Environment, 'stdout' | 'stderr' | 'now' | 'signal'>,
  own?: OwnDriver,
): Promise<Result<ExitCode, BadInput>> {
  const progress = progressLine(stderr, now, megabytesText);
  const hooks = { signal, progress: progress.update };
  const told = { driver: own?.name ?? driver, quirks, definition: own?.definition };
  const validated = await validateFile(file, told, hooks);
  progress.end();
  if (!validated.ok) return validated;
  const { judgement } = validated.value;
  if (judgement === undefined) return ok(EXIT.interrupted);
  stdout.write(
    json
      ? `${JSON.stringify(validateJson(file, validated.value, judgement))}\n`
      : validateReport(file, validated.value, judgement, paintFor(stdout)),
  );
  return ok(exitCodeOf(judgement));
}

function exitCodeOf({ firstRejected, limitedAt }: Judgement): ExitCode {
  if (firstRejected !== undefined) return EXIT.violated;
  return limitedAt === undefined ? EXIT.fine : EXIT.limited;
}

const megabytesText = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB read`;
