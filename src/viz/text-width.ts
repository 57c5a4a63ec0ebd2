/**
 * Text width: how long a text is, without anything that draws.
 *
 * Source: Adobe's font metrics of Helvetica and Helvetica Bold, which Arial and Liberation Sans share.
 * Units:  pixels; the table is in thousandths of the font's size.
 * Policy: a drawing gives each line its measured length, so another font is fitted to it.
 */

/** Of the printable ASCII characters, space first. */
const REGULAR = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const BOLD = [
  278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
  611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
  278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
/** Characters the table lacks are taken to be wide. */
const OTHER = 1000;
const FIRST = ' '.charCodeAt(0);

export function textWidth(
  text: string,
  size: number,
  weight: 'regular' | 'bold' = 'regular',
): number {
  const widths = weight === 'bold' ? BOLD : REGULAR;
  let thousandths = 0;
  for (const character of text) thousandths += widths[character.charCodeAt(0) - FIRST] ?? OTHER;
  return (thousandths * size) / 1000;
}
