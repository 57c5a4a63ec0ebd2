/**
 * Lane titles: what the lanes or columns are called that the threads of a trace are drawn in, and their order.
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';

/** `worker[1]` as its kind and its number; the number is empty where there is one only. */
export function slotParts(slot: string): { readonly kind: string; readonly index: string } {
  const [, kind = slot, index = ''] = /^(.*)\[(\d+)\]$/.exec(slot) ?? [];
  return { kind, index };
}

/** The title of the lane an actor is drawn in: its own, or its kind's with its number, else its name. */
export function laneTitle(columns: RecordedTrace['columns'], actor: string): string {
  const { kind, index } = slotParts(actor);
  const own = columns[actor];
  if (own !== undefined) return own;
  const title = columns[kind];
  return title === undefined ? actor : [title, index].join(' ').trim();
}

/** Titles of the actors that took a step, in the order of `columns`, then of first appearance. */
export function laneTitles({
  columns,
  steps,
}: Pick<RecordedTrace, 'columns' | 'steps'>): readonly string[] {
  const present = [...new Set(steps.map(({ actor }) => laneTitle(columns, actor)))];
  const order = Object.values(columns);
  const rank = (title: string): number => {
    const at = order.findIndex((one) => title === one || title.startsWith(`${one} `));
    return at < 0 ? order.length : at;
  };
  return present.toSorted((a, b) => rank(a) - rank(b));
}
