/**
 * Touches: what each step of a trace did to others: who called them, with which events, and what became of them.
 *
 * Policy: one touch a slot and step, and one for slots of a kind that are told the same one after the other. A message
 *         put into a channel is a touch by itself, and one taken out of it none.
 */
import { channelUse } from '../explore/channel.ts';
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { propertyIn } from '../explore/violation.ts';
import { wordsOf } from '../explore/words-of.ts';
import { nestedCalls } from './call-tree.ts';
import { slotParts } from './lane-titles.ts';
import { statePaths } from './state-text.ts';

export type Touch = {
  readonly slot: string;
  /** Its number among its kind, `0-5` for several that are alike; empty where there is one only. */
  readonly index: string;
  /** Which of the step's calls, from 0. */
  readonly calls: readonly number[];
  /** The touch it comes from, by its place; undefined: the actor's own. */
  readonly within: number | undefined;
  /** Events sent, in words. */
  readonly events: readonly string[];
  /** Where the state changed, the regions that did; else empty. */
  readonly states: readonly string[];
  /** Whether anything changed. */
  readonly changed: boolean;
  /** Properties it finds violated. */
  readonly violates: readonly string[];
  /** A message on its way, rather than an object. */
  readonly isMessage: boolean;
};

/** For each step. */
export function touchesOf({
  steps,
  slots = [],
}: Pick<RecordedTrace, 'steps' | 'slots'>): readonly (readonly Touch[])[] {
  const known = new Map(slots.map(({ slot, state }) => [slot, statePaths(state)]));
  return steps.map((step) => {
    const touches = calledBy(step);
    const touch = (slot: string): number => {
      const at = touches.findIndex((one) => one.slot === slot && !one.isMessage);
      return at < 0 ? touches.push(plain(slot)) - 1 : at;
    };
    const add = (slot: string, more: (before: Touch) => Partial<Touch>): void => {
      const at = touch(slot);
      const before = touches[at] ?? plain(slot);
      touches[at] = { ...before, ...more(before) };
    };
    for (const { slot, to } of step.changes) {
      const paths = statePaths(to);
      const before = known.get(slot) ?? [];
      known.set(slot, paths);
      if (slot === step.actor) continue;
      add(slot, () => ({ changed: true, states: paths.filter((path) => !before.includes(path)) }));
    }
    for (const { slot } of step.fields) {
      const isTold = touches.some((one) => one.slot === slot && !one.isMessage);
      if (isTold) add(slot, () => ({ changed: true }));
    }
    for (const effect of step.effects) {
      if (effect.type !== 'violate' || effect.slot === step.actor) continue;
      const property = propertyIn(effect.params);
      add(effect.slot, ({ violates }) => ({ violates: [...new Set([...violates, property])] }));
    }
    return alikeTogether(touches);
  });
}

const plain = (slot: string): Touch => ({
  slot,
  index: slotParts(slot).index,
  calls: [],
  within: undefined,
  events: [],
  states: [],
  changed: false,
  violates: [],
  isMessage: false,
});

/** Those that the step's calls tell of, in the order in which they were first called. */
function calledBy(step: RecordedStep): Touch[] {
  const touches: Touch[] = [];
  /** By call: its touch. */
  const touchOf: (number | undefined)[] = [];
  for (const [at, { call, within }] of nestedCalls(step).entries()) {
    const use = channelUse(call);
    if (use?.type === 'message.delivered') {
      touchOf.push(undefined);
      continue;
    }
    const isMessage = use !== undefined;
    const event = use === undefined ? call.event : use.message;
    const caller = within === undefined ? undefined : touchOf[within];
    const index = isMessage
      ? -1
      : touches.findIndex(({ slot, isMessage }) => slot === call.to && !isMessage);
    const before = touches[index];
    const words = wordsOf(event.type);
    if (before === undefined) {
      const made = { ...plain(call.to), calls: [at], within: caller, events: [words], isMessage };
      touchOf.push(touches.push(made) - 1);
    } else {
      const events = before.events.includes(words) ? before.events : [...before.events, words];
      touches[index] = { ...before, calls: [...before.calls, at], events };
      touchOf.push(index);
    }
  }
  return touches;
}

/** Neighbours of one kind of which the same is to be said, and which lead to nothing, as one. */
function alikeTogether(touches: readonly Touch[]): readonly Touch[] {
  const callers = new Set(touches.map(({ within }) => within));
  const kept: Touch[] = [];
  /** By touch: where it went. */
  const placeOf: number[] = [];
  for (const [at, touch] of touches.entries()) {
    const own = {
      ...touch,
      within: touch.within === undefined ? undefined : placeOf[touch.within],
    };
    const before = kept.at(-1);
    const isLeaf = !callers.has(at) && !callers.has(at - 1);
    if (before !== undefined && isLeaf && isAlike(before, own)) {
      const [first = ''] = before.index.split('-');
      const calls = [...before.calls, ...own.calls];
      kept[kept.length - 1] = { ...before, calls, index: `${first}-${own.index}` };
    } else {
      kept.push(own);
    }
    placeOf.push(kept.length - 1);
  }
  return kept;
}

function isAlike(one: Touch, next: Touch): boolean {
  const last = Number(one.index.split('-').at(-1));
  const said = ({ within, events, states, changed, violates, isMessage }: Touch): string =>
    JSON.stringify([within, events, states, changed, violates, isMessage]);
  return (
    slotParts(one.slot).kind === slotParts(next.slot).kind &&
    next.index === String(last + 1) &&
    said(one) === said(next)
  );
}
