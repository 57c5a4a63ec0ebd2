/**
 * Field text: what a field of a context holds, as one text for readers.
 */
import type { Bound } from '../machines/wiring-types.ts';
import { plainText } from './plain-text.ts';

export const fieldOf = (context: object, field: string): unknown =>
  new Map<string, unknown>(Object.entries(context)).get(field);

/** What a field holds as one text: the order inside a bag is forgotten. */
export function fieldText(bound: Bound, value: unknown): string {
  switch (bound.kind) {
    case 'bag':
    case 'list': {
      const elements = (Array.isArray(value) ? value : []).map((one) => fieldText(bound.of, one));
      return `[${(bound.kind === 'bag' ? elements.sort() : elements).join(', ')}]`;
    }
    case 'maybe':
      return value === undefined ? 'none' : fieldText(bound.of, value);
    case 'record':
      return typeof value === 'object' && value !== null
        ? `{${Object.entries(bound.fields)
            .map(([name, of]) => `${name} ${fieldText(of, fieldOf(value, name))}`)
            .join(', ')}}`
        : plainText(value);
    case 'bit':
      return Number(value) === 1 ? 'yes' : 'no';
    default:
      return typeof value === 'string' ? value : plainText(value);
  }
}
