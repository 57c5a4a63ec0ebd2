/**
 * Filling: one step of one slot's machine as the world sees it, or what keeps it from being explored.
 *
 * Questions may only choose a transition: live, one asked later (by `always`, by enqueueActions) would see what this
 * step's effects have already done.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';

import { isEffect } from '../machines/wiring-types.ts';
import { plainText } from './plain-text.ts';
import { Refused } from './refusal.ts';
import { type Answers, type Question, stepsOf } from './steps.ts';
import { transitionsTaken } from './transitions-taken.ts';
import type { Part } from './world.ts';

export type Filled =
  | { readonly kind: 'inert'; readonly taken: Taken }
  | { readonly kind: 'asks'; readonly question: Question }
  | {
      readonly kind: 'leaf';
      readonly taken: Taken;
      readonly next: AnyMachineSnapshot;
      /** Named effects in order, without what XState has already taken care of. */
      readonly effects: readonly { readonly type: string; readonly params: unknown }[];
    };

/** Transitions of the machine that are taken, those without an event among them; found when asked for. */
export type Taken = () => readonly object[];

export type Filling = {
  /** The machine whose snapshots this filling takes. */
  readonly machine: AnyStateMachine;
  /** Transitions of the machine that were chosen so far. */
  readonly taken: ReadonlySet<object>;
  /** @throws Refused when the step has something that can't be explored. */
  fill(snapshot: AnyMachineSnapshot, event: EventObject, answers: Answers): Filled;
};

export function filling({ kind, role, asks, effects }: Part): Filling {
  const steps = stepsOf(kind.machine, Object.keys(asks));
  const { machine } = steps;
  const taken = new Set<object>();

  return {
    machine,
    taken,
    fill: (snapshot, event, answers) => {
      const refused = (code: Refused['refusal']['code'], feature: string): Refused =>
        new Refused({ code, machine: machine.id, state: plainText(snapshot.value), feature });

      if (snapshot.status === 'done') {
        if (role === 'actor') return { kind: 'inert', taken: () => [] };
        throw refused('event-after-end', `${event.type} after the final state`);
      }
      const step = steps.step(snapshot, event, answers);
      switch (step.kind) {
        case 'asks':
          return step;
        case 'threw':
          throw refused('machine-threw', `${event.type}: ${step.error}`);
        case 'asks-late':
          throw refused('late-question', `a question asked after ${event.type} was chosen`);
        case 'inert':
          // What does nothing is no step of an actor, but an object may be told so.
          if (role === 'actor') return { kind: 'inert', taken: () => [] };
          for (const transition of step.chosen) taken.add(transition);
          return { kind: 'inert', taken: () => step.chosen };
        case 'steps': {
          const { chosen, next, actions } = step;
          for (const transition of chosen) taken.add(transition);
          return {
            kind: 'leaf',
            taken: () => steps.answering(answers, () => transitionsTaken(machine, snapshot, event)),
            next,
            effects: actions.filter(isLeft),
          };
        }
      }

      function isLeft(action: { readonly type: string; readonly params?: unknown }): boolean {
        const { type, params } = action;
        if (type === 'xstate.raise' && !isDelayed(params)) return false;
        if (type.startsWith('xstate.')) throw refused('unsupported-feature', type.slice(7));
        const body: unknown = machine.implementations.actions[type];
        if (body !== undefined && !isEffect(body)) {
          throw refused('unsupported-feature', `an action with a body, ${type}`);
        }
        if (type !== 'violate' && effects[type] === undefined) {
          throw refused('unwired-effect', `effect ${type}`);
        }
        return true;
      }
    },
  };
}

const isDelayed = (params: unknown): boolean =>
  typeof params === 'object' && params !== null && 'delay' in params && params.delay !== undefined;
