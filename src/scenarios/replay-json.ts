/** The JSON of a replay: the contract other programs read. Fields may be added, never taken away. */
import { type RecordedTrace, TRACE_SCHEMA } from '../explore/recorded-trace.ts';
import type { Replay } from '../explore/replay.ts';

/** One object, plain data; schema `stormdrain.replay/1`. */
export const replayJson = (trace: RecordedTrace, replay: Replay) => ({
  schema: 'stormdrain.replay/1' as const,
  scenario: trace.scenario,
  driver: trace.driver ?? null,
  quirks: trace.quirks,
  traceSchema: TRACE_SCHEMA,
  matched: replay.matched,
  differences: replay.differences,
  steps: replay.steps,
  violation: replay.violation ?? null,
});

/** What a replay came to; schemas/replay.json says what each field is. */
export type ReplayResult = ReturnType<typeof replayJson>;
