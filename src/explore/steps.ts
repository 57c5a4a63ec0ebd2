/**
 * Steps: what XState makes of a snapshot and an event, with questions answered from a list.
 *
 * Guards that somebody else answers are replaced by a recorder. It gives the answers it has; the first one it hasn't
 * ends the step, and what came of the guess is thrown away.
 *
 * Policy: a step is a pure function of what it is asked for, so it is made once for all the worlds that have the same
 *         machine. Worlds that differ in one list of one driver share nearly all of them.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';

import { isPlain, plainText } from './plain-text.ts';
import { type ActionToRun, type PureStep, pureStep } from './pure-step.ts';

export type Question = {
  readonly name: string;
  readonly params: unknown;
  /** Name and params as one text. */
  readonly text: string;
};

/** By question text. */
export type Answers = ReadonlyMap<string, boolean>;

type Chosen = ReturnType<AnyStateMachine['getTransitionData']>;

export type Step =
  | { readonly kind: 'asks'; readonly question: Question }
  /** Nothing was asked that was not answered, and the machine threw. */
  | { readonly kind: 'threw'; readonly error: string }
  /** Something was asked once the transition was chosen. */
  | { readonly kind: 'asks-late' }
  | { readonly kind: 'inert'; readonly chosen: Chosen }
  | {
      readonly kind: 'steps';
      readonly chosen: Chosen;
      readonly next: AnyMachineSnapshot;
      readonly actions: readonly ActionToRun[];
    };

export type Steps = {
  /** The machine whose snapshots these are. */
  readonly machine: AnyStateMachine;
  step(snapshot: AnyMachineSnapshot, event: EventObject, answers: Answers): Step;
  /** Has the recorder answer, while `run` takes the machine's steps in another way. */
  answering<Value>(answers: Answers, run: () => Value): Value;
};

/** Steps kept of one machine; beyond, all are forgotten and made anew. */
const KEPT_MAX = 50_000;

const known = new WeakMap<AnyStateMachine, Map<string, Steps>>();

/** The steps of a machine whose guards `asked` are answered from lists. */
export function stepsOf(machine: AnyStateMachine, asked: readonly string[]): Steps {
  const key = [...asked].sort().join(' ');
  const byGuards = known.get(machine) ?? new Map<string, Steps>();
  const steps = byGuards.get(key) ?? recordedSteps(machine, asked);
  known.set(machine, byGuards.set(key, steps));
  return steps;
}

function recordedSteps(original: AnyStateMachine, names: readonly string[]): Steps {
  let given: Answers = new Map();
  let asked = 0;
  let missing: Question | undefined;

  const recorder =
    (name: string) =>
    (_: unknown, params: unknown): boolean => {
      const text = `${name} ${plainText(params)}`;
      asked += 1;
      const answer = given.get(text);
      if (answer === undefined) missing ??= { name, params, text };
      return answer ?? false;
    };
  const machine: AnyStateMachine = original.provide({
    guards: Object.fromEntries(names.map((name) => [name, recorder(name)])),
  });
  const stepped: PureStep = pureStep(machine);
  const answering = <Value>(answers: Answers, run: () => Value): Value => {
    given = answers;
    asked = 0;
    missing = undefined;
    return run();
  };

  const made = (snapshot: AnyMachineSnapshot, event: EventObject): Step => {
    let choosing: number | undefined;
    try {
      const chosen = machine.getTransitionData(snapshot, event);
      if (missing !== undefined) return { kind: 'asks', question: missing };
      if (chosen.every(({ target, actions }) => target === undefined && actions.length === 0)) {
        return { kind: 'inert', chosen };
      }
      choosing = asked;
      asked = 0;
      const [next, actions] = stepped(snapshot, event);
      return asked === choosing ? { kind: 'steps', chosen, next, actions } : { kind: 'asks-late' };
    } catch (error) {
      if (missing === undefined) return { kind: 'threw', error: String(error) };
      // The guess may have led where the machine can't be.
      return choosing === undefined ? { kind: 'asks', question: missing } : { kind: 'asks-late' };
    }
  };

  const kept = new Map<string, Step>();
  const textOf = textsOf();

  return {
    machine,
    answering,
    step: (snapshot, event, answers) => {
      const state = textOf(snapshot, () => [snapshot.value, snapshot.context]);
      const told = textOf(event, () => event);
      if (state === undefined || told === undefined) {
        return answering(answers, () => made(snapshot, event));
      }
      const key = `${state} ${told} ${[...answers].join(' ')}`;
      const before = kept.get(key);
      if (before !== undefined) return before;
      const step = answering(answers, () => made(snapshot, event));
      if (kept.size >= KEPT_MAX) kept.clear();
      kept.set(key, step);
      return step;
    },
  };
}

/** Texts of objects that come again and again; undefined of those that hold more than plain data. */
function textsOf(): (of: object, content: () => unknown) => string | undefined {
  const texts = new WeakMap<object, string>();
  return (of, content) => {
    const before = texts.get(of);
    if (before !== undefined) return before;
    const plain = content();
    if (!isPlain(plain)) return undefined;
    const text = plainText(plain);
    texts.set(of, text);
    return text;
  };
}
