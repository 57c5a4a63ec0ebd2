/**
 * Threads: a list of steps as an XState machine with its wiring, for what simply does one thing after the other.
 *
 * Actor:  active, `count` of them; each stands before one of its steps, or is done.
 * Policy: a step is one critical section. Whatever branches is a machine of its own.
 */
import type { AnyStateMachine } from 'xstate';
import { setup } from 'xstate';
import { alike, type SlotKind } from '../explore/slot-kind.ts';
import { type Answer, type Call, offer, type Read, where } from '../explore/wiring.ts';
import { actor, type Part } from '../explore/world.ts';
import { effect, question } from '../machines/wiring-types.ts';
import { StormdrainError } from '../scenarios/stormdrain-error.ts';

/** One step of a thread, in the order of its list. */
export type ThreadStep = {
  /** A kebab-case word, by which traces tell the step. */
  readonly step: string;
  /** When it can be taken; always unless told. `index` is the thread's number, from 0. */
  readonly when?: (index: number) => Answer;
  /** What it does to objects, in one critical section. */
  readonly does?: (index: number) => readonly Call[];
};

export type ThreadOptions = {
  /** One unless told. */
  readonly count?: number;
  /** Begins anew after the last step, and may rest before the first. */
  readonly repeats?: boolean;
  /** Nobody may count on its next step: it may rest anywhere. */
  readonly mayStop?: boolean;
};

export type Threads = {
  readonly kind: SlotKind;
  readonly part: Part;
  /** It has not taken the step, and all before it: it stands there. */
  before(step: string, index?: number): Read;
  /** It has taken its last step. */
  isDone(index?: number): Read;
};

const DONE = 'done';
const STEP = { type: 'step' } as const;

/** @throws StormdrainError when two steps have one name, or there is none. */
export function threads(
  name: string,
  steps: readonly ThreadStep[],
  { count = 1, repeats = false, mayStop = false }: ThreadOptions = {},
): Threads {
  const names = steps.map(({ step }) => step);
  const [first] = names;
  const twin = names.find((each, at) => each === DONE || names.indexOf(each) !== at);
  if (first === undefined || twin !== undefined) {
    const fault = first === undefined ? 'has no step' : `has the step "${twin}" twice`;
    const hint = 'give each step a name of its own, and none is called "done"';
    throw new StormdrainError('bad-thread', `thread ${name} ${fault}; ${hint}`);
  }
  const kind = alike(name, machineOf(name, steps, repeats ? first : DONE), {}, count);
  const isAt = (state: string, index: number): Read =>
    where(kind, index, ({ value }) => value === state);
  const at = (step: string): string => {
    if (names.includes(step)) return step;
    const hint = `its steps are ${names.join(', ')}`;
    throw new StormdrainError('unknown-name', `thread ${name} has no step "${step}"; ${hint}`);
  };
  return {
    kind,
    part: actor(kind, {
      takes: () => [offer(STEP)],
      asks: byName(steps, ({ when }) => when),
      effects: byName(steps, ({ does }) => does),
      mayRest: ({ value, status }) => mayStop || status === 'done' || (repeats && value === first),
    }),
    before: (step, index = 0) => isAt(at(step), index),
    isDone: (index = 0) => isAt(DONE, index),
  };
}

function machineOf(id: string, steps: readonly ThreadStep[], last: string): AnyStateMachine {
  const terms = setup({
    types: { events: {} as typeof STEP },
    actions: Object.fromEntries(steps.map(({ step }) => [step, effect()])),
    guards: Object.fromEntries(steps.map(({ step }) => [step, question(step)])),
  });
  const states = steps.map(({ step, when, does }, at) => {
    const taken = {
      target: steps[at + 1]?.step ?? last,
      ...(when === undefined ? {} : { guard: step }),
      ...(does === undefined ? {} : { actions: step }),
    };
    return [step, { on: { step: taken } }] as const;
  });
  return terms.createMachine({
    id,
    initial: steps[0]?.step ?? DONE,
    states: { ...Object.fromEntries(states), [DONE]: { type: 'final' } },
  });
}

/** What is told of an instance by its number: the steps of a thread have no params. */
const byName = <Told>(
  steps: readonly ThreadStep[],
  of: (step: ThreadStep) => ((index: number) => Told) | undefined,
) =>
  Object.fromEntries(
    steps.flatMap((step) => {
      const told = of(step);
      return told === undefined
        ? []
        : [[step.step, (_: unknown, index: number) => told(index)] as const];
    }),
  );
