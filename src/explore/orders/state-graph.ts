/**
 * State graph: the states of a world with an unordered operation, numbered as they are found, and the steps between.
 *
 * A state says where the operation is, and not which steps it has done: the same state may be met in many orders, and
 * its steps are found once.
 */
import { invariant } from '../../core/invariant.ts';
import type { OperationStep, OwnSteps } from '../../machines/operation-steps.ts';
import { carefulStep, type Locals, localOf } from '../careful-step.ts';
import type { Choice } from '../choices.ts';
import { type Model, type ModelGoal, modelOf } from '../model.ts';
import type { SlotRead } from '../reads.ts';
import type { Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { unorderedWorld } from './unordered-world.ts';

/** A step to a state, or one that goes wrong. */
export type Edge = {
  /** Number of the state; -1 when it goes wrong. */
  readonly to: number;
  readonly violation: Violation | undefined;
  /** Number of the choice. */
  readonly choice: number;
};

export type Phase = 'between' | 'inside' | 'over';

export type StateGraph = {
  readonly first: number;
  /** That the operation ends. */
  readonly ending: ModelGoal;
  /** All others. */
  readonly goals: readonly ModelGoal[];
  count(): number;
  /** Where the operation is: between two of its steps, inside one, or over. */
  phaseOf(state: number): Phase;
  /** The property that a state breaks. */
  brokenIn(state: number): Violation | undefined;
  /** Steps of everybody but the operation. */
  around(state: number): readonly Edge[];
  /** Steps of an operation that is inside a step. */
  own(state: number): readonly Edge[];
  /** Steps of an operation that is between two of them, once it is told to begin this one. */
  ownOnce(state: number, step: number): readonly Edge[];
  /** The operation is over. */
  ended(state: number): Edge;
  holds(reads: readonly SlotRead[], state: number): boolean;
  /** Names of those that may not rest as they are. */
  waitingIn(state: number): readonly string[];
};

/** @throws Refused when the world can't be explored exactly. */
export function stateGraph(
  world: World,
  operation: string,
  steps: readonly OperationStep[],
  ownSteps?: OwnSteps,
): StateGraph {
  const model = modelOf(unorderedWorld(world, operation, steps, ownSteps));
  const { cells } = model;
  const { slot, own, begins, end, others } = choicesOf(model, operation, steps.length);
  const numbers = new Map<string, number>();
  const states: Locals[] = [];
  const phases: Phase[] = [];
  const broken: (Violation | undefined)[] = [];
  const aroundOf: (readonly Edge[] | undefined)[] = [];
  const ownOf: (readonly Edge[] | undefined)[] = [];
  const onceOf: (readonly Edge[] | undefined)[][] = steps.map(() => []);

  const localsOf = (state: number): Locals => {
    const locals = states[state];
    invariant(locals !== undefined, `there is no state ${state}`);
    return locals;
  };
  const holdIn = (reads: readonly SlotRead[], locals: Locals): boolean =>
    reads.every(({ slot: of, holds }) => holds(localOf(locals, of)));
  const numberOf = (locals: Locals): number => {
    const text = String.fromCharCode(...locals);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = states.push(locals) - 1;
    numbers.set(text, number);
    phases.push(PHASES.get(controlIn(locals)) ?? 'inside');
    broken.push(model.properties.find(({ reads }) => holdIn(reads, locals))?.violation);
    return number;
  };
  const controlIn = (locals: Locals): string =>
    String(cells.localsOf(slot).controlOf(localOf(locals, slot.number)));
  const hasBegun = (state: number): boolean => controlIn(localsOf(state)) === 'underWay';
  const edge = (locals: Locals, choice: Choice): readonly Edge[] => {
    const step = carefulStep(cells, locals, choice);
    if (step === undefined) return [];
    const [violation] = step.violations;
    const to = violation === undefined ? numberOf(step.locals) : -1;
    if (to >= 0) lapsesNot(locals, step.locals, choice);
    return [{ to, violation, choice: choice.number }];
  };
  /** Who waits for a goal goes on waiting until it is met: goals are judged at the end only. */
  const lapsesNot = (from: Locals, to: Locals, { number }: Choice): void => {
    const lapsed = lasting.find(
      ({ whenever, goal, counted }) =>
        counted[number] === true &&
        holdIn(whenever, from) &&
        !holdIn(goal, from) &&
        !holdIn(goal, to) &&
        !holdIn(whenever, to),
    );
    invariant(lapsed === undefined, `${world.name}: ${lapsed?.violation.sentence}, or lapses`);
  };
  const told = (locals: Locals, choice: Choice): Locals => {
    const step = carefulStep(cells, locals, choice);
    invariant(step !== undefined, `${operation} can't be told anything here`);
    return step.locals;
  };
  const isOwn = ({ whenever }: ModelGoal): boolean =>
    whenever.some((read) => read.slot === slot.number);
  const ending = model.goals.find(isOwn);
  invariant(ending !== undefined, `${world.name} does not ask whether ${operation} ends`);
  const lasting = model.goals.filter((goal) => !isOwn(goal));
  const asked = model.properties.flatMap(({ reads }) =>
    reads.filter((read) => read.slot === slot.number),
  );
  /** What is judged may not depend on which step comes next, for between two steps that is not settled. */
  const judgeAlike = (between: Locals, begun: Locals): void => {
    const differ = asked.some((read) => holdIn([read], between) !== holdIn([read], begun));
    invariant(!differ, `a property of ${world.name} asks which step ${operation} is at`);
  };

  return {
    first: numberOf(model.first),
    ending,
    goals: lasting,
    count: () => states.length,
    phaseOf: (state) => phases[state] ?? 'inside',
    brokenIn: (state) => broken[state],
    around: (state) => {
      aroundOf[state] ??= others.flatMap((choice) => edge(localsOf(state), choice));
      return aroundOf[state];
    },
    own: (state) => {
      ownOf[state] ??= own.flatMap((choice) => edge(localsOf(state), choice));
      return ownOf[state];
    },
    ownOnce: (state, step) => {
      const known = onceOf[step];
      const begin = begins[step];
      invariant(known !== undefined && begin !== undefined, `there is no step ${step}`);
      if (known[state] === undefined) {
        const begun = told(localsOf(state), begin);
        if (hasBegun(state)) judgeAlike(localsOf(state), begun);
        known[state] = own.flatMap((choice) => edge(begun, choice));
      }
      return known[state];
    },
    ended: (state) => {
      const [ending] = edge(localsOf(state), end);
      invariant(ending !== undefined, `${operation} can't end here`);
      return ending;
    },
    holds: (reads, state) => holdIn(reads, localsOf(state)),
    waitingIn: (state) => {
      const locals = localsOf(state);
      return model.rests
        .filter(({ slot: of, holds }) => !holds(localOf(locals, of)))
        .map(({ slot: of }) => cells.slots.at(of).name);
    },
  };
}

const PHASES: ReadonlyMap<string, Phase> = new Map([
  ['notBegun', 'between'],
  ['underWay', 'between'],
  ['done', 'over'],
]);

/** The choices of the operation lie as {@link unorderedWorld} lists its takes. */
function choicesOf({ cells, choices }: Model, operation: string, steps: number) {
  const slot = cells.slots.named([operation, 0]);
  const ofOperation = choices.filter((choice) => choice.slot === slot);
  const own = ofOperation.slice(0, -steps - 1);
  const begins = ofOperation.slice(-steps - 1, -1);
  const end = ofOperation.at(-1);
  invariant(end !== undefined, `${operation} has no choices`);
  return { slot, own, begins, end, others: choices.filter((choice) => choice.slot !== slot) };
}
