/**
 * Told step: one step in words and as what it changed, from the cells that took it.
 *
 * Policy: an actor's part may say its step in its own words; otherwise the state a `step` left, or the event, is its
 * label, and its effects and what they did to others are the details.
 */
import type { EventObject, StateValue } from 'xstate';
import { type Locals, localOf, type Step } from './careful-step.ts';
import type { Cells, FiredEffect } from './cells.ts';
import type { Choice } from './choices.ts';
import { fieldOf, fieldText } from './field-text.ts';
import type { TraceStep } from './outcome.ts';
import { plainText } from './plain-text.ts';
import type { Slot } from './slots.ts';
import { statePaths, stateWords, wordsOf } from './words-of.ts';

/** Longest part of an event or effect worth a word beside its name. */
const PARAMS_MAX = 3;

/** Tells a step of `choice` that led away from `before`. */
export function toldStep(cells: Cells, before: Locals, choice: Choice, step: Step): TraceStep {
  const { slot } = choice;
  const event = cells.eventOf(slot, step.event);
  const snapshotIn = (of: Slot, locals: Locals) =>
    cells.localsOf(of).snapshotOf(of, localOf(locals, of.number));
  const left = snapshotIn(slot, before);
  const said = slot.part.says?.(event, left);

  const touched = cells.slots.all.filter(
    ({ number }) => localOf(before, number) !== localOf(step.locals, number),
  );
  const changes = touched.flatMap((of) => {
    const from = snapshotIn(of, before).value;
    const to = snapshotIn(of, step.locals).value;
    return plainText(from) === plainText(to) ? [] : [{ slot: of.name, from, to }];
  });
  const fields = touched.flatMap((of) =>
    Object.entries(of.part.kind.holds).flatMap(([field, bound]) => {
      const textIn = (locals: Locals): string =>
        fieldText(bound, fieldOf(snapshotIn(of, locals).context, field));
      const to = textIn(step.locals);
      return to === textIn(before) ? [] : [{ slot: of.name, field, to, kind: bound.kind }];
    }),
  );
  const own = said === undefined ? effectWords(slot, step.effects) : [];
  const heard = own.filter(({ isHeard }) => isHeard).map(({ words }) => words);
  // What the actor found out; forgetting it again is no news.
  const isNews = (one: { readonly field: string; readonly to: string }): boolean =>
    one.to !== fieldOf(slot.first.context, one.field);
  const findings = fields
    .filter((one) => one.slot === slot.name && one.kind === 'one-of' && isNews(one))
    .map(({ field, to }) => `${wordsOf(field)} ${to}`);
  // An actor with one state has no state to name: its first effect says what it did.
  const label = said ?? (labelOf(event, left.value) || (own[0]?.words ?? event.type));
  const details = [
    // A step of a list is often called as its one effect is.
    ...heard.filter((words) => !isSaidBy(label, words)),
    ...(said === undefined ? findings : []),
    ...changes.filter((one) => one.slot !== slot.name).map(changeWords),
  ];

  return {
    choice: choice.number,
    actor: slot.name,
    take: choice.take,
    event,
    label,
    details,
    passes: said === undefined && event.type === 'step' && own.length === 0 && details.length === 0,
    effects: step.effects,
    violations: step.violations,
    calls: step.calls.map(({ from, to, event }) => ({
      from: cells.slots.at(from).name,
      to: cells.slots.at(to).name,
      event: cells.eventOf(cells.slots.at(to), event),
    })),
    reads: [...new Set([...(choice.from === undefined ? [] : [choice.from.number]), ...step.reads])]
      .filter((number) => number !== slot.number)
      .map((number) => cells.slots.at(number).name),
    changes: changes.map(({ slot, to }) => ({ slot, to })),
    fields: fields.map(({ slot, field, to }) => ({ slot, field, to })),
  };
}

const isSaidBy = (label: string, words: string): boolean =>
  label.replaceAll('-', ' ').toLowerCase().includes(words.toLowerCase());

/** The state that a plain step left says what it did; any other event says it itself. */
function labelOf(event: EventObject, left: StateValue): string {
  if (event.type === 'step') return stateWords(left);
  const { type, ...params } = event;
  const words = wordsOf(type);
  const told = paramWords(params, {}, words);
  return told.length === 0 ? words : `${words}: ${told.join(', ')}`;
}

/** What the actor itself did, and whether it is anything to anybody; what others did in turn shows in their changes. */
function effectWords(slot: Slot, effects: readonly FiredEffect[]) {
  return effects
    .filter((one) => one.slot === slot.name && one.type !== 'violate')
    .map(({ type, params }) => {
      const words = wordsOf(type);
      const told = paramWords(params, slot.constants, words);
      return {
        words: told.length === 0 ? words : `${words}: ${told.join(', ')}`,
        isHeard: slot.part.effects[type]?.(params, slot.index).length !== 0,
      };
    });
}

/** Numbers and names among `params`, without what never varies in the actor; `said` needs no second naming. */
function paramWords(
  params: unknown,
  constants: Readonly<Record<string, unknown>>,
  said: string,
): readonly string[] {
  if (typeof params !== 'object' || params === null) return [];
  const isSaid = (name: string): boolean => said.split(' ').includes(wordsOf(name));
  return Object.entries(params)
    .filter(([name, value]) => constants[name] === undefined && typeof value !== 'object')
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => Number(isSaid(b)) - Number(isSaid(a)))
    .slice(0, PARAMS_MAX)
    .map(([name, value]) => {
      if (typeof value === 'boolean') return value ? wordsOf(name) : `not ${wordsOf(name)}`;
      return isSaid(name) ? String(value) : `${wordsOf(name)} ${String(value)}`;
    });
}

/** Of parallel regions, those that changed. */
function changeWords(change: {
  readonly slot: string;
  readonly from: StateValue;
  readonly to: StateValue;
}): string {
  const before = statePaths(change.from);
  const changed = statePaths(change.to).filter((path) => !before.includes(path));
  return changed.every((path) => path.includes(': '))
    ? `${change.slot} ${changed.join(', ')}`
    : `${change.slot}: ${changed.join(', ')}`;
}
