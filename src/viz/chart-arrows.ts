/**
 * Chart arrows: which lines a drawing has, from where to where, and what each stands for.
 *
 * Policy: transitions with the same two ends share an arrow, in the definition's order. What leaves from whatever a
 *         state is in, to something inside it, leaves from a box of its own, "any state".
 */
import type { Chart, ChartState, ChartTransition } from './chart.ts';
import { statesWithin } from './chart.ts';

/** An end of an arrow: a state, a state's initial dot, or its "any state" box. */
export type End = { readonly state: string; readonly part: 'state' | 'dot' | 'any' };

export type Arrow = {
  readonly id: string;
  readonly from: End;
  readonly to: End;
  /** None on the way from an initial dot. */
  readonly transitions: readonly ChartTransition[];
  /** Whether it leads to something that stands later in the definition. */
  readonly forward: boolean;
};

export const endId = ({ state, part }: End): string =>
  part === 'state' ? state : `${state} ${part}`;

export function arrowsOf({ root }: Chart): readonly Arrow[] {
  const states = statesWithin(root);
  const order = new Map(states.map(({ id }, position) => [id, position]));
  const byId = new Map(states.map((state) => [state.id, state]));
  const position = ({ state, part }: End): number =>
    (order.get(state) ?? 0) + (part === 'state' ? 0 : 0.5);
  const arrows = new Map<string, Arrow>();

  const add = (from: End, to: End, transition: ChartTransition | undefined): void => {
    const id = `${endId(from)} -> ${endId(to)}`;
    const before = arrows.get(id)?.transitions ?? [];
    arrows.set(id, {
      id,
      from,
      to,
      transitions: transition === undefined ? before : [...before, transition],
      forward: from.part !== 'state' || position(to) > position(from),
    });
  };

  for (const state of states) {
    for (const id of state.initial) {
      add({ state: state.id, part: 'dot' }, { state: id, part: 'state' }, undefined);
    }
    for (const transition of state.transitions) {
      for (const target of transition.targets) {
        const other = byId.get(target);
        if (other === undefined || isLoopOfParallel(state, other)) continue;
        add(leaving(state, other), entering(state, other), transition);
      }
    }
  }
  return [...arrows.values()];
}

/** Nothing inside to point at: told in words inside the box. */
export const isLoopOfParallel = (state: ChartState, target: { readonly id: string }): boolean =>
  state.kind === 'parallel' && state.id === target.id;

const holdsState = (outer: ChartState, inner: ChartState): boolean =>
  statesWithin(outer).some(({ id }) => id === inner.id);

function leaving(state: ChartState, target: ChartState): End {
  const isInside = state.states.length > 0 && holdsState(state, target);
  return { state: state.id, part: isInside ? 'any' : 'state' };
}

/** To come from inside into a state is to begin it again. */
function entering(state: ChartState, target: ChartState): End {
  const isOutside = target.kind === 'compound' && holdsState(target, state);
  return { state: target.id, part: isOutside ? 'dot' : 'state' };
}
