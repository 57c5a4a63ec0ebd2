/**
 * Swim lanes: a trace as rows, one a step, over a lane for each thread and each kind of object it changes.
 *
 * Policy: steps that only leave a state behind are one row with those of the same actor that follow them.
 */
import { type Violation, violationIn } from '../explore/violation.ts';
import {
  type DrawnStep,
  type DrawnTrace,
  laneTitle,
  laneTitles,
  slotParts,
  statePaths,
} from './drawn-trace.ts';

export type Lane = { readonly title: string; readonly kind: 'thread' | 'object' };

/** What a step did to an object. */
export type Touch = {
  readonly lane: number;
  /** The state it is in now; with its number where there are several. */
  readonly text: string;
  /** Whether the object says that this must not happen. */
  readonly violates: boolean;
};

export type Row = {
  /** Of the first and last step in it, from 1. */
  readonly first: number;
  readonly last: number;
  readonly lane: number;
  readonly label: string;
  /** Effects of the actor, by name. */
  readonly effects: readonly string[];
  readonly touches: readonly Touch[];
  /** Nothing came of it. */
  readonly passes: boolean;
};

export type Swimlanes = {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  readonly violation: Violation | undefined;
};

export function swimlanesOf(trace: DrawnTrace): Swimlanes {
  const { columns, steps, violation } = trace;
  const threads = laneTitles(trace);
  const actors = new Set(steps.map(({ actor }) => actor));
  const touches = touchesOf(steps);
  const objects = [
    ...new Set(
      touches
        .flat()
        .filter(({ slot }) => !actors.has(slot))
        .map(({ slot }) => slotParts(slot).kind),
    ),
  ];
  const laneOf = (slot: string): number =>
    actors.has(slot)
      ? threads.indexOf(laneTitle(columns, slot))
      : threads.length + objects.indexOf(slotParts(slot).kind);

  const rows: Row[] = [];
  for (const [index, step] of steps.entries()) {
    const row: Row = {
      first: index + 1,
      last: index + 1,
      lane: laneOf(step.actor),
      label: step.label,
      effects: effectsOf(step),
      touches: (touches[index] ?? []).map(({ slot, text, violates }) => ({
        lane: laneOf(slot),
        text: numbered(slot, text),
        violates,
      })),
      passes: step.passes ?? passes(step),
    };
    const before = rows.at(-1);
    if (row.passes && before?.passes === true && before.lane === row.lane) {
      const label = `${before.label}, ${outermost(row.label)}`;
      rows[rows.length - 1] = { ...before, last: row.last, label };
    } else {
      rows.push(row.passes ? { ...row, label: outermost(row.label) } : row);
    }
  }
  return {
    lanes: [
      ...threads.map((title): Lane => ({ title, kind: 'thread' })),
      ...objects.map((title): Lane => ({ title, kind: 'object' })),
    ],
    rows,
    violation,
  };
}

type Touched = { readonly slot: string; readonly text: string; readonly violates: boolean };

/** For each step: others that changed, in the regions in which they did, and those that object, each once. */
function touchesOf(steps: readonly DrawnStep[]): readonly (readonly Touched[])[] {
  const known = new Map<string, readonly string[]>();
  return steps.map(({ actor, changes, effects }) => {
    const changed = changes
      .filter(({ slot }) => slot !== actor)
      .map(({ slot, to }) => {
        const paths = statePaths(to);
        const before = known.get(slot) ?? [];
        known.set(slot, paths);
        const news = paths.filter((path) => !before.includes(path));
        return { slot, text: news.join(', '), violates: false };
      });
    const objecting = new Map(
      effects
        .filter(({ slot, type }) => type === 'violate' && slot !== actor)
        .map((effect) => [`${effect.slot} ${violationIn(effect).property}`, effect]),
    );
    return [
      ...changed,
      ...[...objecting.values()].map((effect) => ({
        slot: effect.slot,
        text: violationIn(effect).property,
        violates: true,
      })),
    ];
  });
}

/** A runtime's own `perform` says nothing that the label does not. */
const effectsOf = ({ actor, effects }: DrawnStep): readonly string[] =>
  effects.filter(({ slot, type }) => slot === actor && type !== 'perform').map(({ type }) => type);

const passes = ({ actor, event, effects, changes, fields }: DrawnStep): boolean =>
  event.type === 'step' &&
  effects.length === 0 &&
  fields.length === 0 &&
  changes.every(({ slot }) => slot === actor);

const outermost = (label: string): string => label.replace(/: .*/, '');

function numbered(slot: string, text: string): string {
  const { index } = slotParts(slot);
  return index === '' ? text : `${index}: ${text}`;
}
