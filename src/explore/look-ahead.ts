/**
 * Look-ahead: whether, from one state, a property can still hold, whoever takes the next step.
 *
 * A state is safe when no way from it violates the property or gets stuck where somebody waits. There is hope in a
 * state when a safe one can be reached from it without violating the property on the way; without hope every way that
 * starves nobody comes to the violation. A state in which all may rest and nothing is open is safe by itself, so hope
 * is mostly found long before everything ahead has been seen; that there is none is known only when it has.
 *
 * A goal is violated by a state that asks for it and from which it can't be reached any more, see {@link World}. Which
 * states those are is known only when everything ahead has been seen.
 */
import { type Locals, localOf } from './careful-step.ts';
import type { Model, ModelGoal } from './model.ts';
import { openSteps } from './recorded-choice.ts';
import { localsText, regionFrom } from './region.ts';
import { deadlockIn, violationsAfter } from './wrongness.ts';

export type Hope = 'yes' | 'no' | 'unknown';

export type LookAhead = {
  /** Pauses now and then. Beyond `statesMax` states nothing is known. @throws Refused */
  from(locals: Locals, statesMax: number): Generator<undefined, Hope>;
  /** States looked at so far. */
  states(): number;
};

/** States between two pauses. */
const SLICE_STATES = 200;

/** `property` is one of the world's, a goal's, one that machines name, or a deadlock. */
export function lookAhead(model: Model, property: string): LookAhead {
  const goals = model.goals.filter(({ violation }) => violation.property === property);
  return goals.length > 0 ? goalsAhead(model, goals) : propertyAhead(model, property);
}

function propertyAhead(model: Model, property: string): LookAhead {
  /** States without hope, as texts: what is proved once is not gone through again. */
  const hopeless = new Set<string>();
  let seen = 0;
  return {
    states: () => seen,
    *from(first, statesMax) {
      if (hopeless.has(localsText(first))) return 'no';
      const region = regionFrom(first);
      const failing: number[] = [];
      for (let at = region.next(); at !== undefined; at = region.next()) {
        seen += 1;
        if (seen % SLICE_STATES === 0) yield;
        const locals = region.at(at);
        const open = openSteps(model, locals);
        if (open.length === 0) {
          if (deadlockIn(model, locals) === undefined) return 'yes';
          failing.push(at);
        }
        for (const { choice, step } of open) {
          const isWrong = violationsAfter(model, step).some((one) => one.property === property);
          if (isWrong || hopeless.has(localsText(step.locals))) failing.push(at);
          else region.link(at, step.locals, choice.number);
        }
        if (region.size() > statesMax) return 'unknown';
      }
      if (region.leadingTo(failing).size < region.size()) return 'yes';
      for (const locals of region.all()) hopeless.add(localsText(locals));
      return 'no';
    },
  };
}

function goalsAhead(model: Model, goals: readonly ModelGoal[]): LookAhead {
  let seen = 0;
  return {
    states: () => seen,
    *from(first, statesMax) {
      const region = regionFrom(first);
      for (let at = region.next(); at !== undefined; at = region.next()) {
        seen += 1;
        if (seen % SLICE_STATES === 0) yield;
        for (const { choice, step } of openSteps(model, region.at(at))) {
          region.link(at, step.locals, choice.number);
        }
        if (region.size() > statesMax) return 'unknown';
      }
      const where = (reads: ModelGoal['goal']): number[] =>
        region.all().flatMap((locals, number) => (holdIn(reads, locals) ? [number] : []));
      const stranded = goals.flatMap(({ whenever, goal, counted }) => {
        const reaching = region.leadingTo(where(goal), (by) => counted[by] === true);
        return where(whenever).filter((number) => !reaching.has(number));
      });
      const failing = region.leadingTo(stranded);
      // State 0 is the first. Whether a safe state can be reached past those that violate is asked of the rest.
      if (!failing.has(0)) return 'yes';
      if (failing.size === region.size() || stranded.includes(0)) return 'no';
      const safe = region.all().flatMap((_, number) => (failing.has(number) ? [] : [number]));
      const violating = new Set(stranded);
      return region.leadingTo(safe, undefined, (number) => !violating.has(number)).has(0)
        ? 'yes'
        : 'no';
    },
  };
}

const holdIn = (reads: ModelGoal['goal'], locals: Locals): boolean =>
  reads.every(({ slot, holds }) => holds(localOf(locals, slot)));

/** Whether all slots are where they were. */
export const isSame = (one: Locals, other: Locals): boolean =>
  one.every((local, slot) => local === localOf(other, slot));
