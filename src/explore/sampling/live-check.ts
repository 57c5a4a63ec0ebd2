/**
 * Live check: a walk taken again by live actors, whose wiring is asked anew at every step.
 *
 * Tables ask the wiring once and remember. A wiring that answers by anything but what it is shown (a counter of its
 * own, the order of a Map, a clock) makes two ways of one; this is where that comes to light.
 */

import { carefulStep, localOf } from '../careful-step.ts';
import { choiceAt } from '../choices.ts';
import { liveWorld } from '../live-world.ts';
import { stateText } from '../local-states.ts';
import type { Model } from '../model.ts';
import { plainText } from '../plain-text.ts';
import type { World } from '../world.ts';

/** The first difference, as a sentence; undefined: live actors go the same way. */
export function differenceLive(
  world: World,
  { cells, choices, first }: Model,
  way: readonly number[],
): string | undefined {
  const { slots } = cells;
  const live = liveWorld(world, slots);
  try {
    let locals = first;
    for (const [index, number] of [...way, undefined].entries()) {
      const at = `after ${index} steps`;
      for (const choice of choices) {
        const isOpen = carefulStep(cells, locals, choice) !== undefined;
        if (live.isOpen(choice.number) === isOpen) continue;
        const [told, shown] = isOpen ? ['open', 'closed'] : ['closed', 'open'];
        return `${at}, take ${choice.take} of ${choice.slot.name} was ${told} and is now ${shown}`;
      }
      if (number === undefined) return undefined;
      const choice = choiceAt(choices, number);
      const step = carefulStep(cells, locals, choice);
      if (step === undefined) return `${at}, ${choice.slot.name} can't take its step again`;
      const effects = live.take(number);
      if (plainText(effects) !== plainText(step.effects)) {
        return `${at}, a step of ${choice.slot.name} has other effects than before`;
      }
      locals = step.locals;
      for (const slot of slots.all) {
        const told = cells.localsOf(slot).textOf(localOf(locals, slot.number));
        const shown = stateText(slot, live.snapshotOf(slot.number));
        if (told !== shown)
          return `after ${index + 1} steps, ${slot.name} was ${told} and is now ${shown}`;
      }
    }
    return undefined;
  } finally {
    live.stop();
  }
}
