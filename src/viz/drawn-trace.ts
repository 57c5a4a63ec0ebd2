/**
 * Drawn trace: what a drawing needs to know of a trace. A recorded trace is one.
 */
import type { EventObject, StateValue } from 'xstate';

import type { FiredEffect } from '../explore/cells.ts';
import type { Violation } from '../explore/violation.ts';

export type DrawnStep = {
  /** Name of the slot that took the step: `worker`, or `worker[1]` where there are several. */
  readonly actor: string;
  readonly event: EventObject;
  /** In a few words. */
  readonly label: string;
  /** Nothing came of it but that its state was left; undefined: told by the rest. */
  readonly passes?: boolean;
  readonly effects: readonly FiredEffect[];
  /** Slots whose control value changed. */
  readonly changes: readonly { readonly slot: string; readonly to: StateValue }[];
  /** Fields that changed, and one text of what they hold now. */
  readonly fields: readonly {
    readonly slot: string;
    readonly field: string;
    readonly to: string;
  }[];
};

export type DrawnTrace = {
  readonly scenario: string;
  /** Titles of lanes by the actor, or kind of actor, that is drawn in them; software threads first. */
  readonly columns: Readonly<Record<string, string>>;
  /** What is wrong in the end. */
  readonly violation: Violation | undefined;
  readonly steps: readonly DrawnStep[];
};

/** `worker[1]` as its kind and its number. */
export function slotParts(slot: string): { readonly kind: string; readonly index: string } {
  const [, kind = slot, index = ''] = /^(.*)\[(\d+)\]$/.exec(slot) ?? [];
  return { kind, index };
}

/** The title of the lane a thread is drawn in. */
export function laneTitle(columns: DrawnTrace['columns'], actor: string): string {
  const { kind, index } = slotParts(actor);
  const own = columns[actor];
  if (own !== undefined) return own;
  const title = columns[kind];
  return title === undefined ? actor : [title, index].join(' ').trim();
}

/** Titles of the threads that took a step, in the order of `columns`, then of first appearance. */
export function laneTitles({ columns, steps }: DrawnTrace): readonly string[] {
  const present = [...new Set(steps.map(({ actor }) => laneTitle(columns, actor)))];
  const order = Object.values(columns);
  const rank = (title: string): number => {
    const at = order.findIndex((one) => title === one || title.startsWith(`${one} `));
    return at < 0 ? order.length : at;
  };
  return present.toSorted((a, b) => rank(a) - rank(b));
}

/** A control value's states, one a region, as paths: `pass.reporting`. */
export function statePaths(value: StateValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [key] : statePaths(inner).map((path) => `${key}.${path}`),
  );
}

export const stateText = (value: StateValue): string => statePaths(value).join(', ');
