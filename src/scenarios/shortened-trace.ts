/**
 * Shortened trace: what walks or a depth-first search came upon, made short enough to read.
 *
 * A walk is as long as chance made it. Smaller scenarios are searched first, for a race with less in it is the better
 * story; else the walk itself is shortened. An interrupt ends the shortening, not the report.
 */
import { setImmediate } from 'node:timers/promises';
import { err, ok, type Result } from '../core/result.ts';
import { beginMinimising, outcomeFor } from '../explore/minimise.ts';
import type { Trace } from '../explore/outcome.ts';
import { foundIn, recordedTrace, type TraceOrigin } from '../explore/recorded-trace.ts';
import { type Refusal, Refused } from '../explore/refusal.ts';
import type { Violation } from '../explore/violation.ts';
import type { World } from '../explore/world.ts';
import type { Found } from './explored.ts';
import type { FoundScenario } from './found-scenario.ts';

/** States that the search of a smaller scenario may store. */
const SMALLER_STATES_MAX = 500_000;

/** What was found, and where it comes from. */
export type Walked = {
  readonly origin: TraceOrigin;
  readonly violation: Violation;
  readonly trace: Trace;
};

/** Caller's duty: the violation is not of a goal, which no single way shows. */
export async function shortenedTrace(
  found: FoundScenario,
  { origin, violation, trace }: Walked,
  signal: AbortSignal,
): Promise<Result<Found, Refusal>> {
  const told = (from: TraceOrigin, world: World, wrong: Violation, steps: Trace): Found => ({
    violation: wrong,
    trace: recordedTrace(from, world, wrong, steps),
    stepsFound: steps.length < trace.length ? trace.length : undefined,
  });
  const world = found.worldOf(found.scenario);
  try {
    for (const scenario of found.scenario.smaller?.() ?? []) {
      const smaller = found.worldOf(scenario);
      const bounds = { statesMax: SMALLER_STATES_MAX, depthMax: trace.length };
      const outcome = await drained(outcomeFor(smaller, violation.property, bounds), signal);
      const wrong = outcome && foundIn(outcome);
      if (wrong === undefined) continue;
      const from = { ...origin, scenario: scenario.name };
      return ok(told(from, smaller, wrong.violation, wrong.trace));
    }
  } catch (error) {
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }

  const minimising = beginMinimising(world, trace, violation.property);
  while (!signal.aborted) {
    const advanced = minimising.advance();
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) break;
    await setImmediate();
  }
  const shorter = minimising.best();
  return ok(
    shorter === undefined
      ? told(origin, world, violation, trace)
      : told(origin, world, shorter.violation, shorter.trace),
  );
}

/** Run to its end; undefined when interrupted. */
async function drained<Value>(
  course: Generator<undefined, Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  while (!signal.aborted) {
    const { done, value } = course.next();
    if (done === true) return value;
    await setImmediate();
  }
  return undefined;
}
