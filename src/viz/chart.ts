/**
 * Chart: what a machine's definition says, as a plain tree that every drawing is made from.
 *
 * Source: the public fields of XState's StateNode.
 * Policy: order is the definition's. Nothing is measured or placed here.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { eventText, guardText, nameOf } from './chart-words.ts';

export type ChartAction = {
  readonly name: string;
  /** Params that never vary, by name. */
  readonly constants: Readonly<Record<string, string | number | boolean>>;
  /** Whether the params are made when the action is taken. */
  readonly computed: boolean;
};

export type ChartTransition = {
  /** State, event and index: one text that stays while the definition does. */
  readonly id: string;
  /** XState's type: empty for `always`. */
  readonly event: string;
  /** Among the transitions of its state for its event, from 0: they are tried in this order. */
  readonly index: number;
  /** In words. */
  readonly guard: string | undefined;
  /** Unguarded, behind others that are guarded. */
  readonly otherwise: boolean;
  readonly actions: readonly ChartAction[];
  /** Ids of states; none: the state is not left. */
  readonly targets: readonly string[];
  readonly reenter: boolean;
  /** How often it was taken, in a chart that knows. */
  readonly taken: number | undefined;
};

export type ChartState = {
  readonly id: string;
  readonly key: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly tags: readonly string[];
  readonly entry: readonly ChartAction[];
  readonly exit: readonly ChartAction[];
  /** Ids of the states entered first; none but in a compound state. */
  readonly initial: readonly string[];
  /** What is done on the way to them. */
  readonly initialActions: readonly ChartAction[];
  readonly transitions: readonly ChartTransition[];
  readonly states: readonly ChartState[];
};

/** The root stands for the machine, its key is the machine's name. */
export type Chart = { readonly name: string; readonly root: ChartState };

/** `name` is what the chart is called, where that is more than the machine's id. */
export const chartOf = (machine: AnyStateMachine, name = machine.id): Chart => ({
  name,
  root: { ...stateOf(machine.root), key: name },
});

/** A state and all within, outermost first. */
export const statesWithin = (state: ChartState): readonly ChartState[] => [
  state,
  ...state.states.flatMap(statesWithin),
];

export const transitionId = (state: string, event: string, index: number): string =>
  `${state} ${event === '' ? 'always' : event} ${index}`;

function stateOf(node: AnyStateNode): ChartState {
  const { id, key, type: kind } = node;
  return {
    id,
    key,
    kind,
    tags: node.tags,
    entry: node.entry.filter(isDrawn).map(actionOf),
    exit: node.exit.filter(isDrawn).map(actionOf),
    initial: kind === 'compound' ? (node.initial.target ?? []).map(idOf) : [],
    initialActions: kind === 'compound' ? node.initial.actions.map(actionOf) : [],
    transitions: transitionsOf(node),
    states: Object.values(node.states).map(stateOf),
  };
}

const idOf = ({ id }: AnyStateNode): string => id;

type Definition = NonNullable<AnyStateNode['always']>[number];

function transitionsOf(node: AnyStateNode): readonly ChartTransition[] {
  const byEvent: readonly (readonly [string, readonly Definition[]])[] = [
    ...node.transitions,
    ['', node.always ?? []],
  ];
  return byEvent.flatMap(([event, definitions]) =>
    definitions.map(
      ({ guard, actions, target, reenter }, index): ChartTransition => ({
        id: transitionId(node.id, event, index),
        event,
        index,
        guard: guard === undefined ? undefined : guardText(guard),
        otherwise: guard === undefined && index > 0,
        actions: actions.map(actionOf),
        targets: (target ?? []).map(idOf),
        reenter,
        taken: undefined,
      }),
    ),
  );
}

/** XState's own timers stand in entry and exit; the chart shows them as transitions. */
const isDrawn = (action: unknown): boolean => !/^xstate\.(raise|cancel)$/.test(Object(action).type);

function actionOf(action: unknown): ChartAction {
  const { params, assignment }: { params?: unknown; assignment?: unknown } = Object(action);
  if (typeof assignment === 'object' && assignment !== null) return assignmentOf(assignment);
  return {
    name: nameOf(action),
    constants: Object.fromEntries(
      Object.entries(typeof params === 'object' && params !== null ? params : {}).filter(
        isConstant,
      ),
    ),
    computed: typeof params === 'function',
  };
}

/** An assignment written beside its chart has no name, but says what it sets. */
function assignmentOf(assignment: object): ChartAction {
  const sets = Object.entries(assignment).map(([field, value]: [string, unknown]) =>
    typeof value === 'function'
      ? `${field} := ...`
      : `${field} := ${value === undefined ? 'none' : String(value)}`,
  );
  return { name: sets.join(', ') || 'assign', constants: {}, computed: false };
}

function isConstant(
  entry: readonly [string, unknown],
): entry is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1]);
}

/** `refuse(EINVAL)`: an action with what never varies of it. */
function actionText({ name, constants }: ChartAction): string {
  const values = Object.values(constants);
  return values.length === 0 ? name : `${name}(${values.join(', ')})`;
}

export const actionsText = (actions: readonly ChartAction[]): string =>
  actions.length === 0 ? '' : `/ ${actions.map(actionText).join(', ')}`;

/** `event [guard]`. */
export function triggerText({ event, guard, otherwise }: ChartTransition): string {
  const condition = guard ?? (otherwise ? 'else' : undefined);
  return condition === undefined ? eventText(event) : `${eventText(event)} [${condition}]`;
}

/** What is taken and does nothing stops what is around the state from taking it. */
export const isIgnored = ({ actions, targets }: ChartTransition): boolean =>
  actions.length === 0 && targets.length === 0;

/** `event [guard] / actions`. */
export const transitionText = (transition: ChartTransition): string =>
  [
    triggerText(transition),
    actionsText(transition.actions),
    isIgnored(transition) ? '(ignored)' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
