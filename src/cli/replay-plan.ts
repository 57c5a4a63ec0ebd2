/**
 * Replay plan: a trace that was read, and the scenario it is a way in.
 *
 * Effects: reads a file.
 */
import { ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { type FoundScenario, foundScenario } from '../scenarios/found-scenario.ts';
import type { KnownNames } from '../scenarios/known-names.ts';
import { readTraceFile } from '../scenarios/trace-file.ts';
import type { ReplayArguments } from './replay-arguments.ts';

export type ReplayPlan = {
  readonly options: ReplayArguments;
  readonly trace: RecordedTrace;
  readonly found: FoundScenario;
};

/** Everything that can be wrong with the file and the names in it is found here. */
export async function prepareReplay(
  options: ReplayArguments,
  known: KnownNames,
  scenarios: readonly ExploreScenario[],
): Promise<Result<ReplayPlan, BadInput>> {
  const trace = await readTraceFile(options.file);
  if (!trace.ok) return trace;
  const place = { kind: 'trace', file: options.file, line: undefined } as const;
  const found = foundScenario(trace.value, scenarios, known, place);
  return found.ok ? ok({ options, trace: trace.value, found: found.value }) : found;
}
