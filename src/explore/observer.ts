/**
 * Observer: the states that a world may be in, given what was seen of it from outside.
 *
 * A _frontier_ is a set of states, known by number. What is seen moves every state of it by all the steps that show
 * just that, and by any steps that show nothing; an empty frontier says that no run of the world explains it. Each
 * move is computed once, from the world's own tables, and remembered: a trace of any length walks a graph that is
 * found as it goes.
 *
 * A step shows a row of signs. The first is seen when the step is taken and the others later, in order; a sign that
 * is _late_ is always seen later. Until they have been seen, the actor takes no further step.
 */
import { invariant } from '../core/invariant.ts';
import { carefulStep, carriedOut, type Locals, localOf } from './careful-step.ts';
import type { FiredEffect } from './cells.ts';
import type { Choice } from './choices.ts';
import { type Actors, type Frontier, type NextSign, NOWHERE, type Signs } from './frontier.ts';
import type { Model } from './model.ts';
import { Refused } from './refusal.ts';
import { slotNameOf } from './slot-kind.ts';
import { brokenBy } from './violation.ts';
import type { Call, Read } from './wiring.ts';

export type Observer = {
  /** The states that a world can be in by itself, begun as its first state. */
  readonly first: Frontier;
  /** After `sign` was seen of one of the actors. */
  after(frontier: Frontier, sign: string, actors: Actors): Frontier;
  /** After calls from outside the world. */
  told(frontier: Frontier, name: string, calls: readonly Call[]): Frontier;
  /** The states in which the read holds; `name` tells reads apart. */
  kept(frontier: Frontier, name: string, read: Read): Frontier;
  union(left: Frontier, right: Frontier): Frontier;
  /** The same states, with nothing violated on the way there. */
  forgiven(frontier: Frontier): Frontier;
  /** Whether in each of the states the read holds, or something was violated on the way there. */
  isDoomed(frontier: Frontier, name: string, read: Read): boolean;
  /** What could have been seen next, without repetition, in order. */
  next(frontier: Frontier, actors: Actors): readonly NextSign[];
  /** How much was found so far. */
  size(): { readonly states: number; readonly frontiers: number };
  /** States of the frontier. */
  sizeOf(frontier: Frontier): number;
  /**
   * Whether a state has been left out, of a move that was asked for since this was asked last: it would have held more
   * of something than the machines' tables can.
   */
  wasCut(): boolean;
  slotOf(name: string): number;
};

export type ObserverRules = {
  readonly signsOf: (effects: readonly FiredEffect[]) => Signs;
  /** The state that stands for this one: what is over begins anew. */
  readonly settled: (locals: Locals) => Locals;
  /**
   * Whether the actor's step from there may be taken at once, before anybody else's: it shows nothing, nobody can keep
   * it from being taken, and neither does it change what others may do, nor they what it does.
   */
  readonly isPrivate: (slot: number, local: number) => boolean;
};

type Owed = { readonly slot: number; readonly sign: string };
type State = {
  readonly locals: Locals;
  readonly owed: readonly Owed[];
  /** Properties that machines said were violated on the way there, sorted. */
  readonly broken: readonly string[];
};

