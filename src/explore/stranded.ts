/**
 * Stranded: whether a goal can still be reached from one state, judged by going ahead from it.
 *
 * A search judges goals over its whole space; a replay has one state, and looks at what lies ahead of that.
 */
import { type Locals, localOf } from './careful-step.ts';
import type { Model, ModelGoal } from './model.ts';
import { openSteps } from './recorded-choice.ts';
import type { Violation } from './violation.ts';

/** States ahead of one that a replay looks at. */
const AHEAD_MAX = 50_000;

/** A goal of that id which the state asks for and cannot reach; 'unknown' when too much lies ahead. @throws Refused */
export function strandedFor(
  model: Model,
  locals: Locals,
  id: string,
): Violation | 'unknown' | undefined {
  let isUnknown = false;
  for (const goal of model.goals.filter(({ violation }) => violation.property === id)) {
    if (!holdIn(goal.whenever, locals)) continue;
    const reached = reaches(model, goal, locals);
    if (reached === 'no') return goal.violation;
    if (reached === 'unknown') isUnknown = true;
  }
  return isUnknown ? 'unknown' : undefined;
}

function reaches(model: Model, goal: ModelGoal, from: Locals): 'yes' | 'no' | 'unknown' {
  const known = new Set([from.join()]);
  const ahead: Locals[] = [from];
  for (const locals of ahead) {
    if (holdIn(goal.goal, locals)) return 'yes';
    for (const { choice, step } of openSteps(model, locals)) {
      const text = step.locals.join();
      if (goal.counted[choice.number] !== true || known.has(text)) continue;
      if (ahead.length === AHEAD_MAX) return 'unknown';
      known.add(text);
      ahead.push(step.locals);
    }
  }
  return 'no';
}

const holdIn = (reads: ModelGoal['goal'], locals: Locals): boolean =>
  reads.every(({ slot, holds }) => holds(localOf(locals, slot)));
