/** A bounded breadth-first walk of one machine's snapshots by XState's own transition(). */
import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate';

import { questionsOf } from './recorder.ts';
import { plain, type Subject } from './subjects.ts';

/** Snapshots of one machine after which its walk goes no deeper. */
const STATES_MAX = 400;

type Walked = {
  readonly effects: ReadonlySet<string>;
  readonly snapshots: readonly AnyMachineSnapshot[];
};
const walks = new Map<string, Walked>();
const UNKNOWN = plain('nobody.sends-this');

/** Every question is answered no, every one yes, and each pair of them alone. */
export function walk(subject: Subject): Walked {
  const known = walks.get(subject.machine.id);
  if (known !== undefined) return known;
  const { machine: unwired, inputs, events, kind } = subject;
  const questions = questionsOf(unwired);
  let yes: readonly string[] = [];
  const machine = unwired.provide({
    guards: Object.fromEntries(questions.map((name) => [name, () => yes.includes(name)])),
  });
  const answers = [[], questions, ...questions.flatMap(pairsWith(questions))];
  const effects = new Set<string>();
  const seen = new Map<string, AnyMachineSnapshot>();
  const queue = inputs.map((input) => {
    const [first]: [AnyMachineSnapshot, unknown] = initialTransition(machine, input as never);
    return first;
  });
  for (const snapshot of queue) {
    const key = JSON.stringify([snapshot.value, snapshot.context]);
    if (seen.has(key) || seen.size >= STATES_MAX || snapshot.status !== 'active') {
      seen.set(key, snapshot);
      continue;
    }
    seen.set(key, snapshot);
    for (const event of [...events, ...(kind === 'object' ? UNKNOWN : [])]) {
      for (yes of answers) {
        const [next, actions] = transition(machine, snapshot as never, event as never);
        for (const { type } of actions) effects.add(type);
        queue.push(next as AnyMachineSnapshot); // the machine's own
      }
    }
  }
  const walked = { effects, snapshots: [...seen.values()] };
  walks.set(unwired.id, walked);
  return walked;
}
const pairsWith =
  (questions: readonly string[]) =>
  (one: string): readonly (readonly string[])[] =>
    questions.map((other) => [one, other]);
