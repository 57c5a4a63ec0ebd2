/**
 * Slots: a world's instances in a fixed order, each with its machine, its constants and its first state.
 *
 * Order: parts as the world lists them, instances by index. Every number the explorer uses for a slot is this one.
 */
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { refusedFeature } from './machine-features.ts';
import { Refused } from './refusal.ts';
import { slotNameOf } from './slot-kind.ts';
import type { SlotName } from './wiring.ts';
import type { Part, World } from './world.ts';

export type Slot = {
  readonly number: number;
  readonly part: Part;
  /** Which part of the world, from 0. */
  readonly kind: number;
  readonly index: number;
  /** As `worker[1]`, or the kind's name alone when it has one instance. */
  readonly name: string;
  /** Fields of the context that never vary. */
  readonly constants: Readonly<Record<string, unknown>>;
  readonly first: AnyMachineSnapshot;
};

export type Slots = {
  readonly all: readonly Slot[];
  at(number: number): Slot;
  named(name: SlotName): Slot;
};

/** @throws Refused when a machine of the world has something that can't be explored. */
export function slotsOf({ name, parts }: World): Slots {
  const all: Slot[] = [];
  const numbers = new Map<string, number>();
  for (const [kind, part] of parts.entries()) {
    const refusal = refusedFeature(part);
    if (refusal !== undefined) throw new Refused(refusal);
    invariant(!numbers.has(`${part.kind.name} 0`), `${name} has two kinds ${part.kind.name}`);
    for (const [index, input] of part.kind.inputs.entries()) {
      numbers.set(`${part.kind.name} ${index}`, all.length);
      all.push(slotOf(part, kind, index, input, all.length));
    }
  }

  const at = (number: number): Slot => {
    const slot = all[number];
    invariant(slot !== undefined, `${name} has no slot ${number}`);
    return slot;
  };
  return {
    all,
    at,
    named: ([kind, index]) => {
      const number = numbers.get(`${kind} ${index}`);
      invariant(number !== undefined, `${name} has no ${kind}[${index}]`);
      return at(number);
    },
  };
}

function slotOf(part: Part, kind: number, index: number, input: unknown, number: number): Slot {
  const machine: AnyStateMachine = part.kind.machine;
  const [first, actions] = started(machine, input);
  const [effect] = actions;
  if (effect !== undefined) {
    const feature = `an effect on entering the first state, ${effect.type}`;
    throw new Refused({ code: 'unsupported-feature', machine: machine.id, state: '', feature });
  }
  const fields: [string, unknown][] = Object.entries(first.context);
  return {
    number,
    part,
    kind,
    index,
    name: slotNameOf(part.kind, index),
    constants: Object.fromEntries(fields.filter(([field]) => part.kind.holds[field] === undefined)),
    first,
  };
}

/** A question asked on the way into the first state has nobody to answer it yet. */
function started(machine: AnyStateMachine, input: unknown) {
  try {
    return initialTransition(machine, input);
  } catch (error) {
    const feature = `on entering the first state: ${String(error)}`;
    throw new Refused({ code: 'machine-threw', machine: machine.id, state: '', feature });
  }
}
