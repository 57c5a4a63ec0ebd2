/**
 * Choices: every step some actor might take next, in a fixed order: actors by slot, takes as each lists them.
 *
 * Whether one is open in a state is decided there: there must be an event to take, and the actor must do something
 * with it.
 */
import type { EventObject } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { Cells, SlotEvent } from './cells.ts';
import type { Slot } from './slots.ts';

export type Choice = {
  readonly number: number;
  readonly slot: Slot;
  /** Which of the slot's takes, from 0. */
  readonly take: number;
  /** The slot the event is made from; undefined when it is always the same. */
  readonly from: Slot | undefined;
  /** The event's number when `from` is in this local state (any, when there is none); -1: none to take. */
  eventIn(local: number): number;
  /** Calls made after the actor's own. */
  readonly calls: readonly SlotEvent[];
};

export function choicesOf(cells: Cells): readonly Choice[] {
  const choices: Choice[] = [];
  for (const slot of cells.slots.all) {
    for (const [index, take] of slot.part.takes(slot.index).entries()) {
      const from = take.from === undefined ? undefined : cells.slots.named(take.from);
      const known: number[] = [];
      const numberOf = (event: EventObject | undefined): number =>
        event === undefined ? -1 : cells.eventNumber(slot, event);
      choices.push({
        number: choices.length,
        slot,
        take: index,
        from,
        calls: cells.callsOf(take.calls, slot),
        eventIn: (local) => {
          const source = from ?? slot;
          const at = from === undefined ? 0 : local;
          known[at] ??= numberOf(
            take.event(cells.localsOf(source).snapshotOf(source, from === undefined ? local : at)),
          );
          return known[at];
        },
      });
    }
  }
  return choices;
}

/** The choice with that number. */
export function choiceAt(choices: readonly Choice[], number: number): Choice {
  const choice = choices[number];
  invariant(choice !== undefined, `there is no choice ${number}`);
  return choice;
}
