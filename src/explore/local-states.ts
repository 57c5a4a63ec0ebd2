/**
 * Local states: what one slot kind's instances have been found in, as small whole numbers.
 *
 * A local state is a control value and the fields the kind holds. Instances of one kind share the numbers, in the
 * order of discovery; what tells instances apart are constants, which cost no bits.
 */
import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { Fields } from '../machines/wiring-types.ts';
import { HeldMisfit, heldText } from './held-text.ts';
import { plainText } from './plain-text.ts';
import { Refused } from './refusal.ts';
import type { Slot } from './slots.ts';

export type LocalStates = {
  count(): number;
  /** The number of a snapshot's state. @throws Refused when it doesn't fit what the kind holds. */
  numberOf(slot: Slot, snapshot: AnyMachineSnapshot): number;
  /** The snapshot of `slot` in a state, of a machine that may have been provided with something. */
  snapshotOf(slot: Slot, local: number): AnyMachineSnapshot;
  /** The number of a state with other fields held, of the same control value. */
  withFields(local: number, fields: object): number;
  /** What the state holds, apart from its control value. */
  fieldsOf(local: number): object;
  controlOf(local: number): StateValue;
  /** Text of the state, the same for all snapshots of it. */
  textOf(local: number): string;
};

type Held = { readonly value: StateValue; readonly fields: object; readonly text: string };

/** `holds` are the fields that vary. */
export function localStates(machine: AnyStateMachine, holds: Fields): LocalStates {
  const states: Held[] = [];
  const numbers = new Map<string, number>();
  const snapshots = new Map<Slot, AnyMachineSnapshot[]>();
  const stateOf = (local: number): Held => {
    const state = states[local];
    invariant(state !== undefined, `${machine.id} has no local state ${local}`);
    return state;
  };

  const numberOf = (state: Held): number => {
    const known = numbers.get(state.text);
    if (known !== undefined) return known;
    numbers.set(state.text, states.length);
    return states.push(state) - 1;
  };

  return {
    count: () => states.length,
    numberOf: (slot, snapshot) => {
      const fields = heldFields(slot, snapshot);
      return numberOf({ value: snapshot.value, fields, text: stateText(slot, snapshot) });
    },
    withFields: (local, fields) => {
      const { value } = stateOf(local);
      return numberOf({ value, fields, text: textFor(value, holds, fields) });
    },
    fieldsOf: (local) => stateOf(local).fields,
    controlOf: (local) => stateOf(local).value,
    snapshotOf: (slot, local) => {
      const known = snapshots.get(slot) ?? [];
      if (known.length === 0) snapshots.set(slot, known);
      const { value, fields } = stateOf(local);
      known[local] ??= machine.resolveState({ value, context: { ...slot.constants, ...fields } });
      return known[local];
    },
    textOf: (local) => stateOf(local).text,
  };
}

/** Control value and held fields of a snapshot, as one text. @throws Refused */
export function stateText(slot: Slot, snapshot: AnyMachineSnapshot): string {
  const { holds } = slot.part.kind;
  try {
    return textFor(snapshot.value, holds, snapshot.context);
  } catch (error) {
    if (!(error instanceof HeldMisfit)) throw error;
    throw refused(slot, snapshot, error.misfit.code, error.message);
  }
}

const textFor = (value: StateValue, holds: Fields, fields: object): string =>
  `${plainText(value)} ${heldText(holds, fields)}`;

/** The fields that vary, once it is sure that the others don't. @throws Refused */
function heldFields(slot: Slot, snapshot: AnyMachineSnapshot): object {
  const fields: [string, unknown][] = Object.entries(snapshot.context);
  const isHeld = (field: string): boolean => slot.part.kind.holds[field] !== undefined;
  for (const [field, value] of fields) {
    const constant = slot.constants[field];
    if (isHeld(field) || constant === value || plainText(constant) === plainText(value)) continue;
    throw refused(slot, snapshot, 'undeclared-field', `${field} varies and is not held`);
  }
  return Object.fromEntries(fields.filter(([field]) => isHeld(field)));
}

const refused = (
  { part }: Slot,
  { value }: AnyMachineSnapshot,
  code: 'out-of-bounds' | 'undeclared-field',
  feature: string,
): Refused =>
  new Refused({ code, machine: part.kind.machine.id, state: plainText(value), feature });
