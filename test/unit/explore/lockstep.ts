/**
 * Lockstep: random walks through a world, taken by cells, automaton and live actors at once.
 */
import { expect } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';

import { prng } from '../../../src/core/prng.ts';
import { type Automaton, automatonOf } from '../../../src/explore/automaton.ts';
import { carefulStep, type Locals, type Step } from '../../../src/explore/careful-step.ts';
import { choiceAt } from '../../../src/explore/choices.ts';
import { pack, unpacked } from '../../../src/explore/layout.ts';
import { liveWorld } from '../../../src/explore/live-world.ts';
import { stateText } from '../../../src/explore/local-states.ts';
import { type Model, modelOf } from '../../../src/explore/model.ts';
import { CLOSED, DONE, ENTRY_WORDS, SPECIAL, UNFILLED } from '../../../src/explore/program.ts';
import type { World } from '../../../src/explore/world.ts';

export type Walks = {
  readonly seed: number;
  readonly steps: number;
  readonly stepsOfWalkMax: number;
};
export type Walked = {
  readonly steps: number;
  readonly walks: number;
  readonly violations: number;
};

/**
 * Takes `steps` random steps, in walks that start anew when nothing is open, something is violated or they are
 * long. In every state each choice is open for all three or none; after every step effects and slots are the same.
 */
export function walkTogether(world: World, { seed, steps, stepsOfWalkMax }: Walks): Walked {
  const chance = prng(seed);
  const model = modelOf(world);
  const packedStep = packedStepper(model);
  const { cells, choices } = model;
  const { slots } = cells;
  let taken = 0;
  let walks = 0;
  let violations = 0;

  while (taken < steps) {
    const live = liveWorld(world, slots);
    expect(live.choices).toBe(choices.length);
    const compared: AnyMachineSnapshot[] = [];
    let locals = model.first;
    walks += 1;
    for (let length = 0; length < stepsOfWalkMax; length += 1) {
      const open: { readonly choice: number; readonly step: Step }[] = [];
      for (const choice of choices) {
        const step = carefulStep(cells, locals, choice);
        if (step !== undefined) open.push({ choice: choice.number, step });
        if (live.isOpen(choice.number) !== (step !== undefined)) {
          const where = `seed ${seed}, walk ${walks}, step ${length}, choice ${choice.number}`;
          expect.fail(`${where}: ${choice.slot.name} is ${step ? 'open' : 'closed'} in the tables`);
        }
        const packed = packedStep(locals, choice.number);
        // Asking this first is what makes long walks affordable.
        if (!areAlike(packed, step?.locals)) expect(packed).toEqual(step?.locals);
      }
      const chosen = open.length === 0 ? undefined : open[chance.below(open.length)];
      if (chosen === undefined) break;
      const { choice, step } = chosen;
      const before = locals;
      const replay = `seed ${seed}, walk ${walks}, step ${length}: ${choiceAt(choices, choice).slot.name}`;
      expect(live.take(choice), replay).toEqual(step.effects);
      locals = step.locals;
      for (const slot of slots.all) {
        const snapshot = live.snapshotOf(slot.number);
        const isKnown = compared[slot.number] === snapshot;
        compared[slot.number] = snapshot;
        if (isKnown && locals[slot.number] === before[slot.number]) continue;
        const told = cells.localsOf(slot).textOf(locals[slot.number] ?? -1);
        const text = stateText(slot, snapshot);
        if (text !== told)
          expect.fail(`${replay}: ${slot.name} is ${text} live, ${told} in the tables`);
      }
      taken += 1;
      if (step.violations.length > 0) {
        violations += 1;
        break;
      }
    }
    live.stop();
  }
  return { steps: taken, walks, violations };
}

const areAlike = (one: Locals | undefined, other: Locals | undefined): boolean =>
  one === other ||
  (one?.length === other?.length && one?.every((local, slot) => local === other?.[slot]) === true);

/** A step of the automaton on packed words, as local states; undefined when the choice is closed. */
function packedStepper(model: Model) {
  const automaton = automatonOf(model.cells, model.choices, () => true);
  let fitting: Locals | undefined;
  return (before: Locals, choice: number): Locals | undefined => {
    for (;;) {
      if (before !== fitting) automaton.widen();
      fitting = before;
      const words = new Int32Array(automaton.layout().words);
      pack(automaton.layout(), before, words, 0);
      const end = filledWalk(automaton, automaton.roots[choice] ?? CLOSED, words);
      if (end === DONE) return unpacked(automaton.layout(), words, 0);
      if (end === CLOSED) return undefined;
      fitting = undefined;
    }
  };
}

/** Walks to DONE or CLOSED, filling entries on the way; UNFILLED when one does not fit the layout. */
function filledWalk({ nodes, fill, special }: Automaton, root: number, words: Int32Array): number {
  let node = root;
  while (node !== DONE && node !== CLOSED && node !== UNFILLED) {
    if (node <= SPECIAL) {
      node = special(node).next;
      continue;
    }
    const value = nodes.valueAt(node, words);
    if (nodes.follow(node, value) === UNFILLED && fill(node, value) === UNFILLED) return UNFILLED;
    const { code, entries } = nodes.program;
    const at = code[node] ?? 0;
    words[at] = (words[at] ?? 0) ^ (entries[(code[node + 3] ?? 0) + value * ENTRY_WORDS] ?? 0);
    node = nodes.follow(node, value);
  }
  return node;
}
