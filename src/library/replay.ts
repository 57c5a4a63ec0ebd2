/**
 * Replay: a recorded trace taken again, from a program.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { replayed } from '../explore/replay.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import { EXPLORE_SCENARIOS } from '../scenarios/explore/scenarios.ts';
import { listOf, optionalField, satisfying, sealedRecord } from '../scenarios/field-check.ts';
import { foundScenario } from '../scenarios/found-scenario.ts';
import { isDataTooDeep, NESTED_TOO_DEEP } from '../scenarios/nesting.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import type { OwnScenario } from '../scenarios/own/own-scenario.ts';
import { type ReplayResult, replayJson } from '../scenarios/replay-json.ts';
import { expectGood, StormdrainError } from '../scenarios/stormdrain-error.ts';
import { checkTrace, readTraceFile } from '../scenarios/trace-file.ts';
import { ofOwnDriver, ofOwnScenario } from './handed-over.ts';
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
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  const { scenarios = [], drivers = [], tolerant = false } = expectGood(checkedOptions(options));
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
  if (isDataTooDeep(trace)) {
    return err({ code: 'malformed-text', place, expected: 'a trace', got: NESTED_TOO_DEEP });
  }
  const read = checkTrace(trace, []);
  return read.ok ? ok(read.value) : err(badInputAt(read.error, place));
}

type Told = { readonly [Field in keyof Required<ReplayOptions>]: ReplayOptions[Field] };

const OWN_MAX = 1000;

const told = sealedRecord<Told>({
  scenarios: optionalField(listOf(ofOwnScenario, OWN_MAX)),
  drivers: optionalField(listOf(ofOwnDriver, OWN_MAX)),
  tolerant: optionalField(
    satisfying('true or false', (value): value is boolean => typeof value === 'boolean'),
  ),
});

function checkedOptions(options: ReplayOptions): Result<Told, BadInput> {
  const read = told(options, []);
  const place: Place = { kind: 'options of replay', file: '', line: undefined };
  return read.ok ? read : err(badInputAt(read.error, place));
}
