/**
 * Filling: one run of XState's `transition()` on one snapshot, with questions answered from a list.
 *
 * Guards that the wiring answers are replaced by a recorder. It gives the answers it has; the first one it hasn't
 * ends the filling, and what came of the guess is thrown away. Questions may only choose a transition: live, one
 * asked later (by `always`, by enqueueActions) would see what this step's effects have already done.
 */
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventObject,
  transition,
} from 'xstate';

import { isEffect } from '../machines/wiring-types.ts';
import { plainText } from './plain-text.ts';
import { Refused } from './refusal.ts';
import { transitionsTaken } from './transitions-taken.ts';
import type { Part } from './world.ts';

export type Question = {
  readonly name: string;
  readonly params: unknown;
  /** Name and params as one text. */
  readonly text: string;
};

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

/** By question text. */
export type Answers = ReadonlyMap<string, boolean>;

export type Filling = {
  /** The machine whose snapshots this filling takes. */
  readonly machine: AnyStateMachine;
  /** Transitions of the machine that were chosen so far. */
  readonly taken: ReadonlySet<object>;
  /** @throws Refused when the step has something that can't be explored. */
  fill(snapshot: AnyMachineSnapshot, event: EventObject, answers: Answers): Filled;
};

export function filling({ kind, role, asks, effects }: Part): Filling {
  let given: Answers = new Map();
  let asked = 0;
  let missing: Question | undefined;
  const taken = new Set<object>();

  const recorder =
    (name: string) =>
    (_: unknown, params: unknown): boolean => {
      const text = `${name} ${plainText(params)}`;
      asked += 1;
      const answer = given.get(text);
      if (answer === undefined) missing ??= { name, params, text };
      return answer ?? false;
    };
  const machine: AnyStateMachine = kind.machine.provide({
    guards: Object.fromEntries(Object.keys(asks).map((name) => [name, recorder(name)])),
  });

  return {
    machine,
    taken,
    fill: (snapshot, event, answers) => {
      const refused = (code: Refused['refusal']['code'], feature: string): Refused =>
        new Refused({ code, machine: machine.id, state: plainText(snapshot.value), feature });
      const attempt = <Value>(run: () => Value): Value | undefined => {
        try {
          return run();
        } catch (error) {
          // With an answer missing, the guess may have led where the machine can't be.
          if (missing !== undefined) return undefined;
          throw refused('machine-threw', `${event.type}: ${String(error)}`);
        }
      };
      given = answers;
      asked = 0;
      missing = undefined;

      if (snapshot.status === 'done') {
        if (role === 'actor') return { kind: 'inert', taken: () => [] };
        throw refused('event-after-end', `${event.type} after the final state`);
      }
      const chosen = attempt(() => machine.getTransitionData(snapshot, event)) ?? [];
      if (missing !== undefined) return { kind: 'asks', question: missing };
      const isInert = chosen.every(
        ({ target, actions }) => target === undefined && actions.length === 0,
      );
      // What does nothing is no step of an actor, but an object may be told so.
      if (isInert && role === 'actor') return { kind: 'inert', taken: () => [] };
      for (const transition of chosen) taken.add(transition);
      if (isInert) return { kind: 'inert', taken: () => chosen };
      const choosing = asked;
      asked = 0;
      const stepped = attempt(() => transition(machine, snapshot, event));
      if (asked !== choosing || stepped === undefined) {
        throw refused('late-question', `a question asked after ${event.type} was chosen`);
      }
      const [next, actions] = stepped;
      return { kind: 'leaf', taken: takenWith(answers), next, effects: actions.filter(isLeft) };

      function takenWith(answers: Answers): Taken {
        return () => {
          given = answers;
          return transitionsTaken(machine, snapshot, event);
        };
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
