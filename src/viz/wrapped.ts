/** Wrapped: a sentence in lines of a width, broken at spaces, else after a hyphen, else anywhere. */

/** At least one line; those after the first begin with `hang`. */
export function wrapped(text: string, width: number, hang = ''): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  for (;;) {
    const indent = lines.length === 0 ? '' : hang;
    const room = width - indent.length;
    if (rest.length <= room) return [...lines, indent + rest];
    const end = lineEnd(rest, room);
    lines.push(indent + rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
}

/** How much of `text`, which is longer than `room`, goes on one line. */
function lineEnd(text: string, room: number): number {
  const space = text.lastIndexOf(' ', room);
  if (space > 0) return space;
  const hyphen = text.lastIndexOf('-', room - 1);
  return hyphen > 0 ? hyphen + 1 : room;
}
