/**
 * Reference search: every state by careful steps, in plain maps; slow, and obviously everything.
 */
import { carefulStep, type Locals, localOf } from '../../../src/explore/careful-step.ts';
import { modelOf } from '../../../src/explore/model.ts';
import type { SlotRead } from '../../../src/explore/reads.ts';
import type { World } from '../../../src/explore/world.ts';

export type Reached = {
  readonly states: number;
  readonly transitions: number;
  /** Properties that are broken somewhere, violations included. */
  readonly broken: ReadonlySet<string>;
  readonly isDeadlocked: boolean;
  /** Goals that some state asks for and can't reach. */
  readonly missed: ReadonlySet<string>;
  readonly unseen: readonly string[];
};

export function reached(world: World): Reached {
  const { cells, choices, first, properties, sightings, goals, rests } = modelOf(world);
  const hold = (reads: readonly SlotRead[], locals: Locals): boolean =>
    reads.every((read) => read.holds(localOf(locals, read.slot)));
  const states: Locals[] = [first];
  const numbers = new Map<string, number>([[first.join(), 0]]);
  const edges: { readonly from: number; readonly to: number; readonly choice: number }[] = [];
  const broken = new Set<string>();
  let isDeadlocked = false;
  for (const [from, locals] of states.entries()) {
    let open = 0;
    for (const choice of choices) {
      const step = carefulStep(cells, locals, choice);
      if (step === undefined) continue;
      open += 1;
      for (const { property } of step.violations) broken.add(property);
      const to = numbers.get(step.locals.join()) ?? states.push(step.locals) - 1;
      numbers.set(step.locals.join(), to);
      edges.push({ from, to, choice: choice.number });
    }
    for (const { violation, reads } of properties) {
      if (hold(reads, locals)) broken.add(violation.property);
    }
    const waits = rests.some((read) => !read.holds(localOf(locals, read.slot)));
    isDeadlocked ||= open === 0 && waits;
  }

  const missed = new Set<string>();
  for (const { violation, whenever, goal, counted } of goals) {
    const reaches = new Set<number>(
      states.flatMap((locals, number) => (hold(goal, locals) ? [number] : [])),
    );
    for (let grew = true; grew; ) {
      const before = reaches.size;
      for (const { from, to, choice } of edges) {
        if (counted[choice] === true && reaches.has(to)) reaches.add(from);
      }
      grew = reaches.size > before;
    }
    const isStranded = (locals: Locals, number: number): boolean =>
      hold(whenever, locals) && !reaches.has(number);
    if (states.some(isStranded)) missed.add(violation.property);
  }
  const isSeen = (reads: readonly SlotRead[]): boolean => states.some((at) => hold(reads, at));
  return {
    states: states.length,
    transitions: edges.length,
    broken,
    isDeadlocked,
    missed,
    unseen: sightings.filter(({ reads }) => !isSeen(reads)).map(({ id }) => id),
  };
}
