/**
 * Seen properties: which properties a world could break at all, by whoever would see it.
 *
 * Its predicates and goals say so, its wirings tell (`World.tells`), and so do its machines, by their `violate`
 * effects. A search that is asked for any other would call the world clean of what nobody in it can see.
 */
import { type AnyActorLogic, type AnyMachineSnapshot, initialTransition } from 'xstate';

import { actionsOf, statesBelow } from './machine-features.ts';
import type { SlotKind } from './slot-kind.ts';
import type { World } from './world.ts';

export function seenProperties({ parts, properties, goals, tells }: World): ReadonlySet<string> {
  return new Set([
    ...(properties ?? []).map(({ id }) => id),
    ...(goals ?? []).map(({ id }) => id),
    ...(tells ?? []),
    ...parts.flatMap(({ kind }) => toldByMachine(kind)),
  ]);
}

function toldByMachine({ machine, inputs }: SlotKind): readonly string[] {
  const contexts = inputs.map((input) => contextAtStart(machine, input));
  return statesBelow(machine.root)
    .flatMap(actionsOf)
    .flatMap((action) => paramsOfViolation(action))
    .flatMap((params) => contexts.map((context) => propertyOf(params, context)))
    .filter((property) => property !== undefined);
}

/** The params of an action that is `violate`; none of any other. */
const paramsOfViolation = (action: unknown): readonly unknown[] =>
  typeof action === 'object' &&
  action !== null &&
  'type' in action &&
  action.type === 'violate' &&
  'params' in action
    ? [action.params]
    : [];

/** An event of which every field is there, and says nothing. */
const ANY_EVENT: object = new Proxy(
  {},
  { get: (_, field) => (field === Symbol.toPrimitive ? () => '' : ANY_EVENT) },
);

/** Params that are made from the event name the property beforehand all the same, or tell what wirings say. */
function propertyOf(params: unknown, context: unknown): string | undefined {
  const made: unknown =
    typeof params === 'function' ? params({ context, event: ANY_EVENT }) : params;
  return typeof made === 'object' &&
    made !== null &&
    'property' in made &&
    typeof made.property === 'string'
    ? made.property
    : undefined;
}

function contextAtStart(machine: AnyActorLogic, input: unknown): unknown {
  const [snapshot] = initialTransition(machine, input);
  return (snapshot as AnyMachineSnapshot).context; // slots are machines
}
