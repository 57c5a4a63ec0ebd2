/**
 * Storm report page: a storm's samples, kept while it goes on, and with its summary written where `--report` says.
 *
 * Effects: writes a file, and finds out before the storm whether it can be written.
 */
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { StormEvent } from '../ui/shapes.ts';
import type { StormHooks, StormPlan, StormResult } from '../workers/storm-plan.ts';
import { openedReport } from './opened-report.ts';
import { plain } from './output.ts';
import { stormReport } from './storm-report.ts';
import { stormPlanned } from './ui/storm-planned.ts';

export type StormReportPage = {
  /** What the storm is handed besides its other hooks. */
  readonly hooks: Pick<StormHooks, 'sample'>;
  readonly finish: (result: StormResult) => Promise<Result<undefined, BadInput>>;
  /** Leaves nothing behind. */
  readonly abandon: () => Promise<void>;
};

const NO_PAGE: StormReportPage = {
  hooks: {},
  finish: async () => ok(undefined),
  abandon: async () => {},
};

/** `repeat` is the command that runs the storm again. */
export async function openStormReport(
  file: string | undefined,
  plan: StormPlan,
  repeat: string,
  notes: readonly string[],
): Promise<Result<StormReportPage, BadInput>> {
  const opened = await openedReport(file);
  if (!opened.ok) return opened;
  const report = opened.value;
  if (report === undefined) return ok(NO_PAGE);
  const events: StormEvent[] = [{ type: 'began', plan: stormPlanned(plan, repeat), notes }];
  return ok({
    hooks: { sample: (sample) => events.push({ type: 'sample', sample }) },
    abandon: report.abandon,
    finish: (result) =>
      report.finish({
        title: `Storm ${plan.name}`,
        command: repeat,
        text: stormReport(plan, result, repeat, plain),
        storm: [...events, { type: 'ended', result }],
      }),
  });
}
