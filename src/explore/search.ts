/**
 * Search: every state a world can reach, until something is wrong, nothing is left, or a limit is met.
 *
 * A search is advanced by its caller, slice by slice, so that whoever has a clock, a terminal or a user who is tired
 * of waiting can end it. What it finds does not depend on the slices.
 */
import { ok, type Result } from '../core/result.ts';
import type { Bounds } from './bounds.ts';
import { countedPass } from './counted-pass.ts';
import type { Tried, Verdict } from './course.ts';
import { courseOf, isReduced } from './courses.ts';
import type { Coverage, MachineCoverage } from './coverage.ts';
import { checkLikeness } from './likeness.ts';
import { modelOf } from './model.ts';
import type { Counts, Outcome, Reduction } from './outcome.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import { type Space, spaceOf } from './space.ts';
import type { Counted } from './tally.ts';
import { toldTrace } from './trace.ts';
import { realViolation, realWay } from './unfolding.ts';
import type { World } from './world.ts';

export type Search = {
  /**
   * Expands about that many states more; undefined: it is not over. Once it is, the outcome stays. What only a step
   * shows to be beyond exploring is refused here.
   */
  advance(states: number): Result<Outcome | undefined, Refusal>;
  counts(): Counts;
  /** Of what it has met so far. */
  coverage(): Coverage;
  machines(): readonly MachineCoverage[];
  /** Counts what it has taken so far, with pauses; undefined with orders whose steps can't be told afterwards. */
  counted(): Generator<undefined, Counted> | undefined;
  /** Ends it for a reason of the caller's own. */
  stop(limit: 'time' | 'interrupted'): Outcome;
};

/** Explores a world to the end; what can't be explored exactly is refused. */
export function explore(world: World, bounds: Bounds = {}): Result<Outcome, Refusal> {
  const begun = beginSearch(world, bounds);
  if (!begun.ok) return begun;
  for (;;) {
    const advanced = begun.value.advance(Number.POSITIVE_INFINITY);
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) return ok(advanced.value);
  }
}

/** Nothing is expanded yet; what can't be explored exactly is refused. */
export function beginSearch(world: World, bounds: Bounds = {}): Result<Search, Refusal> {
  return unlessRefused(() => searchOf(world, bounds));
}

function searchOf(world: World, bounds: Bounds): Search {
  const model = modelOf(world);
  const space = spaceOf(model, bounds);
  /** What threads found wrong is told by this one alone, with numbers of its own. */
  const again = (): Space => spaceOf(modelOf(world), { ...bounds, workers: 1 });
  const course = courseOf(space, bounds, again);
  const reductions: Reduction[] = [
    ...(space.symmetry === undefined ? [] : (['symmetry'] as const)),
    ...(isReduced(space, bounds) ? (['por'] as const) : []),
  ];
  let outcome: Outcome | undefined;

  const counts = (): Counts => ({
    ...course.progress(),
    reductions,
  });
  const told = (verdict: Verdict): Outcome => {
    switch (verdict.kind) {
      case 'complete':
        if (space.symmetry !== undefined) checkLikeness(space, space.symmetry);
        return { kind: 'complete', unseen: space.unseen(), ...counts() };
      case 'limited':
        return { ...verdict, ...counts() };
      case 'violated': {
        const { violation, way } = realViolation(verdict.violation, verdict.way());
        return { kind: 'violated', violation, trace: toldTrace(model, way), ...counts() };
      }
      case 'deadlocked': {
        const { choices, last } = realWay(verdict.way());
        const waiting = space.waitingIn(last);
        return { kind: 'deadlocked', waiting, trace: toldTrace(model, choices), ...counts() };
      }
    }
  };
  const atStart = model.firstViolations.find(space.judged);
  if (atStart !== undefined)
    outcome = told({
      kind: 'violated',
      violation: atStart,
      way: () => ({ space, states: [0], choices: [] }),
    });

  function* counted(tried: Tried): Generator<undefined, Counted> {
    return (yield* countedPass(tried)).counted();
  }

  return {
    counts,
    counted: () => {
      const tried = course.tried?.();
      return tried && counted(tried);
    },
    coverage: model.cells.coverage,
    machines: model.cells.machines,
    advance: (states) =>
      unlessRefused(() => {
        if (outcome !== undefined) return outcome;
        const verdict = course.advance(states);
        if (verdict !== undefined) outcome = told(verdict);
        return outcome;
      }),
    stop: (limit) => {
      course.close?.();
      outcome ??= told({ kind: 'limited', limit });
      return outcome;
    },
  };
}
