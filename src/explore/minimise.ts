/**
 * Minimise: a shorter way to a violation of the same property, in the same world.
 *
 * Method: first without searching: parts of the trace are left out, ever smaller ones, as long as the rest, run
 *         again, still ends in the violation. Then by searching breadth first for anything shorter: among the actors
 *         of the trace, which is a smaller space, and then among all. Searches are bounded; one that comes to its
 *         end proves that nothing is shorter.
 *
 * It is advanced by its caller, as a search is, and has its best so far at any time.
 */
import { invariant } from '../core/invariant.ts';
import { ok, type Result } from '../core/result.ts';
import type { Bounds } from './bounds.ts';
import { type Model, modelOf } from './model.ts';
import type { Outcome, Trace } from './outcome.ts';
import type { MeantStep } from './recorded-choice.ts';
import { DEADLOCK, foundIn } from './recorded-trace.ts';
import { type Refusal, Refused, unlessRefused } from './refusal.ts';
import { rerun } from './rerun.ts';
import { beginSearch } from './search.ts';
import { slotNameOf } from './slot-kind.ts';
import { toldTrace } from './trace.ts';
import type { Violation } from './violation.ts';
import type { World } from './world.ts';

export type Minimised = {
  readonly violation: Violation;
  readonly trace: Trace;
  /** No trace of the world that violates the property is shorter. */
  readonly isShortest: boolean;
};

export type Minimising = {
  /** A little more; undefined: it is not over. */
  advance(): Result<Minimised | undefined, Refusal>;
  /** Undefined while nothing has been left out yet. */
  best(): Minimised | undefined;
};

/** States a search for something shorter may store. */
const STATES_MAX = 1_000_000;
/** States expanded at a time. */
const SLICE_STATES = 5_000;

/** Caller's duty: `steps` violate `property` in `world`, and it is no goal. */
export function beginMinimising(
  world: World,
  steps: readonly MeantStep[],
  property: string,
  statesMax = STATES_MAX,
): Minimising {
  let best: Minimised | undefined;
  const course = shortening(world, steps, property, statesMax, (shorter) => {
    best = shorter;
  });
  return {
    best: () => best,
    advance: () =>
      unlessRefused(() => {
        const { done, value } = course.next();
        return done === true ? value : undefined;
      }),
  };
}

/** The same in one go. */
export function minimised(
  world: World,
  steps: readonly MeantStep[],
  property: string,
  statesMax = STATES_MAX,
): Result<Minimised, Refusal> {
  const minimising = beginMinimising(world, steps, property, statesMax);
  for (;;) {
    const advanced = minimising.advance();
    if (!advanced.ok) return advanced;
    if (advanced.value !== undefined) return ok(advanced.value);
  }
}

/** Pauses every so often. @throws Refused */
function* shortening(
  world: World,
  steps: readonly MeantStep[],
  property: string,
  statesMax: number,
  tell: (best: Minimised) => void,
): Generator<undefined, Minimised> {
  const model = modelOf(world);
  const again = rerun(model, yield* withoutNeedless(model, steps, property), property);
  invariant(again !== undefined, `the trace does not violate ${property}`);
  const trace = toldTrace(model, again.way);
  let best: Minimised = { trace, violation: again.violation, isShortest: false };
  tell(best);

  // A world with fewer actors is stuck where the whole world isn't.
  const actors = new Set(trace.map(({ actor }) => actor));
  const worlds = property === DEADLOCK ? [world] : [only(world, actors), world];
  for (const searched of worlds) {
    const { found, isOver } = yield* searchedBelow(searched, best, statesMax);
    best = { ...(found ?? best), isShortest: isOver && searched === world };
    tell(best);
  }
  return best;
}

/** Anything shorter than `best`, and whether all there is was seen. @throws Refused */
function* searchedBelow(
  world: World,
  { trace, violation }: Minimised,
  statesMax: number,
): Generator<undefined, { readonly found: Found | undefined; readonly isOver: boolean }> {
  if (trace.length === 0) return { found: undefined, isOver: true };
  const bounds = { statesMax, depthMax: trace.length - 1 };
  const outcome = yield* outcomeFor(world, violation.property, bounds);
  const found = foundIn(outcome);
  const isShorter = found !== undefined && found.trace.length < trace.length;
  const isOver = outcome.kind !== 'limited' || outcome.limit === 'depth';
  return { found: isShorter ? found : undefined, isOver };
}

type Found = { readonly trace: Trace; readonly violation: Violation };

/** A search that judges one property and nothing else, with pauses. @throws Refused */
export function* outcomeFor(
  world: World,
  property: string,
  bounds: Bounds,
): Generator<undefined, Outcome> {
  const judged = { properties: [property], mayDeadlock: property !== DEADLOCK };
  const begun = beginSearch(world, { ...bounds, ...judged });
  if (!begun.ok) throw new Refused(begun.error);
  for (;;) {
    const advanced = begun.value.advance(SLICE_STATES);
    if (!advanced.ok) throw new Refused(advanced.error);
    if (advanced.value !== undefined) return advanced.value;
    yield;
  }
}

/** Parts of ever smaller size left out, as long as one can be. @throws Refused */
function* withoutNeedless(
  model: Model,
  steps: readonly MeantStep[],
  property: string,
): Generator<undefined, readonly MeantStep[]> {
  let kept = steps;
  let size = Math.ceil(steps.length / 2);
  while (size >= 1) {
    let isShorter = false;
    for (let start = 0; start < kept.length; ) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (rerun(model, rest, property) === undefined) {
        start += size;
      } else {
        kept = rest;
        isShorter = true;
      }
      yield;
    }
    // One step gone may make another needless.
    if (!isShorter || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return kept;
}

/** The world in which nobody else takes a step; alike actors are no longer alike in it. */
function only({ symmetry: _, ...world }: World, actors: ReadonlySet<string>): World {
  return {
    ...world,
    parts: world.parts.map((part) => {
      const takes = (index: number) =>
        actors.has(slotNameOf(part.kind, index)) ? part.takes(index) : [];
      return { ...part, takes };
    }),
  };
}
