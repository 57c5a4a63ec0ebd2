/**
 * Chart words: what a chart calls the guards, actions and events of a definition.
 *
 * Source: the public shapes of XState 5. What is written in place has no name there, and is called so.
 */

const UNNAMED = 'unnamed';

/** `not`, `and`, `or` and `stateIn` are functions that carry what they join. */
export function guardText(guard: unknown): string {
  if (typeof guard !== 'function') return nameOf(guard);
  if ('stateValue' in guard) return `in ${stateValueText(guard.stateValue)}`;
  if (!('guards' in guard) || !Array.isArray(guard.guards)) return nameOf(guard);
  const joined = guard.guards.map((each) =>
    isJoined(each) && each.name !== guard.name ? `(${guardText(each)})` : guardText(each),
  );
  return guard.name === 'not' ? `not ${joined.join('')}` : joined.join(` ${guard.name} `);
}

/** Whether a guard's text is of several words that belong together. */
function isJoined(guard: unknown): guard is { readonly name: string } {
  return typeof guard === 'function' && 'guards' in guard && guard.name !== 'not';
}

function stateValueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(Object(value))
    .map(([key, inner]) => `${key}.${stateValueText(inner)}`)
    .join(' and ');
}

/** What is written is named; XState's own actions carry their type, what is written in place has no name. */
export function nameOf(named: unknown): string {
  if (typeof named === 'string') return named;
  const type: unknown = Object(named).type;
  return typeof type === 'string' ? type.replace(/^xstate\./, '') : UNNAMED;
}

/** An event as a reader says it. Empty is XState's type of a transition that waits for none. */
export function eventText(type: string): string {
  if (type === '') return 'always';
  if (type === '*') return 'any other event';
  if (type.endsWith('.*')) return `any other ${type.slice(0, -2)} event`;
  const [, own, of] =
    /^xstate\.(after|done\.state|done\.actor|error\.actor)\.(.+)$/.exec(type) ?? [];
  switch (own) {
    case 'after':
      return `after ${of?.replace(/\..*/, '')}`;
    case 'done.state':
      return 'all within are done';
    case 'done.actor':
      return `${of} is done`;
    case 'error.actor':
      return `${of} failed`;
    default:
      return type;
  }
}
