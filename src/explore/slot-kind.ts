/**
 * Slot kind: a machine, what it holds, and one input for each of its instances.
 *
 * A slot is one instance: an actor or object of a world, known by its kind's name and its index.
 */
import type { AnyStateMachine, InputFrom } from 'xstate';

import type { Fields } from '../machines/wiring-types.ts';

export type SlotKind<Machine extends AnyStateMachine = AnyStateMachine> = {
  readonly name: string;
  readonly machine: Machine;
  /** Fields of the context that vary; all others are constants of the instance. */
  readonly holds: Fields;
  readonly inputs: readonly InputFrom<Machine>[];
};

export const slotKind = <Machine extends AnyStateMachine>(
  name: string,
  machine: Machine,
  holds: Fields,
  inputs: readonly InputFrom<Machine>[],
): SlotKind<Machine> => ({ name, machine, holds, inputs });

/** `count` instances of a machine that is told nothing. */
export const alike = <Machine extends AnyStateMachine>(
  name: string,
  machine: Machine,
  holds: Fields,
  count: number,
): SlotKind<Machine> => ({
  name,
  machine,
  holds,
  inputs: Array.from({ length: count }, () => undefined as InputFrom<Machine>), // it takes none
});

/** As `worker[1]`, or the kind's name alone when it has one instance. */
export const slotNameOf = ({ name, inputs }: SlotKind, index: number): string =>
  inputs.length === 1 ? name : `${name}[${index}]`;
