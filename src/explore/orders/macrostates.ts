/**
 * Macrostates: a world under every order of an operation's steps at once.
 *
 * A macrostate is the set of all states in which the world may be when certain steps have been done in a certain order,
 * everybody else having done as much or as little as they can. Orders that lead to the same set have the same future,
 * so they are followed once: the powerset construction, with the steps as letters.
 *
 * A step after a macrostate is *broken* when some way through it breaks a property, or can no longer come to its end
 * without a device that sends more; else it leads to the next macrostate. Goals are judged where the operation is over:
 * whatever waits for one earlier can come that far, since each step was found to end.
 */
import { invariant } from '../../core/invariant.ts';
import type { OperationStep, OwnSteps } from '../../machines/operation-steps.ts';
import type { ModelGoal } from '../model.ts';
import { deadlockOf } from '../recorded-trace.ts';
import type { Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { reachedBackwards } from './reached-backwards.ts';
import { type Edge, type StateGraph, stateGraph } from './state-graph.ts';
import { withEndings } from './unordered-world.ts';

export type Told =
  | { readonly kind: 'reached'; readonly macrostate: number }
  | { readonly kind: 'broken'; readonly violation: Violation };

export type Macrostates = {
  /** Before the first step. */
  readonly first: Told;
  after(macrostate: number, step: number): Told;
  /** The operation is over; undefined: nothing is wrong then, nor later. */
  ended(macrostate: number): Violation | undefined;
  states(): number;
  count(): number;
};

type Found = { readonly states: readonly number[] } | { readonly violation: Violation };

/** @throws Refused when the world can't be explored exactly. */
export function macrostatesOf(
  world: World,
  operation: string,
  steps: readonly OperationStep[],
  own?: OwnSteps,
): Macrostates {
  const graph = stateGraph(withEndings(world), operation, steps, own);
  const { ending, goals } = graph;
  const isCounted = ({ choice }: Edge): boolean => ending.counted[choice] === true;
  const numbers = new Map<string, number>();
  const all: (readonly number[])[] = [];
  const moves: (Told | undefined)[][] = [];
  const ends: ({ readonly violation: Violation | undefined } | undefined)[] = [];
  const told = (found: Found): Told => {
    if ('violation' in found) return { kind: 'broken', violation: found.violation };
    const members = found.states.toSorted((a, b) => a - b);
    const text = members.join();
    const macrostate = numbers.get(text) ?? all.push(members) - 1;
    if (macrostate === moves.length) moves.push([]);
    numbers.set(text, macrostate);
    return { kind: 'reached', macrostate };
  };
  const membersOf = (macrostate: number): readonly number[] => {
    const members = all[macrostate];
    invariant(members !== undefined, `there is no macrostate ${macrostate}`);
    return members;
  };

  const first = told(closed(graph, [graph.first], graph.around));

  const taken = (macrostate: number, step: number): Found => {
    const members = membersOf(macrostate);
    const begun = members.map((state) => graph.ownOnce(state, step));
    const wrong = violationAmong(begun.flat());
    if (wrong !== undefined) return { violation: wrong };
    const inside = closed(
      graph,
      begun.flat().map(({ to }) => to),
      (state) =>
        graph.phaseOf(state) === 'inside'
          ? [...graph.around(state), ...graph.own(state)]
          : graph.around(state),
    );
    if ('violation' in inside) return inside;
    const isFirst = first.kind === 'reached' && macrostate === first.macrostate;
    const stuck =
      stuckInside(inside.states) ??
      (isFirst ? strandedBefore(members, begun) : stuckBefore(members, begun));
    if (stuck !== undefined) return { violation: stuck(steps[step] ?? '') };
    // A step may find that the operation is refused, and be the last.
    const over = inside.states.filter((state) => graph.phaseOf(state) === 'over');
    const refused = wrongAtRest(over, () => false);
    if (refused !== undefined) return { violation: refused };
    const after = inside.states.filter((state) => graph.phaseOf(state) === 'between');
    return after.length === 0 ? { violation: neverEnds(steps[step] ?? '') } : { states: after };
  };

  type Stuck = ((step: string) => Violation) | undefined;
  const neverEnds = (step: string): Violation => ({
    ...ending.violation,
    property: step.startsWith('drain-') ? 'L2' : ending.violation.property,
    sentence: `${operation} never comes to the end of ${step}`,
  });
  const stuckInside = (states: readonly number[]): Stuck => {
    const ends = reachedBackwards(
      states,
      (state) => graph.phaseOf(state) !== 'inside',
      (state) => [...graph.around(state).filter(isCounted), ...graph.own(state)],
    );
    return states.every((state) => ends.has(state)) ? undefined : neverEnds;
  };
  const stuckBefore = (members: readonly number[], begun: readonly (readonly Edge[])[]): Stuck => {
    const begins = new Set(members.filter((_, at) => (begun[at] ?? []).length > 0));
    const reached = reachedBackwards(
      members,
      (state) => begins.has(state),
      (state) => graph.around(state).filter(isCounted),
    );
    return members.every((state) => reached.has(state)) ? undefined : neverEnds;
  };
  /** An operation may wait for its turn for ever, if nobody minds. */
  const strandedBefore = (
    members: readonly number[],
    begun: readonly (readonly Edge[])[],
  ): Stuck => {
    const begins = new Set(members.filter((_, at) => (begun[at] ?? []).length > 0));
    const violation = wrongAtRest(members, (state) => begins.has(state));
    return violation === undefined ? undefined : () => violation;
  };

  /** A deadlock, or a goal that can't be reached; from where `isLeft` somebody goes on to where goals are judged. */
  const wrongAtRest = (
    states: readonly number[],
    isLeft: (state: number) => boolean,
  ): Violation | undefined => {
    for (const state of states) {
      if (isLeft(state) || graph.around(state).length > 0) continue;
      const waiting = graph.waitingIn(state);
      if (waiting.length > 0) return deadlockOf(waiting);
    }
    return goals.find((goal) => isMissed(goal, states, isLeft))?.violation;
  };
  const isMissed = (
    { whenever, goal, counted }: ModelGoal,
    states: readonly number[],
    isLeft: (state: number) => boolean,
  ): boolean => {
    const asking = states.filter((state) => graph.holds(whenever, state));
    if (asking.length === 0) return false;
    const reached = reachedBackwards(
      states,
      (state) => isLeft(state) || graph.holds(goal, state),
      (state) => graph.around(state).filter(({ choice }) => counted[choice] === true),
    );
    return asking.some((state) => !reached.has(state));
  };

  const wrongAtEnd = (macrostate: number): Violation | undefined => {
    const over = membersOf(macrostate).map(graph.ended);
    const wrong = violationAmong(over);
    if (wrong !== undefined) return wrong;
    const found = closed(
      graph,
      over.map(({ to }) => to),
      graph.around,
    );
    return 'violation' in found ? found.violation : wrongAtRest(found.states, () => false);
  };

  return {
    first,
    after: (macrostate, step) => {
      const known = moves[macrostate];
      invariant(known !== undefined, `there is no macrostate ${macrostate}`);
      known[step] ??= told(taken(macrostate, step));
      return known[step];
    },
    ended: (macrostate) => {
      ends[macrostate] ??= { violation: wrongAtEnd(macrostate) };
      return ends[macrostate].violation;
    },
    states: graph.count,
    count: () => all.length,
  };
}

const violationAmong = (edges: readonly Edge[]): Violation | undefined =>
  edges.find(({ violation }) => violation !== undefined)?.violation;

/** All states that steps lead to, those begun with included. */
function closed(
  graph: StateGraph,
  from: readonly number[],
  stepsOf: (state: number) => readonly Edge[],
): Found {
  const known = new Set(from);
  const states = [...known];
  for (const state of states) {
    const broken = graph.brokenIn(state);
    if (broken !== undefined) return { violation: broken };
    for (const { to, violation } of stepsOf(state)) {
      if (violation !== undefined) return { violation };
      if (known.has(to)) continue;
      known.add(to);
      states.push(to);
    }
  }
  return { states };
}
