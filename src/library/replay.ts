/**
 * Replay: a recorded trace taken again, from a program.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { replayed } from '../explore/replay.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import { EXPLORE_SCENARIOS } from '../scenarios/explore/scenarios.ts';
import { foundScenario } from '../scenarios/found-scenario.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import type { OwnScenario } from '../scenarios/own/own-scenario.ts';
import { type ReplayResult, replayJson } from '../scenarios/replay-json.ts';
import { expectGood, StormdrainError } from '../scenarios/stormdrain-error.ts';
import { checkTrace, readTraceFile } from '../scenarios/trace-file.ts';
import { knownWith } from './this-process.ts';

/** How a trace is taken again, and what it may be of. */
export type ReplayOptions = {
  /** Those that the trace may be of, besides the bundled ones. */
  readonly scenarios?: readonly OwnScenario[];
  readonly drivers?: readonly OwnDriver[];
  /** Tells every difference and goes on, instead of ending at the first. */
  readonly tolerant?: boolean;
};

/**
 * Takes a trace again, step by step: one that an exploration found, or the path of its file. The result is what
 * `stormdrain replay --json` prints.
 *
 * @throws StormdrainError for what is no trace, and for names that nobody knows.
 */
export async function replay(
  trace: RecordedTrace | string,
  { scenarios = [], drivers = [], tolerant = false }: ReplayOptions = {},
): Promise<ReplayResult> {
  const file = typeof trace === 'string' ? trace : 'handed over';
  const place: Place = { kind: 'trace', file, line: undefined };
  const read = expectGood(
    typeof trace === 'string' ? await readTraceFile(trace) : checkedTrace(trace, place),
  );
  const known = [...scenarios.map(({ scenario }) => scenario), ...EXPLORE_SCENARIOS];
  const found = expectGood(foundScenario(read, known, knownWith(drivers), place));
  const taken = replayed(found.worldOf(found.scenario), read, tolerant);
  if (taken.ok) return replayJson(read, taken.value);
  const sentence = `trace ${file} can't be replayed: ${refusalSentence(taken.error)}`;
  throw new StormdrainError('refused', sentence);
}

function checkedTrace(trace: unknown, place: Place): Result<RecordedTrace, BadInput> {
  const read = checkTrace(trace, []);
  return read.ok ? ok(read.value) : err(badInputAt(read.error, place));
}
