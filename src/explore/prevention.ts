/**
 * Prevention: the last step of a trace in whose place another would still have kept the property.
 *
 * Method: states of the trace are looked at from the end. The first before which there is hope is the last chance,
 *         for a state with hope has hope in all states before it. See {@link lookAhead} for what hope is.
 *
 * It is advanced by its caller, as a search is. What lies ahead of a state is bounded; where a bound was met, the
 * answer says from which step on nothing is known.
 */
import { invariant } from '../core/invariant.ts';
import type { Result } from '../core/result.ts';
import type { Locals } from './careful-step.ts';
import { type Hope, isSame, type LookAhead, lookAhead } from './look-ahead.ts';
import { type Model, modelOf } from './model.ts';
import { openStepFor, openSteps } from './recorded-choice.ts';
import type { RecordedTrace } from './recorded-trace.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import { toldStep } from './told-step.ts';
import type { World } from './world.ts';
import { violationsAfter } from './wrongness.ts';

/** A step that was open, and after which the property could still be kept. */
export type Alternative = { readonly actor: string; readonly label: string };

export type Prevention = {
  /** States looked at. */
  readonly states: number;
  /** Steps after the last chance that are not known to be too late, by number; none in a certain answer. */
  readonly unknown: readonly number[];
} & (
  | {
      readonly kind: 'found';
      /** Number of the step, from 1. */
      readonly step: number;
      readonly alternatives: readonly Alternative[];
    }
  /** Nobody could have kept the property, from the first state on; or nobody knows, when some are unknown. */
  | { readonly kind: 'none' }
);

export type Preventing = {
  /** A little more; undefined: it is not over. */
  advance(): Result<Prevention | undefined, Refusal>;
};

/** States that may be looked at ahead of one state of the trace, and ahead of all. */
const AHEAD_MAX = 30_000;
const TOTAL_MAX = 300_000;

/** Caller's duty: the trace can be replayed in `world` and ends in a violation that a way can show. */
export function beginPreventing(
  world: World,
  trace: RecordedTrace,
  { aheadMax = AHEAD_MAX, totalMax = TOTAL_MAX } = {},
): Preventing {
  const course = preventing(world, trace, aheadMax, totalMax);
  return {
    advance: () =>
      unlessRefused(() => {
        const { done, value } = course.next();
        return done === true ? value : undefined;
      }),
  };
}

/** @throws Refused */
function* preventing(
  world: World,
  { steps, violation }: RecordedTrace,
  aheadMax: number,
  totalMax: number,
): Generator<undefined, Prevention> {
  invariant(violation !== undefined, 'a trace without violation has nothing to prevent');
  const model = modelOf(world);
  const states = statesOf(model, steps);
  const ahead = lookAhead(model, violation.property);
  const unknown: number[] = [];
  const told = () => ({ states: ahead.states(), unknown: unknown.toReversed() });

  for (let step = steps.length; step > 0; step -= 1) {
    const before = states[step - 1] ?? model.first;
    const hope = yield* within(ahead, before, aheadMax, totalMax);
    if (hope === 'unknown') unknown.push(step);
    if (hope !== 'yes') continue;
    const alternatives: Alternative[] = [];
    for (const { choice, step: other } of openSteps(model, before)) {
      if (isSame(other.locals, states[step] ?? before)) continue;
      const isWrong = violationsAfter(model, other).some(
        ({ property }) => property === violation.property,
      );
      if (isWrong || (yield* within(ahead, other.locals, aheadMax, totalMax)) !== 'yes') continue;
      const { actor, label } = toldStep(model.cells, before, choice, other);
      alternatives.push({ actor, label });
    }
    return { kind: 'found', step, alternatives, ...told() };
  }
  return { kind: 'none', ...told() };
}

function* within(
  ahead: LookAhead,
  locals: Locals,
  aheadMax: number,
  totalMax: number,
): Generator<undefined, Hope> {
  const left = totalMax - ahead.states();
  return left <= 0 ? 'unknown' : yield* ahead.from(locals, Math.min(aheadMax, left));
}

/** The states along a trace, the first included; fewer where a step can no longer be taken. */
function statesOf(model: Model, steps: RecordedTrace['steps']): readonly Locals[] {
  const states = [model.first];
  for (const recorded of steps) {
    const open = openStepFor(model, states.at(-1) ?? model.first, recorded);
    if (open === undefined) break;
    states.push(open.step.locals);
  }
  return states;
}
