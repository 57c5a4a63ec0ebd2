/**
 * Chart state SVG: the box of one state: name, tags, what happens inside it; a title bar where it holds others.
 */

import { element, escaped } from '../core/markup.ts';
import {
  PADDING,
  rounded,
  TAG_HEIGHT,
  TITLE_HEIGHT,
  tagOffset,
  tagsWidth,
  tagWidth,
} from './chart-boxes.ts';
import type { PlacedState } from './chart-layout.ts';
import { drawnBlocks, fitted } from './svg-text.ts';
import { NAME_SIZE, TEXT_SIZE } from './text-line.ts';
import { textWidth } from './text-width.ts';

const CORNER = 8;
const RING = 3;
const BASE_OF_NAME = 17.5;
const BASE_OF_TAG = 11;
/** Between a name and the tags beside it, and above lines. */
const LINES_TOP = 6;

export function drawnState(placed: PlacedState): string {
  const { state, x, y, width, height, inside, size, isRegion } = placed;
  const holds = state.states.length > 0;
  const frame = { x, y, width, height, rx: CORNER };
  return element(
    'g',
    {
      class: ['state', state.kind, ...(isRegion ? ['region'] : [])].join(' '),
      'data-state': state.id,
    },
    element('rect', { class: 'box', ...frame }),
    ...(holds ? [titleBar(placed)] : []),
    ...(state.kind === 'final' ? [ring(placed)] : []),
    name(placed),
    ...tags(placed),
    ...(inside.length === 0
      ? []
      : [
          element('path', { class: 'rule', d: `M${x},${rounded(y + size.title)}h${width}` }),
          drawnBlocks(inside, x + PADDING, y + size.title + LINES_TOP),
        ]),
  );
}

function titleBar({ x, y, width }: PlacedState): string {
  const across = rounded(width - 2 * CORNER);
  const down = TITLE_HEIGHT - CORNER;
  const d = `M${x},${rounded(y + TITLE_HEIGHT)}v${-down}q0,${-CORNER} ${CORNER},${-CORNER}h${across}q${CORNER},0 ${CORNER},${CORNER}v${down}z`;
  return element('path', { class: 'title', d });
}

const ring = ({ x, y, width, height }: PlacedState): string =>
  element('rect', {
    class: 'ring',
    x: rounded(x + RING),
    y: rounded(y + RING),
    width: rounded(width - 2 * RING),
    height: rounded(height - 2 * RING),
    rx: CORNER - RING,
  });

function name({ state, x, y, width }: PlacedState): string {
  const length = textWidth(state.key, NAME_SIZE, 'bold');
  const left = state.states.length > 0 ? x + PADDING : x + (width - length) / 2;
  return element(
    'text',
    { class: 'name', x: rounded(left), y: rounded(y + BASE_OF_NAME), ...fitted(length) },
    escaped(state.key),
  );
}

function tags({ state, x, y, width }: PlacedState): readonly string[] {
  const { tags, key } = state;
  const beside = state.states.length > 0;
  const left = beside
    ? x + 2 * PADDING + textWidth(key, NAME_SIZE, 'bold')
    : x + (width - tagsWidth(tags)) / 2;
  const top = beside ? y + (TITLE_HEIGHT - TAG_HEIGHT) / 2 : y + TITLE_HEIGHT - 1;
  return tags.map((tag, index) => {
    const start = rounded(left + tagOffset(tags, index));
    const length = textWidth(tag, TEXT_SIZE - 1);
    return element(
      'g',
      { class: 'tag' },
      element('rect', {
        x: start,
        y: rounded(top),
        width: rounded(tagWidth(tag)),
        height: TAG_HEIGHT,
        rx: TAG_HEIGHT / 2,
      }),
      element(
        'text',
        {
          x: rounded(start + (tagWidth(tag) - length) / 2),
          y: rounded(top + BASE_OF_TAG),
          ...fitted(length),
        },
        escaped(tag),
      ),
    );
  });
}
