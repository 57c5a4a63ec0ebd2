/**
 * The `import` command: reads a capture, prints what it holds, writes a profile and a trace of it.
 *
 * Effects: reads and writes files, writes output.
 */
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { importCapture } from '../scenarios/capture/import-capture.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ImportArguments } from './import-arguments.ts';
import { importJson } from './import-json.ts';
import { importReport } from './import-report.ts';
import { paintFor } from './output.ts';
import { progressLine } from './progress.ts';
import type { Environment } from './storm-command.ts';

export async function importCommand(
  { file, folder, json }: ImportArguments,
  environment: Pick<Environment, 'stdout' | 'stderr' | 'now' | 'signal'>,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr, now, signal } = environment;
  const progress = progressLine(stderr, now, megabytesText);
  const imported = await importCapture(file, folder, { signal, progress: progress.update });
  progress.end();
  if (!imported.ok) return imported;
  stdout.write(
    json
      ? `${JSON.stringify(importJson(file, imported.value))}\n`
      : importReport(file, imported.value, paintFor(stdout)),
  );
  return ok(imported.value.reading.interrupted ? EXIT.interrupted : EXIT.fine);
}

const megabytesText = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB read`;
