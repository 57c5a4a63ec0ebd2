/**
 * Automaton: builds the program of a world's choices from its cells, entry by entry, as the search needs them.
 *
 * Policy: the search walks the program; it comes here when it meets an entry nobody has filled or a special node.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import type { Cell, Cells, Consequence, Decided, SlotEvent } from './cells.ts';
import type { Choice } from './choices.ts';
import { bitsFor, type Layout, roomyLayout } from './layout.ts';
import {
  CLOSED,
  DONE,
  type Ints,
  type Nodes,
  nodesFor,
  ownInts,
  SPECIAL,
  UNFILLED,
} from './program.ts';
import type { SlotRead } from './reads.ts';
import type { Violation } from './violation.ts';

/** Of a slot with one state. */
const NO_FIELD = { word: 0, shift: 0, mask: 0 };

/** What a reading node does with the local state it finds. */
type Reading =
  | { readonly kind: 'take'; readonly choice: Choice }
  | {
      readonly kind: 'fire';
      readonly fired: SlotEvent;
      readonly rest: number;
      readonly opens: boolean;
    }
  | {
      readonly kind: 'ask';
      readonly holds: SlotRead['holds'];
      readonly yes: number;
      readonly no: number;
    };

/** A node that isn't a read: what it stands for is found when it is first met. */
type Special =
  | { readonly kind: 'violation'; readonly violation: Violation; readonly next: number }
  | { readonly kind: 'branch'; readonly resolve: () => number; found: number };

export type Automaton = {
  readonly nodes: Nodes;
  /** First node of each choice. */
  readonly roots: readonly number[];
  /** A node that ends in DONE when all reads hold, in CLOSED when one doesn't. */
  condition(reads: readonly SlotRead[]): number;
  layout(): Layout;
  /** Node after the entry that `node` has for `value`, filled now; UNFILLED when the layout is too narrow for it. */
  fill(node: number, value: number): number;
  /** Node that a special reference stands for, and the violation it passes. */
  special(reference: number): { readonly next: number; readonly violation: Violation | undefined };
  /** Node that follows a special reference as far as is known; UNFILLED when it never was met. */
  knownAfter(reference: number): number;
  /** What a node that fires an event makes of it in a state; undefined of other nodes. @throws Refused */
  firedAt(node: number, words: Int32Array): Decided | undefined;
  /** Widens the layout to what has been found; false when it fits already. */
  widen(): boolean;
};

