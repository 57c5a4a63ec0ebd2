/**
 * Player trace: a recorded trace made ready to be played: lanes, slots, and pages of steps with checkpoints.
 */
import type { OpeningSlot } from '../explore/opening.ts';
import { plainText } from '../explore/plain-text.ts';
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { propertyIn } from '../explore/violation.ts';
import { laneTitle, laneTitles, slotParts } from './lane-titles.ts';
import {
  OVERVIEW_MAX,
  type PlayerHeld,
  type PlayerPage,
  type PlayerStep,
  type PlayerSummary,
} from './player-shape.ts';

/** Small enough to be answered at once, large enough that playing asks rarely. */
const PAGE_STEPS = 200;
/** Longest text of an effect's parameters. */
const PARAMS_MAX = 160;

export type PlayerTrace = {
  readonly summary: PlayerSummary;
  /** By number from 0; undefined: there is none. */
  readonly page: (number: number) => PlayerPage | undefined;
};

export type PlayerTitle = Pick<PlayerSummary, 'id' | 'title' | 'differences'>;

/** `opening` is that of the trace's world. */
export function playerTrace(
  trace: RecordedTrace,
  opening: readonly OpeningSlot[],
  title: PlayerTitle,
): PlayerTrace {
  const { columns, steps, scenario, driver, quirks, strategy, violation } = trace;
  const lanes = laneTitles(trace);
  const laneByActor = new Map<string, number>();
  for (const { actor } of steps) {
    if (!laneByActor.has(actor)) laneByActor.set(actor, lanes.indexOf(laneTitle(columns, actor)));
  }
  const laneOf = (actor: string): number => laneByActor.get(actor) ?? 0;
  const touched = new Set(steps.flatMap(touchedBy));
  const objects = [...touched].filter((slot) => !laneByActor.has(slot));
  const checkpoints = checkpointsOf(steps, opening);
  return {
    summary: {
      ...title,
      ...{ scenario, driver, quirks, strategy, violation, lanes },
      steps: steps.length,
      pageSteps: PAGE_STEPS,
      objects: [...new Set(objects.map((slot) => slotParts(slot).kind))],
      slots: opening.map(({ slot, kind, role }) => ({
        ...{ slot, kind, role },
        lane: laneByActor.get(slot),
        moves: touched.has(slot),
      })),
      overview: overviewOf(steps.map(({ actor }) => laneOf(actor))),
    },
    page: (number) => {
      const before = checkpoints[number];
      if (before === undefined) return undefined;
      const first = number * PAGE_STEPS;
      const some = steps.slice(first, first + PAGE_STEPS);
      return { first, before, steps: some.map((step) => playerStep(step, laneOf(step.actor))) };
    },
  };
}

const touchedBy = ({ changes, fields, effects }: RecordedStep): readonly string[] => [
  ...changes.map(({ slot }) => slot),
  ...fields.map(({ slot }) => slot),
  ...effects.filter(({ type }) => type === 'violate').map(({ slot }) => slot),
];

/** What each slot is and holds before the first step of each page; a trace without steps has one page. */
function checkpointsOf(
  steps: readonly RecordedStep[],
  opening: readonly OpeningSlot[],
): readonly PlayerPage['before'][] {
  let held: Readonly<Record<string, PlayerHeld>> = Object.fromEntries(
    opening.map(({ slot, state, fields }) => [
      slot,
      { state, fields: Object.fromEntries(fields.map(({ field, to }) => [field, to])) },
    ]),
  );
  const checkpoints = [held];
  for (const [index, { changes, fields }] of steps.entries()) {
    const next = new Map(Object.entries(held));
    const known = (slot: string): PlayerHeld => next.get(slot) ?? { state: '', fields: {} };
    for (const { slot, to } of changes) next.set(slot, { ...known(slot), state: to });
    for (const { slot, field, to } of fields) {
      const before = known(slot);
      next.set(slot, { ...before, fields: { ...before.fields, [field]: to } });
    }
    held = Object.fromEntries(next);
    const isNextPage = (index + 1) % PAGE_STEPS === 0 && index + 1 < steps.length;
    if (isNextPage) checkpoints.push(held);
  }
  return checkpoints;
}

const playerStep = (step: RecordedStep, lane: number): PlayerStep => {
  const { actor, label, details, passes, effects, changes, fields } = step;
  return {
    ...{ actor, lane, label, details, passes, changes, fields },
    effects: effects
      .filter(({ type }) => type !== 'violate')
      .map(({ slot, type, params }) => `${slot} ${type}${paramsText(params)}`),
    violates: effects
      .filter(({ type }) => type === 'violate')
      .map(({ slot, params }) => ({ slot, property: propertyIn(params) })),
  };
};

function paramsText(params: unknown): string {
  if (params === undefined) return '';
  const text = plainText(params);
  return ` ${text.length > PARAMS_MAX ? `${text.slice(0, PARAMS_MAX)}…` : text}`;
}

/** Of each of so many equal parts the lane that is there most often, the first of several. */
function overviewOf(lanes: readonly number[]): readonly number[] {
  const parts = Math.min(OVERVIEW_MAX, lanes.length);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * lanes.length) / parts);
    const to = Math.floor(((part + 1) * lanes.length) / parts);
    const counts = new Map<number, number>();
    for (const lane of lanes.slice(from, to)) counts.set(lane, (counts.get(lane) ?? 0) + 1);
    const most = Math.max(...counts.values());
    return [...counts].find(([, count]) => count === most)?.[0] ?? 0;
  });
}
