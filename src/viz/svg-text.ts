/**
 * SVG text: measured lines as elements, each fitted to its measure, so that any font keeps to the layout.
 */

import { element, escaped } from '../core/markup.ts';
import { rounded } from './chart-boxes.ts';
import type { TextBlock } from './chart-text.ts';
import { LINE_HEIGHT, type TextLine } from './text-line.ts';

/** From the top of a line to its base line. */
const BASE = 11;

/** Blocks of lines below one another, their upper left corner at (x, y). */
export function drawnBlocks(blocks: readonly TextBlock[], x: number, y: number): string {
  let top = y;
  return blocks
    .map(({ transition, lines }) => {
      const texts = lines.map((line, index) =>
        drawnLine(line, x, top + index * LINE_HEIGHT + BASE),
      );
      top += lines.length * LINE_HEIGHT;
      if (transition === undefined) return texts.join('');
      const never = transition.taken === 0 ? 'never' : undefined;
      return element('g', { class: never, 'data-transition': transition.id }, ...texts);
    })
    .join('');
}

function drawnLine({ pieces, width, indent }: TextLine, x: number, base: number): string {
  return element(
    'text',
    { x: rounded(x + indent), y: rounded(base), ...fitted(width) },
    ...pieces.map(({ text, look }) => element('tspan', { class: look }, escaped(text))),
  );
}

/** Attributes that give a text its measured length. */
export const fitted = (width: number) => ({
  textLength: rounded(width),
  lengthAdjust: 'spacingAndGlyphs',
});
