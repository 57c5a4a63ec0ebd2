/**
 * Machines: how a user's own XState machines become slots of a world, and say what varies in them.
 */
import type { AnyStateMachine, InputFrom } from 'xstate';
import { alike, type SlotKind, slotKind } from '../explore/slot-kind.ts';
import {
  bag,
  bit,
  count,
  type Fields,
  id,
  list,
  maybe,
  oneOf,
  record,
  scalar,
} from '../machines/wiring-types.ts';

/** How many instances there are, and which fields of their contexts vary. */
export type SlotOptions<Machine extends AnyStateMachine> = {
  /** Fields of the context that vary, with their bounds; all others are constants. */
  readonly holds?: Fields;
} & (
  | { readonly count?: number; readonly inputs?: undefined }
  /** One instance for each. */
  | { readonly inputs: readonly InputFrom<Machine>[]; readonly count?: undefined }
);

/** Slots of a machine under a kebab-case name; one unless told. */
export const slots = <Machine extends AnyStateMachine>(
  name: string,
  machine: Machine,
  { holds = {}, inputs, count: many = 1 }: SlotOptions<Machine> = {},
): SlotKind<Machine> =>
  inputs === undefined ? alike(name, machine, holds, many) : slotKind(name, machine, holds, inputs);

/** The bounds of fields that vary. */
export const held = { bit, count, oneOf, id, scalar, maybe, record, list, bag } as const;
