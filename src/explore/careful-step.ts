/**
 * Careful step: one choice carried out on unpacked local states, cell by cell, with all its effects in order.
 *
 * This is the reference: slow, and obviously what the cells say. Traces are told by it, the automaton is tested
 * against it, and it is tested against live actors.
 */
import { invariant } from '../core/invariant.ts';
import type { Cell, Cells, FiredEffect, SlotEvent } from './cells.ts';
import type { Choice } from './choices.ts';
import type { SlotRead } from './reads.ts';
import type { Violation } from './violation.ts';

/** One local state number a slot. */
export type Locals = readonly number[];

export type Step = {
  readonly event: number;
  readonly locals: Locals;
  readonly effects: readonly FiredEffect[];
  readonly violations: readonly Violation[];
};

export const localOf = (locals: Locals, slot: number): number => {
  const local = locals[slot];
  invariant(local !== undefined, `there is no slot ${slot}`);
  return local;
};

/** Undefined when the choice isn't open. @throws Refused */
export function carefulStep(cells: Cells, locals: Locals, choice: Choice): Step | undefined {
  const event = choice.eventIn(localOf(locals, (choice.from ?? choice.slot).number));
  if (event < 0) return undefined;
  const slot = choice.slot.number;
  const cell = decided(cells.cell(slot, localOf(locals, slot), event), locals);
  if (cell.kind === 'inert') return undefined;
  return { event, ...carriedOut(cells, locals, { slot, event }, choice.calls) };
}

/** An event sent to a slot, and then `calls`. @throws Refused */
export function carriedOut(
  cells: Cells,
  before: Locals,
  first: SlotEvent,
  calls: readonly SlotEvent[],
): Omit<Step, 'event'> {
  const locals = [...before];
  const effects: FiredEffect[] = [];
  const violations: Violation[] = [];
  const fire = ({ slot, event }: SlotEvent): void => {
    const cell = decided(cells.cell(slot, localOf(locals, slot), event), locals);
    if (cell.kind === 'inert') return;
    locals[slot] = cell.next;
    for (const { effect, violation, calls } of cell.consequences) {
      effects.push(effect);
      if (violation !== undefined) violations.push(violation);
      for (const call of calls) fire(call);
    }
  };
  for (const call of [first, ...calls]) fire(call);
  return { locals, effects, violations };
}

function decided(cell: Cell, locals: Locals): Exclude<Cell, { kind: 'question' }> {
  const holds = ({ slot, holds }: SlotRead): boolean => holds(localOf(locals, slot));
  return cell.kind === 'question' ? decided(cell.answered(cell.reads.every(holds)), locals) : cell;
}
