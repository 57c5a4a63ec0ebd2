/** Opened report: where `--report` asks for a page, the file it goes to; who asks for none waits for nothing. */
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { ReportFile } from './ui/report-file.ts';

export async function openedReport(
  file: string | undefined,
): Promise<Result<ReportFile | undefined, BadInput>> {
  if (file === undefined) return ok(undefined);
  const { openReport } = await import('./ui/report-file.ts');
  return openReport(file);
}
