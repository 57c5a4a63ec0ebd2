/**
 * Machine features: a walk over a machine's states that finds what tables can't hold, before anything runs.
 *
 * Policy: what only shows when an action runs (enqueueActions, params) is found later, where cells are filled.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { isEffect, isQuestion } from '../machines/wiring-types.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import type { Part } from './world.ts';

/** Built-in actions that `transition()` takes care of itself. */
const PURE_ACTIONS = ['xstate.assign', 'xstate.raise', 'xstate.enqueueActions'];

type Found = { readonly code: RefusalCode; readonly feature: string };

/** The first thing in the machine of `part` that can't be explored. */
export function refusedFeature({ kind, role, asks, effects }: Part): Refusal | undefined {
  const { machine } = kind;
  for (const node of statesBelow(machine.root)) {
    const found =
      structure(node) ??
      (role === 'actor' && node.transitions.has('*')
        ? ({ code: 'bare-wildcard', feature: 'an actor that answers every event' } as const)
        : undefined) ??
      actionsOf(node)
        .map((action) => actionFault(machine, action, effects))
        .find((fault) => fault !== undefined) ??
      guardsOf(node)
        .map((guard) => guardFault(machine, guard, asks))
        .find((fault) => fault !== undefined);
    if (found !== undefined) return { ...found, machine: machine.id, state: node.path.join('.') };
  }
  return undefined;
}

/** A state and all states inside it. */
export function statesBelow(node: AnyStateNode): AnyStateNode[] {
  const children: AnyStateNode[] = Object.values(node.states);
  return [node, ...children.flatMap(statesBelow)];
}

function structure(node: AnyStateNode): Found | undefined {
  const unsupported = (feature: string): Found => ({ code: 'unsupported-feature', feature });
  if (node.invoke.length > 0) return unsupported('invoke');
  if (node.after.length > 0) return unsupported('after');
  if (node.type === 'history') return unsupported('history');
  return undefined;
}

const transitionsOf = (node: AnyStateNode) => [
  ...[...node.transitions.values()].flat(),
  ...(node.always ?? []),
];

/** Every action of a state: on entry, on exit, and of its transitions. */
export const actionsOf = (node: AnyStateNode): readonly unknown[] => [
  ...node.entry,
  ...node.exit,
  ...transitionsOf(node).flatMap(({ actions }) => actions),
];

const guardsOf = (node: AnyStateNode): readonly unknown[] =>
  transitionsOf(node)
    .map(({ guard }) => guard)
    .filter((guard) => guard !== undefined);

/** The name of a named action or guard, as written: alone or with params. */
function nameOf(member: unknown): string | undefined {
  if (typeof member === 'string') return member;
  return typeof member === 'object' && member !== null ? textField(member, 'type') : undefined;
}

function textField(member: object, name: string): string | undefined {
  const value = new Map<string, unknown>(Object.entries(member)).get(name);
  return typeof value === 'string' ? value : undefined;
}

function actionFault(
  machine: AnyStateMachine,
  action: unknown,
  effects: Part['effects'],
): Found | undefined {
  const name = nameOf(action);
  if (name === undefined) return builtInFault(action, 'an inline action');
  const implementation: unknown = machine.implementations.actions[name];
  if (implementation === undefined || isEffect(implementation)) {
    return name === 'violate' || effects[name] !== undefined
      ? undefined
      : { code: 'unwired-effect', feature: `effect ${name}` };
  }
  return builtInFault(implementation, `an action with a body, ${name}`);
}

/** `otherwise` says what the action is if XState did not make it. */
function builtInFault(action: unknown, otherwise: string): Found | undefined {
  const type = typeof action === 'function' ? textField(action, 'type') : undefined;
  if (type === undefined) return { code: 'unsupported-feature', feature: otherwise };
  const name = type.replace('xstate.', '');
  if (!PURE_ACTIONS.includes(type)) return { code: 'unsupported-feature', feature: name };
  const isDelayed = typeof action === 'function' && 'delay' in action && action.delay !== undefined;
  return isDelayed ? { code: 'unsupported-feature', feature: `delayed ${name}` } : undefined;
}

function guardFault(
  machine: AnyStateMachine,
  guard: unknown,
  asks: Part['asks'],
): Found | undefined {
  const name = nameOf(guard);
  if (name === undefined) {
    const parts = partsOf(guard);
    if (parts === undefined) return { code: 'unsupported-feature', feature: 'an inline guard' };
    return parts
      .map((part) => guardFault(machine, part, asks))
      .find((fault) => fault !== undefined);
  }
  if (asks[name] !== undefined) return undefined;
  const implementation: unknown = machine.implementations.guards[name];
  if (isQuestion(implementation)) return { code: 'unwired-question', feature: `question ${name}` };
  // A named guard is the machine's own code, or a combination of others.
  const parts = partsOf(implementation) ?? [];
  return parts.map((part) => guardFault(machine, part, asks)).find((fault) => fault !== undefined);
}

/** What `and`, `or` and `not` combine; empty for `stateIn`; undefined for a guard XState did not make. */
function partsOf(guard: unknown): readonly unknown[] | undefined {
  if (typeof guard !== 'function' || !('check' in guard)) return undefined;
  return 'guards' in guard && Array.isArray(guard.guards) ? guard.guards : [];
}
