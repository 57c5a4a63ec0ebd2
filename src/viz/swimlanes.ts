/**
 * Swim lanes: a trace as rows, one a step, over a lane for each thread, each kind of object it calls and each channel.
 *
 * Policy: steps that only leave a state behind are one row with those of the same actor that follow them.
 */
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { propertyIn, type Violation } from '../explore/violation.ts';
import { laneTitle, laneTitles, slotParts } from './lane-titles.ts';
import { type Touch, touchesOf } from './touches.ts';
import { type CallPlace, messagesOf } from './trace-messages.ts';

export type Lane = { readonly title: string; readonly kind: 'thread' | 'object' | 'channel' };

/** What a step did to an object. */
export type LaneTouch = Omit<Touch, 'slot'> & { readonly lane: number };

export type Row = {
  /** Of the first and last step in it, from 1. */
  readonly first: number;
  readonly last: number;
  readonly lane: number;
  readonly label: string;
  /** Effects of the actor, by name, where the trace does not tell what they called. */
  readonly effects: readonly string[];
  readonly touches: readonly LaneTouch[];
  /** Nothing came of it. */
  readonly passes: boolean;
  /** Properties that the actor itself finds violated. */
  readonly violates: readonly string[];
};

/** A message under way: from a touch of one row to another row, each by its place; undefined: not in the trace. */
export type LaneMessage = {
  readonly lane: number;
  readonly sent: { readonly row: number; readonly touch: number } | undefined;
  readonly receivedIn: number | undefined;
};

export type Swimlanes = {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  readonly messages: readonly LaneMessage[];
  readonly violation: Violation | undefined;
};

export function swimlanesOf(trace: RecordedTrace): Swimlanes {
  const { columns, steps, violation } = trace;
  const threads = laneTitles(trace);
  const actors = new Set(steps.map(({ actor }) => actor));
  const touches = touchesOf(trace);
  const messages = messagesOf(trace);
  const channels = new Set(messages.map(({ channel }) => slotParts(channel).kind));
  const others = [
    ...new Set([
      ...touches
        .flat()
        .filter(({ slot }) => !actors.has(slot))
        .map(({ slot }) => slotParts(slot).kind),
      ...channels,
    ]),
  ];
  const laneOf = (slot: string): number =>
    actors.has(slot)
      ? threads.indexOf(laneTitle(columns, slot))
      : threads.length + others.indexOf(slotParts(slot).kind);

  const rows: Row[] = [];
  /** By step: its row. */
  const rowOf: number[] = [];
  for (const [index, step] of steps.entries()) {
    const row: Row = {
      first: index + 1,
      last: index + 1,
      lane: laneOf(step.actor),
      label: step.label,
      effects: effectsOf(step),
      touches: (touches[index] ?? []).map(({ slot, ...touch }) => ({
        ...touch,
        lane: laneOf(slot),
      })),
      passes: step.passes,
      violates: violatedBy(step),
    };
    const before = rows.at(-1);
    if (row.passes && before?.passes === true && before.lane === row.lane) {
      const label = `${before.label}, ${outermost(row.label)}`;
      rows[rows.length - 1] = { ...before, last: row.last, label };
    } else {
      rows.push(row.passes ? { ...row, label: outermost(row.label) } : row);
    }
    rowOf.push(rows.length - 1);
  }

  const sentAt = ({ step, call }: CallPlace): LaneMessage['sent'] => {
    const touch = (touches[step] ?? []).findIndex(({ calls }) => calls.includes(call));
    return { row: rowOf[step] ?? 0, touch };
  };
  return {
    lanes: [
      ...threads.map((title): Lane => ({ title, kind: 'thread' })),
      ...others.map((title): Lane => ({ title, kind: channels.has(title) ? 'channel' : 'object' })),
    ],
    rows,
    messages: messages.map(({ channel, sent, received }) => ({
      lane: laneOf(channel),
      sent: sent && sentAt(sent),
      receivedIn: received && rowOf[received.step],
    })),
    violation,
  };
}

/** A runtime's own `perform` says nothing that the label does not. */
const effectsOf = ({ actor, effects, calls }: RecordedStep): readonly string[] =>
  calls !== undefined
    ? []
    : effects
        .filter(({ slot, type }) => slot === actor && !['perform', 'violate'].includes(type))
        .map(({ type }) => type);

const violatedBy = ({ actor, effects }: RecordedStep): readonly string[] => [
  ...new Set(
    effects
      .filter(({ slot, type }) => slot === actor && type === 'violate')
      .map(({ params }) => propertyIn(params)),
  ),
];

const outermost = (label: string): string => label.replace(/: .*/, '');
