/**
 * Careful step: one choice carried out on unpacked local states, cell by cell, with all its effects in order.
 *
 * This is the reference: slow, and obviously what the cells say. Traces are told by it, the automaton is tested
 * against it, and it is tested against live actors.
 */
import { invariant } from '../core/invariant.ts';
import type { Cell, Cells, Decided, FiredEffect, SlotEvent } from './cells.ts';
import type { Choice } from './choices.ts';
import type { SlotRead } from './reads.ts';
import type { Violation } from './violation.ts';

/** One local state number a slot. */
export type Locals = readonly number[];

export type Step = {
  readonly event: number;
  readonly locals: Locals;
  /** In order; the taking's own calls come from its actor. */
  readonly calls: readonly SentCall[];
  /** Slots that questions were asked about, each once. */
  readonly reads: readonly number[];
  readonly effects: readonly FiredEffect[];
  readonly violations: readonly Violation[];
  /** What each slot that was sent an event made of it, in order. */
  readonly cells: readonly Decided[];
};

/** Slots and event by number. */
export type SentCall = { readonly from: number; readonly to: number; readonly event: number };

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
  const cell = decided(cells.cell(slot, localOf(locals, slot), event), locals, unnoted);
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
  const fired: Decided[] = [];
  const sent: SentCall[] = [];
  const reads = new Set<number>();
  const note = ({ slot }: SlotRead): void => {
    reads.add(slot);
  };
  const fire = ({ slot, event }: SlotEvent): void => {
    const cell = decided(cells.cell(slot, localOf(locals, slot), event), locals, note);
    fired.push(cell);
    if (cell.kind === 'inert') return;
    locals[slot] = cell.next;
    for (const { effect, violation, calls } of cell.consequences) {
      effects.push(effect);
      if (violation !== undefined) violations.push(violation);
      for (const call of calls) send(slot, call);
    }
  };
  const send = (from: number, call: SlotEvent): void => {
    sent.push({ from, to: call.slot, event: call.event });
    fire(call);
  };
  fire(first);
  for (const call of calls) send(first.slot, call);
  return { locals, effects, violations, calls: sent, reads: [...reads], cells: fired };
}

/** What a cell comes to; `note` hears of every slot that is looked at. */
function decided(cell: Cell, locals: Locals, note: (read: SlotRead) => void): Decided {
  if (cell.kind !== 'question') return cell;
  const yes = cell.reads.every((read) => {
    note(read);
    return read.holds(localOf(locals, read.slot));
  });
  return decided(cell.answered(yes), locals, note);
}

const unnoted = (): void => {};
