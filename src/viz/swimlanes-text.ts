/**
 * Swim lanes' text: what is written in the heads, steps and touches of a sequence, and the room around it.
 *
 * Units: pixels.
 */
import type { Violation } from '../explore/violation.ts';
import type { LaneTouch, Row } from './swimlanes.ts';
import { type Look, linesOf, type Piece, type TextLine } from './text-line.ts';

/** Left of the lanes, for numbers. */
export const GUTTER = 44;
export const MARGIN = 10;
export const LANE_GAP = 18;
export const PADDING = 6;
const STEP_TEXT_MAX = 190;
const TOUCH_TEXT_MAX = 110;

export const headLines = (title: string): readonly TextLine[] =>
  linesOf([look('event', title)], TOUCH_TEXT_MAX);

export const stepLines = ({ label, effects, passes, violates }: Row): readonly TextLine[] => [
  ...linesOf([passes ? look('note', `passes ${label}`) : look('event', label)], STEP_TEXT_MAX),
  ...effects.flatMap((effect) => linesOf([look('action', `/ ${effect}`)], STEP_TEXT_MAX)),
  ...violates.flatMap(violationLines),
];

/** What was said to it, then what it is now. */
export const touchLines = (touch: LaneTouch): readonly TextLine[] => {
  const { index, events, states, violates } = touch;
  const told = [...events.map((words) => look('note', words))];
  const became = states.map((state) => look('event', state));
  const number = index === '' ? [] : [look('guard', `${index}:`)];
  const [first, ...rest] = [...told, ...became].map((piece) => [piece]);
  const lines = [...(first === undefined ? [] : [[...number, ...first]]), ...rest];
  return [
    ...lines.flatMap((pieces) => linesOf(pieces, TOUCH_TEXT_MAX)),
    ...violates.flatMap(violationLines),
  ];
};

export const endingLines = (
  { property, sentence, slot }: Violation,
  widthMax: number,
): readonly TextLine[] => {
  const told = slot === '' ? sentence : `${sentence} (seen by ${slot})`;
  return linesOf([look('event', property), look('action', told)], widthMax);
};

const violationLines = (property: string): readonly TextLine[] =>
  linesOf([look('event', `violates ${property}`)], TOUCH_TEXT_MAX);

const look = (look: Look, text: string): Piece => ({ look, text });
