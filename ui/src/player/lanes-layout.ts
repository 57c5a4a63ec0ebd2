/**
 * Lanes layout: where threads and objects stand in a width, and what of a step's text fits.
 *
 * Units:  pixels.
 * Policy: every row is as high as every other, so that a row's place is its number. Threads share what objects leave;
 *         a step's box may lie over the lanes beside its own, for there is one step a row.
 */
import type { PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { textWidth } from '../../../src/viz/text-width.ts';

export const ROW_HEIGHT = 34;
export const TEXT_SIZE = 12;
export const DETAIL_SIZE = 11;
const GUTTER = 46;
/** Of an object's lane; where there are many they stand closer. */
const OBJECT_WIDTH = 26;
const OBJECT_WIDTH_MIN = 19;
const OBJECTS_MANY = 12;
/** The last object's name leans over it. */
const RIGHT = 56;
/** Between the outermost lanes and the ends of the threads' part. */
const LEFT_INSET = 30;
const RIGHT_INSET = 52;
const THREADS_WIDTH_MIN = 240;
const BOX_WIDTH_MAX = 250;
const BOX_PADDING = 10;
/** Of the bar on a box's side, which lies on its lane. */
export const HALF_NOTCH = 2;

export type LanesLayout = {
  /** Of everything; more than was given where the lanes need it. */
  readonly width: number;
  readonly gutter: number;
  /** Middle of each thread's lane. */
  readonly threads: readonly number[];
  /** Middle of each object's. */
  readonly objects: readonly number[];
  /** Where the threads' part ends. */
  readonly threadsEnd: number;
};

export function lanesLayout(
  { lanes, objects }: Pick<PlayerSummary, 'lanes' | 'objects'>,
  given: number,
): LanesLayout {
  const objectWidth = objects.length > OBJECTS_MANY ? OBJECT_WIDTH_MIN : OBJECT_WIDTH;
  const objectsWidth = objects.length * objectWidth;
  const threadsWidth = Math.max(THREADS_WIDTH_MIN, given - GUTTER - objectsWidth - RIGHT);
  const span = threadsWidth - LEFT_INSET - RIGHT_INSET;
  const each = lanes.length < 2 ? 0 : span / (lanes.length - 1);
  const threadsEnd = GUTTER + threadsWidth;
  return {
    width: threadsEnd + objectsWidth + RIGHT,
    gutter: GUTTER,
    threads: lanes.map((_, lane) => GUTTER + LEFT_INSET + lane * each),
    objects: objects.map((_, object) => threadsEnd + (object + 0.5) * objectWidth),
    threadsEnd,
  };
}

export type StepBox = {
  readonly x: number;
  readonly width: number;
  /** Where its lane is. */
  readonly side: 'left' | 'right';
  readonly label: string;
  /** Empty when there is none. */
  readonly detail: string;
};

/** To the right of its lane, or to the left, where it fits; so that the lane is one of its sides. */
export function stepBox(
  { label, details, passes }: Pick<PlayerStep, 'label' | 'details' | 'passes'>,
  lane: number,
  { gutter, threadsEnd }: LanesLayout,
): StepBox {
  const room = { right: threadsEnd - lane + HALF_NOTCH, left: lane - gutter + HALF_NOTCH };
  const widest = Math.min(BOX_WIDTH_MAX, Math.max(room.right, room.left)) - 2 * BOX_PADDING;
  const weight = passes ? undefined : 'bold';
  const shown = fitted(passes ? `passes ${label}` : label, widest, TEXT_SIZE, weight);
  const detail = fitted(details.join(' · '), widest, DETAIL_SIZE, undefined);
  const text = Math.max(
    textWidth(shown, TEXT_SIZE, weight),
    detail === '' ? 0 : textWidth(detail, DETAIL_SIZE),
  );
  const width = text + 2 * BOX_PADDING;
  const isRight = width <= room.right || room.right >= room.left;
  const x = isRight ? lane - HALF_NOTCH : lane + HALF_NOTCH - width;
  return { x, width, side: isRight ? 'left' : 'right', label: shown, detail };
}

type Weight = Parameters<typeof textWidth>[2];

/** As much of a text as is no wider. */
export function fitted(text: string, widthMax: number, size: number, weight: Weight): string {
  if (textWidth(text, size, weight) <= widthMax) return text;
  let shown = text;
  while (shown !== '' && textWidth(`${shown}…`, size, weight) > widthMax)
    shown = shown.slice(0, -1);
  return `${shown.trimEnd()}…`;
}
