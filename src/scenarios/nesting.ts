/**
 * Nesting: how deep brackets and lists of a text go, so that one no recursive reader could follow is refused first.
 *
 * A reader that runs out of stack is not just an error: where V8 happens to compile a regular expression at that depth,
 * it ends the whole process.
 */

/** Deeper than anything of ours, and far from any reader's end. */
export const NESTING_MAX = 200;

const OPENING = '[{';
const CLOSING = ']}';
/** "- - - x", "? ? x", or a deep indentation, each of which may stand for as many levels. */
const BLOCKS = /^(?:[-?:]? )+/;

/** Whether the text may go deeper than `NESTING_MAX`; brackets in quotes count too. */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const line of text.split('\n')) {
    if (line.length > NESTING_MAX && (BLOCKS.exec(line)?.[0].length ?? 0) > NESTING_MAX)
      return true;
    for (const character of line) {
      if (OPENING.includes(character)) depth += 1;
      else if (CLOSING.includes(character)) depth = Math.max(0, depth - 1);
      if (depth > NESTING_MAX) return true;
    }
  }
  return false;
}

/** The same of plain data that somebody else has read; without recursion, and to an end where it holds itself. */
export function isDataTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > NESTING_MAX) return true;
    const objects = new Set(level.filter((part) => typeof part === 'object' && part !== null));
    level = [...objects].flatMap((part) => Object.values(part as object)); // an object, as was seen
  }
  return false;
}

/** The sentence of a place where something was nested too deep. */
export const NESTED_TOO_DEEP = `brackets or lists in more than ${NESTING_MAX} levels`;
