/** Where a command writes: a stream of the process, or a test's list of texts. */
import { styleText } from 'node:util';

export type Output = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly columns: () => number;
  /** Whether to colour: a terminal that can, and no NO_COLOR. */
  readonly hasColours: boolean;
};

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Gives a text a style, or leaves it alone. */
export type Paint = (style: Style, text: string) => string;

/** For a file, and for a page. */
export const plain: Paint = (_, text) => text;

export const paintFor = (output: Output): Paint =>
  output.hasColours ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
