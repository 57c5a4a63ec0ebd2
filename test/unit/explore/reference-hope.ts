/**
 * Reference hope: by the definition and nothing else, over the whole graph of a world: from which states a safe one can
 * be reached without violating a property on the way.
 */
import { carefulStep, type Locals, localOf } from '../../../src/explore/careful-step.ts';
import type { Model } from '../../../src/explore/model.ts';
import type { SlotRead } from '../../../src/explore/reads.ts';
import { DEADLOCK } from '../../../src/explore/recorded-trace.ts';

/** The texts of the states in which there is hope. */
export function hopefulStates(model: Model, property: string): ReadonlySet<string> {
  const { cells, choices, first, properties, goals, rests } = model;
  const hold = (reads: readonly SlotRead[], locals: Locals): boolean =>
    reads.every((read) => read.holds(localOf(locals, read.slot)));
  const states: Locals[] = [first];
  const numbers = new Map<string, number>([[first.join(), 0]]);
  const edges: { from: number; to: number; choice: number; isWrong: boolean }[] = [];
  for (const [from, locals] of states.entries()) {
    for (const choice of choices) {
      const step = carefulStep(cells, locals, choice);
      if (step === undefined) continue;
      const to = numbers.get(step.locals.join()) ?? states.push(step.locals) - 1;
      numbers.set(step.locals.join(), to);
      const isWrong = step.violations.some((one) => one.property === property);
      edges.push({ from, to, choice: choice.number, isWrong });
    }
  }
  const closure = (ends: Set<number>, mayTake: (edge: (typeof edges)[number]) => boolean) => {
    for (let size = -1; size !== ends.size; ) {
      size = ends.size;
      for (const edge of edges) if (ends.has(edge.to) && mayTake(edge)) ends.add(edge.from);
    }
    return ends;
  };
  const numbersOf = (isIt: (locals: Locals, number: number) => boolean): Set<number> =>
    new Set(states.flatMap((locals, number) => (isIt(locals, number) ? [number] : [])));

  const asked = goals.filter(({ violation }) => violation.property === property);
  const isStuck = (locals: Locals, number: number): boolean =>
    !edges.some(({ from }) => from === number) && !rests.every((read) => hold([read], locals));
  const isBroken = (locals: Locals, number: number): boolean => {
    if (asked.length > 0) return false;
    if (property === DEADLOCK) return isStuck(locals, number);
    return properties.some(
      ({ violation, reads }) => violation.property === property && hold(reads, locals),
    );
  };
  const bad = numbersOf(isBroken);
  for (const { whenever, goal, counted } of asked) {
    const reaching = closure(
      numbersOf((locals) => hold(goal, locals)),
      ({ choice }) => counted[choice] === true,
    );
    for (const number of numbersOf((locals) => hold(whenever, locals))) {
      if (!reaching.has(number)) bad.add(number);
    }
  }
  const wrongAhead = edges.filter(({ isWrong }) => isWrong).map(({ from }) => from);
  const stuck = asked.length > 0 ? [] : numbersOf(isStuck);
  const mayFail = closure(new Set([...bad, ...wrongAhead, ...stuck]), () => true);
  const hopeful = closure(
    numbersOf((_, number) => !mayFail.has(number)),
    ({ from, to, isWrong }) => !isWrong && !bad.has(to) && !bad.has(from),
  );
  return new Set([...hopeful].map((number) => (states[number] ?? first).join()));
}
