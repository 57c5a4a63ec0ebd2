/**
 * Likeness: whether ids said to be alike are, as far as a search can tell once it has been everywhere.
 *
 * What is asked of states (properties, goals, sightings, who may rest) is compared over every local state found.
 * Steps are compared in a sample of states: a renamed state must lead to the same representatives, by as many
 * choices, with the same properties broken.
 */
import { carefulStep, type Locals, localOf } from './careful-step.ts';
import type { Cells } from './cells.ts';
import { unpacked } from './layout.ts';
import type { Model } from './model.ts';
import type { SlotRead } from './reads.ts';
import type { Space } from './space.ts';
import type { Move, Symmetry } from './symmetry.ts';
import { unlike } from './unfolding.ts';

const SAMPLES = 64;

type Reads = readonly SlotRead[];

/** Caller's duty: the space is complete. @throws Refused */
export function checkLikeness(space: Space, symmetry: Symmetry): void {
  const { model, store, automaton } = space;
  for (const moves of symmetry.generators) {
    if (!areSame(model.first, exchanged(model.first, moves))) {
      throw unlike('the first state changes when ids are exchanged');
    }
    checkReads(model, moves);
  }
  const stride = Math.max(1, Math.floor(store.count / SAMPLES));
  const samples: Locals[] = [];
  for (let state = 0; state < store.count; state += stride) {
    samples.push(unpacked(automaton.layout(), store.states, state * store.words));
  }
  for (const locals of samples) {
    const expected = successorsOf(space, locals);
    for (const moves of symmetry.generators) {
      if (areSame(expected, successorsOf(space, exchanged(locals, moves)))) continue;
      throw unlike('a state and the same state renamed lead to different states');
    }
  }
}

/** A state with ids exchanged. */
export function exchanged(locals: Locals, moves: readonly Move[]): Locals {
  const result = [...locals];
  for (const { slot, other, renamed = (local: number) => local } of moves) {
    result[slot] = renamed(localOf(locals, other));
    result[other] = renamed(localOf(locals, slot));
  }
  return result;
}

const areSame = <Value>(some: readonly Value[], others: readonly Value[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);

/** What every open choice leads to and breaks, as texts in an order of their own. */
const successorsOf = ({ model, packed, judged }: Space, locals: Locals): readonly string[] =>
  model.choices
    .flatMap((choice) => {
      const step = carefulStep(model.cells, locals, choice);
      if (step === undefined) return [];
      const broken = step.violations.filter(judged).map(({ property }) => property);
      return [`${packed(step.locals).join(' ')} ${broken.sort().join(' ')}`];
    })
    .sort();

function checkReads(model: Model, moves: readonly Move[]): void {
  const { cells, properties, goals, sightings } = model;
  const isImage = (some: Reads, others: Reads): boolean => isRenamed(cells, some, others, moves);
  for (const { violation, reads } of properties) {
    if (
      properties.some(
        (other) => other.violation.property === violation.property && isImage(reads, other.reads),
      )
    ) {
      continue;
    }
    throw unlike(`property ${violation.property}, ${violation.sentence}, has no counterpart`);
  }
  for (const { violation, whenever, goal } of goals) {
    if (isImage(whenever, whenever) && isImage(goal, goal)) continue;
    throw unlike(`goal ${violation.property} tells alike ids apart`);
  }
  for (const { id, reads } of sightings) {
    if (!isImage(reads, reads)) throw unlike(`sighting ${id} tells alike ids apart`);
  }
  for (const rest of model.rests) {
    const to = movedTo(moves, rest.slot);
    const other = model.rests[to];
    if (other === undefined || !isImage([rest], [other])) {
      throw unlike(
        `${cells.slots.at(rest.slot).name} may rest where ${cells.slots.at(to).name} may not`,
      );
    }
  }
}

/** Whether `others` say of a renamed state what `some` say of the state, slot by slot and over all found. */
function isRenamed(cells: Cells, some: Reads, others: Reads, moves: readonly Move[]): boolean {
  const saidOf = (reads: Reads, slot: number, local: number): boolean =>
    reads.every((read) => read.slot !== slot || read.holds(local));
  const isSame = (slot: number, to: number, renamed: (local: number) => number): boolean => {
    if (![...some, ...others].some((read) => read.slot === slot || read.slot === to)) return true;
    const count = cells.localsOf(cells.slots.at(slot)).count();
    return Array.from({ length: count }, (_, local) => local).every(
      (local) => saidOf(some, slot, local) === saidOf(others, to, renamed(local)),
    );
  };
  const same = (local: number): number => local;
  return cells.slots.all.every(({ number }) => {
    const move = moves.find(({ slot, other }) => slot === number || other === number);
    return isSame(number, movedTo(moves, number), move?.renamed ?? same);
  });
}

/** The slot that a slot's local state moves to. */
function movedTo(moves: readonly Move[], of: number): number {
  const move = moves.find(({ slot, other }) => slot === of || other === of);
  if (move === undefined) return of;
  return move.slot === of ? move.other : move.slot;
}