export function observerOf(model: Model, { signsOf, settled, isPrivate }: ObserverRules): Observer {
  const { cells, choices } = model;
  const states: State[] = [];
  const stateNumbers = new Map<string, number>();
  const frontiers: (readonly number[])[] = [[]];
  const frontierNumbers = new Map<string, Frontier>([['', NOWHERE]]);
  const moves = new Map<string, Frontier>();
  const doomed = new Map<string, boolean>();
  /** By state: where it goes by steps that show nothing, itself among them. */
  const silent: number[][] = [];
  /** By state: where its private steps end. */
  const ends: number[] = [];
  /** Moves and states from which something was left out. */
  const cutMoves = new Set<string>();
  const cutStates = new Set<number>();
  let isCut = false;
  const choicesBySlot = new Map<number, Choice[]>();
  for (const choice of choices) {
    const { number } = choice.slot;
    choicesBySlot.set(number, [...(choicesBySlot.get(number) ?? []), choice]);
  }

  const numberOf = (state: State): number => {
    const locals = settled(state.locals);
    const owed = state.owed.map(({ slot, sign }) => `${slot} ${sign}`).join(';');
    const key = `${locals.join(',')}|${owed}|${state.broken.join(',')}`;
    const known = stateNumbers.get(key);
    if (known !== undefined) return known;
    stateNumbers.set(key, states.length);
    return states.push({ ...state, locals }) - 1;
  };
  /** Undefined too for what the tables can't hold. */
  const withinTables = <Value>(value: () => Value): Value | undefined => {
    try {
      return value();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      isCut = true;
      return undefined;
    }
  };
  const stateAt = (number: number): State => {
    const state = states[number];
    invariant(state !== undefined, `there is no state ${number}`);
    return state;
  };
  const statesOf = (frontier: Frontier): readonly number[] => {
    const found = frontiers[frontier];
    invariant(found !== undefined, `there is no frontier ${frontier}`);
    return found;
  };

  /** What a choice leads to, and what of it is seen first. */
  const step = (state: State, choice: Choice) => {
    const { number } = choice.slot;
    if (state.owed.some(({ slot }) => slot === number)) return undefined;
    const taken = withinTables(() => carefulStep(cells, state.locals, choice));
    if (taken === undefined) return undefined;
    const { now, late } = signsOf(taken.effects);
    const [seen, ...rest] = now;
    const owed = [...rest, ...late].map((sign): Owed => ({ slot: number, sign }));
    const next = {
      locals: taken.locals,
      owed: [...state.owed, ...owed],
      broken: brokenBy(state.broken, taken.violations),
    };
    return { seen, next };
  };

  /** Where private steps lead. */
  const hurried = (from: number): number => {
    const known = ends[from];
    if (known !== undefined) return known;
    const state = stateAt(from);
    let end = from;
    for (const choice of choices) {
      const { number } = choice.slot;
      if (!isPrivate(number, localOf(state.locals, number))) continue;
      const taken = step(state, choice);
      if (taken === undefined || taken.seen !== undefined) continue;
      end = hurried(numberOf(taken.next));
      break;
    }
    ends[from] = end;
    return end;
  };

  const silentFrom = (start: number): readonly number[] => {
    const from = hurried(start);
    const known = silent[from];
    isCut ||= cutStates.has(from);
    if (known !== undefined) return known;
    const wasCut = isCut;
    isCut = false;
    const reached = new Set([from]);
    for (const number of reached) {
      const state = stateAt(number);
      for (const choice of choices) {
        const taken = step(state, choice);
        if (taken !== undefined && taken.seen === undefined) {
          reached.add(hurried(numberOf(taken.next)));
        }
      }
    }
    silent[from] = [...reached];
    if (isCut) cutStates.add(from);
    isCut ||= wasCut;
    return silent[from];
  };

  /** With all that follows by itself. */
  const frontierOf = (starts: Iterable<number>): Frontier => {
    const reached = new Set<number>();
    for (const start of starts) for (const number of silentFrom(start)) reached.add(number);
    const members = [...reached].sort((a, b) => a - b);
    const key = members.join(',');
    const known = frontierNumbers.get(key);
    if (known !== undefined) return known;
    frontierNumbers.set(key, frontiers.length);
    return frontiers.push(members) - 1;
  };
  const move = (key: string, starts: () => Iterable<number>): Frontier => {
    const known = moves.get(key);
    isCut ||= cutMoves.has(key);
    if (known !== undefined) return known;
    const wasCut = isCut;
    isCut = false;
    const to = frontierOf(starts());
    moves.set(key, to);
    if (isCut) cutMoves.add(key);
    isCut ||= wasCut;
    return to;
  };

  const seen = (state: State, sign: string, actors: Actors): number[] => {
    const reached: number[] = [];
    for (const [at, owed] of state.owed.entries()) {
      const isOldest = state.owed.findIndex(({ slot }) => slot === owed.slot) === at;
      if (!isOldest || owed.sign !== sign || !actors.has(owed.slot)) continue;
      reached.push(numberOf({ ...state, owed: state.owed.toSpliced(at, 1) }));
    }
    for (const [slot, own] of choicesBySlot) {
      if (!actors.has(slot)) continue;
      for (const choice of own) {
        const taken = step(state, choice);
        if (taken?.seen === sign) reached.push(numberOf(taken.next));
      }
    }
    return reached;
  };

  return {
    first: frontierOf([numberOf({ locals: model.first, owed: [], broken: [] })]),
    after: (frontier, sign, actors) =>
      move(`${frontier} after ${sign} of ${actors.name}`, () =>
        statesOf(frontier).flatMap((number) => seen(stateAt(number), sign, actors)),
      ),
    told: (frontier, name, calls) =>
      move(`${frontier} told ${name}`, () =>
        statesOf(frontier).flatMap((number) => {
          const { locals, ...rest } = stateAt(number);
          const told = withinTables(() =>
            cells
              .callsOf(calls, undefined)
              .reduce((state, one) => carriedOut(cells, state, one, []).locals, locals),
          );
          return told === undefined ? [] : [numberOf({ ...rest, locals: told })];
        }),
      ),
    kept: (frontier, name, read) =>
      move(`${frontier} kept ${name}`, () => {
        const { slot, holds } = cells.readOf(read);
        return statesOf(frontier).filter((at) => holds(localOf(stateAt(at).locals, slot)));
      }),
    union: (left, right) => {
      if (left === right || right === NOWHERE) return left;
      if (left === NOWHERE) return right;
      return move(`${left} or ${right}`, () => [...statesOf(left), ...statesOf(right)]);
    },
    forgiven: (frontier) =>
      move(`${frontier} forgiven`, () =>
        statesOf(frontier).map((number) => numberOf({ ...stateAt(number), broken: [] })),
      ),
    isDoomed: (frontier, name, read) => {
      const key = `${frontier} doomed by ${name}`;
      const known = doomed.get(key);
      if (known !== undefined) return known;
      const { slot, holds } = cells.readOf(read);
      const isSo = statesOf(frontier)
        .map(stateAt)
        .every(({ locals, broken }) => broken.length > 0 || holds(localOf(locals, slot)));
      doomed.set(key, isSo);
      return isSo;
    },
    next: (frontier, actors) => {
      const found = new Map<string, NextSign>();
      const add = (slot: number, sign: string): void => {
        const actor = nameOf(slot);
        if (actors.has(slot)) found.set(`${actor} ${sign}`, { actor, sign });
      };
      for (const state of statesOf(frontier).map(stateAt)) {
        for (const { slot, sign } of state.owed) add(slot, sign);
        for (const choice of choices) {
          const sign = step(state, choice)?.seen;
          if (sign !== undefined) add(choice.slot.number, sign);
        }
      }
      return [...found.values()];
    },
    size: () => ({ states: states.length, frontiers: frontiers.length }),
    sizeOf: (frontier) => statesOf(frontier).length,
    wasCut: () => {
      const was = isCut;
      isCut = false;
      return was;
    },
    slotOf: (name) => {
      const slot = cells.slots.all.find((each) => each.name === name);
      invariant(slot !== undefined, `there is no slot ${name}`);
      return slot.number;
    },
  };

  function nameOf(slot: number): string {
    const { part, index } = cells.slots.at(slot);
    return slotNameOf(part.kind, index);
  }
}