/** `judged` tells which violations are nodes; others are passed over. */
export function automatonOf(
  cells: Cells,
  choices: readonly Choice[],
  judged: (violation: Violation) => boolean,
  ints: Ints = ownInts,
): Automaton {
  const { slots } = cells;
  const widths = (): number[] => slots.all.map((slot) => bitsFor(cells.localsOf(slot).count()));
  /** Slots of each kind that has more states than one, the fullest first. */
  const crowded = (): number[][] =>
    [...new Set(slots.all.map(({ kind }) => kind))]
      .map((kind) => slots.all.filter((slot) => slot.kind === kind))
      .map((alike) => ({ alike, count: alike[0] ? cells.localsOf(alike[0]).count() : 0 }))
      .filter(({ count }) => count > 1)
      .sort((a, b) => b.count / 2 ** bitsFor(b.count) - a.count / 2 ** bitsFor(a.count))
      .map(({ alike }) => alike.map(({ number }) => number));
  let layout = roomyLayout(widths(), crowded());
  const nodes = nodesFor(layout, ints);
  const readings = new Map<number, Reading>();
  const specials: Special[] = [];
  const shared = new Map<string, number>();

  const special = (node: Special): number => SPECIAL - (specials.push(node) - 1);
  const reading = (slot: number, what: Reading): number => {
    const node = nodes.reading(slot);
    readings.set(node, what);
    return node;
  };
  const sharing = (text: string, make: () => number): number => {
    const node = shared.get(text) ?? make();
    shared.set(text, node);
    return node;
  };

  /** `opens`: the first event of a choice, which closes the choice when nothing comes of it. */
  const fire = (fired: SlotEvent, rest: number, opens: boolean): number =>
    sharing(`${fired.slot} ${fired.event} ${rest} ${opens}`, () =>
      reading(fired.slot, { kind: 'fire', fired, rest, opens }),
    );
  const firing = (calls: readonly SlotEvent[], rest: number): number =>
    calls.reduceRight((next, call) => fire(call, next, false), rest);
  const doing = (consequences: readonly Consequence[], rest: number): number =>
    consequences.reduceRight((next, { violation, calls }) => {
      if (violation === undefined) return firing(calls, next);
      if (!judged(violation)) return next;
      return sharing(`${violation.slot} ${violation.property} ${violation.sentence} ${next}`, () =>
        special({ kind: 'violation', violation, next }),
      );
    }, rest);

  const asking = (reads: readonly SlotRead[], yes: number, no: number): number =>
    reads.reduceRight(
      (next, { slot, holds }) => reading(slot, { kind: 'ask', holds, yes: next, no }),
      yes,
    );

  /** Node that carries out what a cell says of a slot in state `local`; UNFILLED when its next state doesn't fit. */
  const carryOut = (cell: Cell, local: number, of: Reading & { kind: 'fire' }): number => {
    const { fired, rest, opens } = of;
    switch (cell.kind) {
      case 'inert':
        return opens ? CLOSED : rest;
      case 'leaf': {
        const next = doing(cell.consequences, rest);
        return cell.next === local ? next : nodes.flipping(fired.slot, cell.next ^ local, next);
      }
      case 'question': {
        const branch = (yes: boolean): number =>
          special({
            kind: 'branch',
            found: UNFILLED,
            resolve: () => decide(cell.answered(yes), local, of),
          });
        return asking(cell.reads, branch(true), branch(false));
      }
    }
  };
  const fits = (cell: Cell, slot: number): boolean =>
    cell.kind !== 'leaf' || cell.next <= (layout.fields[slot]?.mask ?? 0);
  const decide = (cell: Cell, local: number, of: Reading & { kind: 'fire' }): number =>
    fits(cell, of.fired.slot) ? carryOut(cell, local, of) : UNFILLED;

  const fill = (node: number, value: number): number => {
    const what = readings.get(node);
    invariant(what !== undefined, `node ${node} has nothing to fill`);
    const enter = (flip: number, next: number): number => {
      nodes.fill(node, value, flip, next);
      return next;
    };
    switch (what.kind) {
      case 'take': {
        const event = what.choice.eventIn(value);
        if (event < 0) return enter(0, CLOSED);
        const fired = { slot: what.choice.slot.number, event };
        return enter(0, fire(fired, firing(what.choice.calls, DONE), true));
      }
      case 'ask':
        return enter(0, what.holds(value) ? what.yes : what.no);
      case 'fire': {
        const cell = cells.cell(what.fired.slot, value, what.fired.event);
        if (!fits(cell, what.fired.slot)) return UNFILLED;
        // A transition without questions writes its slot by the entry itself.
        return cell.kind === 'leaf'
          ? enter(cell.next ^ value, doing(cell.consequences, what.rest))
          : enter(0, carryOut(cell, value, what));
      }
    }
  };

  const rootOf = (choice: Choice): number => {
    if (choice.from !== undefined) return reading(choice.from.number, { kind: 'take', choice });
    const fired = { slot: choice.slot.number, event: choice.eventIn(0) };
    return fired.event < 0 ? CLOSED : fire(fired, firing(choice.calls, DONE), true);
  };

  return {
    nodes,
    roots: choices.map(rootOf),
    condition: (reads) => asking(reads, DONE, CLOSED),
    layout: () => layout,
    fill,
    special: (reference) => {
      const node = specials[SPECIAL - reference];
      invariant(node !== undefined, `there is no special node ${reference}`);
      if (node.kind === 'violation') return node;
      if (node.found === UNFILLED) node.found = node.resolve();
      return { next: node.found, violation: undefined };
    },
    knownAfter: (reference) => {
      const node = specials[SPECIAL - reference];
      invariant(node !== undefined, `there is no special node ${reference}`);
      return node.kind === 'violation' ? node.next : node.found;
    },
    firedAt: (node, words) => {
      const what = readings.get(node);
      if (what?.kind !== 'fire') return undefined;
      const localIn = (slot: number): number => {
        const { word: at, shift, mask } = layout.fields[slot] ?? NO_FIELD;
        return (word(words, at) >>> shift) & mask;
      };
      const { slot, event } = what.fired;
      let cell = cells.cell(slot, localIn(slot), event);
      while (cell.kind === 'question') {
        cell = cell.answered(cell.reads.every((read) => read.holds(localIn(read.slot))));
      }
      return cell;
    },
    widen: () => {
      const needed = widths();
      if (needed.every((width, slot) => 2 ** width - 1 <= (layout.fields[slot]?.mask ?? 0))) {
        return false;
      }
      layout = roomyLayout(needed, crowded());
      nodes.relayout(layout);
      return true;
    },
  };
}
