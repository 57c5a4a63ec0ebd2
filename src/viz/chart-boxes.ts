/**
 * Chart boxes: how large a state's box and an arrow's label must be for what stands in them.
 *
 * Units: pixels.
 */
import type { ChartState } from './chart.ts';
import { insideOf, type TextBlock } from './chart-text.ts';
import { blockWidth, LINE_HEIGHT, NAME_SIZE, TEXT_SIZE } from './text-line.ts';
import { textWidth } from './text-width.ts';

export type Placed = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export type BoxSize = {
  readonly width: number;
  readonly height: number;
  /** Of the part that holds name, tags and lines; what a state holds stands below it. */
  readonly header: number;
  /** Of the part that holds name and tags. */
  readonly title: number;
};

export const PADDING = 10;
export const TITLE_HEIGHT = 26;
export const TAG_HEIGHT = 15;
const TAG_PADDING = 6;
const TAG_GAP = 5;
/** Above and below lines. */
const LINES_PADDING = 6;
const WIDTH_MIN = 76;
export const LABEL_PADDING = 3;

/** A tenth of a pixel is more than anybody sees. */
export const rounded = (length: number): number => Math.round(length * 10) / 10;

export const tagWidth = (tag: string): number => textWidth(tag, TEXT_SIZE - 1) + 2 * TAG_PADDING;
export const tagsWidth = (tags: readonly string[]): number =>
  tags.reduce((sum, tag) => sum + tagWidth(tag), TAG_GAP * Math.max(0, tags.length - 1));
export const tagOffset = (tags: readonly string[], index: number): number =>
  tags.slice(0, index).reduce((sum, tag) => sum + tagWidth(tag) + TAG_GAP, 0);

const lineCount = (blocks: readonly TextBlock[]): number =>
  blocks.reduce((sum, { lines }) => sum + lines.length, 0);
const widest = (blocks: readonly TextBlock[]): number =>
  Math.max(0, ...blocks.map(({ lines }) => blockWidth(lines)));

/** Of a state that holds others, the least; a title bar has its tags beside the name, a simple state below it. */
export function sizeOfBox(state: ChartState): BoxSize {
  const { key, tags, states } = state;
  const blocks = insideOf(state);
  const holds = states.length > 0;
  const name = textWidth(key, NAME_SIZE, 'bold');
  const title = TITLE_HEIGHT + (tags.length > 0 && !holds ? TAG_HEIGHT + 5 : 0);
  const header =
    title + (blocks.length === 0 ? 0 : lineCount(blocks) * LINE_HEIGHT + 2 * LINES_PADDING);
  const beside = tags.length === 0 ? 0 : tagsWidth(tags) + PADDING;
  const across = holds ? name + beside : Math.max(name, tagsWidth(tags));
  return {
    width: rounded(Math.max(WIDTH_MIN, Math.max(across, widest(blocks)) + 2 * PADDING)),
    height: header,
    header,
    title,
  };
}

export const sizeOfLabel = (blocks: readonly TextBlock[]) => ({
  width: rounded(widest(blocks) + 2 * LABEL_PADDING),
  height: lineCount(blocks) * LINE_HEIGHT + LABEL_PADDING,
});
