/**
 * Footprints: which slots the steps of an actor look at and write, now and from now on, as far as is known.
 *
 * They are read off the program, entry by entry, so they are those of every walk ever taken, of closed choices too,
 * and grow as a search goes on. A step of one actor and a step of another whose footprints don't meet commute.
 */
import type { Automaton } from './automaton.ts';
import type { Model } from './model.ts';
import type { Entry } from './program.ts';
import { SPECIAL, UNFILLED } from './program.ts';
import type { SlotRead } from './reads.ts';
import type { Move, Symmetry } from './symmetry.ts';

/** One bit a slot, 32 a word. */
export type SlotSet = Int32Array;

export type Footprint = {
  /** Slots looked at or written. */
  readonly touched: SlotSet;
  readonly written: SlotSet;
};

export type Reach = {
  /** Of the next step, whichever it is. */
  readonly now: Footprint;
  /** Whether the next step may change what a property or sighting reads of a slot. */
  isSeen: boolean;
  /** Of all steps to come. */
  readonly later: Footprint;
  /** Local states that steps lead to. */
  readonly successors: Set<number>;
};

/** By slot of an actor and local state. */
export type Footprints = ReadonlyMap<number, readonly Reach[]>;

/** `watched` are the reads of all that is judged. */
export function footprintsOf(
  automaton: Automaton,
  { cells, choices }: Model,
  watched: readonly SlotRead[],
  symmetry: Symmetry | undefined,
): Footprints {
  const { nodes, roots, knownAfter } = automaton;
  const words = Math.max(1, Math.ceil(cells.slots.all.length / 32));
  const readsOf = cells.slots.all.map(({ number }) =>
    watched.filter(({ slot }) => slot === number),
  );
  const localsOf = (slot: number): number => cells.localsOf(cells.slots.at(slot)).count();
  const known = new Map<number, readonly Entry[]>();
  const entriesOf = (node: number): readonly Entry[] => {
    const entries = known.get(node) ?? nodes.entriesOf(node);
    known.set(node, entries);
    return entries;
  };
  const footprint = (): Footprint => ({
    touched: new Int32Array(words),
    written: new Int32Array(words),
  });

  /** Adds what may follow a node when the actor in `slot` is in state `local`. */
  const follow = (node: number, slot: number, local: number, reach: Reach, seen: Set<number>) => {
    let at = node;
    while (at <= SPECIAL) at = knownAfter(at);
    if (at <= UNFILLED || seen.has(at)) return;
    seen.add(at);
    const of = nodes.slotOf(at);
    add(reach.now.touched, of);
    for (const { value, flip, next } of entriesOf(at)) {
      if (of === slot && nodes.isReading(at) && value !== local) continue;
      if (flip !== 0) {
        add(reach.now.written, of);
        if (of === slot) reach.successors.add(local ^ flip);
        // What a flipping node of another slot finds there is not known here.
        const before = of === slot ? local : nodes.isReading(at) ? value : undefined;
        const reads = readsOf[of] ?? [];
        reach.isSeen ||= reads.some(
          ({ holds }) => before === undefined || holds(before) !== holds(before ^ flip),
        );
      }
      follow(next, slot, local, reach, seen);
    }
  };

  const actors = new Map<number, Reach[]>();
  const reachAt = (slot: number, local: number): Reach => {
    const ofSlot = actors.get(slot) ?? [];
    actors.set(slot, ofSlot);
    ofSlot[local] ??= {
      now: footprint(),
      isSeen: false,
      later: footprint(),
      successors: new Set(),
    };
    return ofSlot[local];
  };
  for (const { slot, number } of choices) {
    for (let local = 0; local < localsOf(slot.number); local += 1) {
      const reach = reachAt(slot.number, local);
      add(reach.now.touched, slot.number);
      follow(roots[number] ?? UNFILLED, slot.number, local, reach, new Set());
    }
  }
  if (symmetry !== undefined) exchangeAll(actors, symmetry, reachAt);
  for (const ofSlot of actors.values()) gatherLater(ofSlot);
  return actors;
}

/** What is known of a slot in a state is known of the slot and state it is exchanged for. */
function exchangeAll(
  actors: ReadonlyMap<number, readonly Reach[]>,
  { generators }: Symmetry,
  reachAt: (slot: number, local: number) => Reach,
): void {
  const imagesIn = (moves: readonly Move[]): boolean =>
    [...actors].reduce((before, [slot, ofSlot]) => {
      const { to, renamed } = movedBy(moves, slot);
      return [...ofSlot.entries()].reduce(
        (grew, [local, reach]) =>
          addMoved(reachAt(to, renamed(local)), reach, moves, renamed) || grew,
        before,
      );
    }, false);
  while (generators.map(imagesIn).includes(true));
}

function movedBy(moves: readonly Move[], of: number) {
  const move = moves.find(({ slot, other }) => slot === of || other === of);
  const renamed = move?.renamed ?? ((local: number) => local);
  return { to: move === undefined ? of : move.slot === of ? move.other : move.slot, renamed };
}

function addMoved(
  image: Reach,
  { now, isSeen, successors }: Reach,
  moves: readonly Move[],
  renamed: (local: number) => number,
): boolean {
  let grew = isSeen && !image.isSeen;
  image.isSeen ||= isSeen;
  for (const of of ['touched', 'written'] as const) {
    for (const slot of membersOf(now[of])) {
      const { to } = movedBy(moves, slot);
      if (has(image.now[of], to)) continue;
      add(image.now[of], to);
      grew = true;
    }
  }
  for (const local of successors) {
    if (image.successors.has(renamed(local))) continue;
    image.successors.add(renamed(local));
    grew = true;
  }
  return grew;
}

/** All that can follow, over what is known of a slot's own steps. */
function gatherLater(ofSlot: readonly Reach[]): void {
  for (const reach of ofSlot) include(reach.later, reach.now);
  let grew = true;
  while (grew) {
    grew = false;
    for (const { later, successors } of ofSlot) {
      for (const local of successors) {
        const next = ofSlot[local];
        if (next !== undefined && include(later, next.later)) grew = true;
      }
    }
  }
}

function include(into: Footprint, { touched, written }: Footprint): boolean {
  const grewTouched = union(into.touched, touched);
  return union(into.written, written) || grewTouched;
}

function union(into: SlotSet, other: SlotSet): boolean {
  let grew = false;
  for (const [at, bits] of other.entries()) {
    const before = into[at] ?? 0;
    into[at] = before | bits;
    grew ||= before !== into[at];
  }
  return grew;
}

const add = (set: SlotSet, slot: number): void => {
  set[slot >>> 5] = (set[slot >>> 5] ?? 0) | (1 << (slot & 31));
};
const has = (set: SlotSet, slot: number): boolean =>
  (((set[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
const membersOf = (set: SlotSet): number[] =>
  Array.from({ length: set.length * 32 }, (_, slot) => slot).filter((slot) => has(set, slot));

/** Whether two say the same. */
export function sameFootprints(some: Footprints, others: Footprints): boolean {
  const textOf = (footprints: Footprints): string =>
    [...footprints].map(([slot, reaches]) => `${slot} ${reaches.map(reachText).join()}`).join('\n');
  return textOf(some) === textOf(others);
}

const reachText = ({ now, later, isSeen }: Reach): string =>
  [now, later]
    .map(({ touched, written }) => `${touched.join()}/${written.join()}`)
    .join(` ${isSeen} `);
