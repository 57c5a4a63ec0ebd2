/**
 * Text line: one line of a drawing, in pieces that look different, measured and broken where it is too long.
 *
 * Units: pixels.
 */
import { textWidth } from './text-width.ts';

export type Look = 'name' | 'event' | 'guard' | 'action' | 'note';

export type Piece = { readonly text: string; readonly look: Look };

export type TextLine = {
  readonly pieces: readonly Piece[];
  readonly width: number;
  /** From the left edge of its block. */
  readonly indent: number;
};

/** Of names; everything else is smaller. */
export const NAME_SIZE = 13;
export const TEXT_SIZE = 11;
/** From one base line to the next. */
export const LINE_HEIGHT = 15;
const HANGING_INDENT = 10;
/** Where a line may end: not behind a slash, which belongs to what follows it, nor inside an assignment. */
const SPACE = /(?<!\/|:=) (?!:=)/;

const sizeOf = (look: Look): number => (look === 'name' ? NAME_SIZE : TEXT_SIZE);
const weightOf = (look: Look): 'regular' | 'bold' =>
  look === 'name' || look === 'event' ? 'bold' : 'regular';
const widthOf = ({ text, look }: Piece): number => textWidth(text, sizeOf(look), weightOf(look));

/** `pieces` with a space between them, broken at spaces so that no line is longer than `widthMax` if it can be. */
export function linesOf(pieces: readonly Piece[], widthMax: number): readonly TextLine[] {
  const words = pieces.flatMap(({ text, look }) =>
    text
      .split(SPACE)
      .filter((word) => word !== '')
      .map((word) => ({ text: word, look })),
  );
  const lines: TextLine[] = [];
  let open: Piece[] = [];
  for (const word of words) {
    const longer = joined([...open, word]);
    const indent = lines.length === 0 ? 0 : HANGING_INDENT;
    if (open.length > 0 && indent + lineWidth(longer) > widthMax) {
      lines.push(lineOf(joined(open), lines.length));
      open = [word];
    } else {
      open = [...open, word];
    }
  }
  if (open.length > 0) lines.push(lineOf(joined(open), lines.length));
  return lines;
}

const lineOf = (pieces: readonly Piece[], before: number): TextLine => ({
  pieces,
  width: lineWidth(pieces),
  indent: before === 0 ? 0 : HANGING_INDENT,
});

const lineWidth = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + widthOf(piece), 0);

/** Words of one look become one piece; a space belongs to the piece before it. */
function joined(words: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [at, { text, look }] of words.entries()) {
    const spaced = at === words.length - 1 ? text : `${text} `;
    const last = pieces.at(-1);
    if (last?.look === look) pieces[pieces.length - 1] = { text: last.text + spaced, look };
    else pieces.push({ text: spaced, look });
  }
  return pieces;
}

export const blockWidth = (lines: readonly TextLine[]): number =>
  Math.max(0, ...lines.map(({ width, indent }) => width + indent));
