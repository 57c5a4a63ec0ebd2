/** One pattern of several parts, so that a long line's pattern can be read a field at a time. */
export const pattern = (...parts: readonly RegExp[]): RegExp =>
  new RegExp(parts.map((part) => part.source).join(''));
