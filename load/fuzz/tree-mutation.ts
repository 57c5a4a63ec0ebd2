/**
 * Tree mutation: a JSON value with one of its parts left out, moved, or replaced by something that does not belong.
 */
import type { Prng } from '../../src/core/prng.ts';

type Tree = unknown;

/** Where in the value: keys and indices from the root. */
type Path = readonly (string | number)[];

const NEST_DEPTH = 20_000;

export function mutatedTree(chance: Prng, value: Tree): Tree {
  const paths = pathsOf(value);
  const path = paths[chance.below(paths.length)] ?? [];
  const other = at(value, paths[chance.below(paths.length)] ?? []);
  return replaced(value, path, (part) => changed(chance, part, other));
}

/** Marks a part that is to go. */
const GONE = Symbol('gone');

function changed(chance: Prng, part: Tree, other: Tree): Tree {
  switch (chance.below(10)) {
    case 0:
      return GONE;
    case 1:
      return other;
    case 2:
      return [part];
    case 3:
      return { [String(other).slice(0, 20)]: part };
    case 4:
      return chance.below(20) === 0 ? { [NEST]: 1 } : null;
    case 5:
      return Array.isArray(part) ? [...part, ...part] : String(part);
    case 6:
      return withField(chance, part, other);
    default:
      return ODD[chance.below(ODD.length)];
  }
}

const ODD: readonly Tree[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e21, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308],
  ...['', ' ', 'x', '0', '__proto__', 'constructor', '\0', '\ud800', '\u202e', 'a'.repeat(5000)],
  ...[[], {}, [[]], [{}], { op: 'constructor' }, { kind: 'toString' }, { type: 'xstate.init' }],
];

const NAMES = ['__proto__', 'constructor', 'toString', 'schema', 'kind', 'op', 'type', 'extra', ''];

function withField(chance: Prng, part: Tree, other: Tree): Tree {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return { part };
  const name = NAMES[chance.below(NAMES.length)] ?? '';
  return Object.fromEntries([...Object.entries(part), [name, other]]);
}

/** Stands for more nesting than a recursive reader can follow, JSON.stringify among them. */
const NEST = '\u0001nest';

/** The text with every marker as deep brackets. */
export const withNests = (text: string): string => {
  const marker = JSON.stringify(NEST);
  const found = text.indexOf(`{${marker}:`);
  if (found === -1) return text;
  const open = '{"a":'.repeat(NEST_DEPTH);
  return `${text.slice(0, found)}${open}1${'}'.repeat(NEST_DEPTH)}${text.slice(endOf(text, found))}`;
};

/** Behind the bracket that closes the one at `start`, strings passed over. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let isText = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && character === '{') depth += 1;
    else if (!isText && character === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return text.length;
}

function pathsOf(value: Tree, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Object.entries(value).slice(0, 50);
  return [path, ...parts.flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

const at = (value: Tree, path: Path): Tree =>
  path.reduce<Tree>((part, key) => (isHolder(part) ? part[String(key)] : undefined), value);

const isHolder = (value: Tree): value is Readonly<Record<string, Tree>> =>
  typeof value === 'object' && value !== null;

function replaced(value: Tree, path: Path, change: (part: Tree) => Tree): Tree {
  const [key, ...rest] = path;
  if (key === undefined) {
    const next = change(value);
    return next === GONE ? null : next;
  }
  const entries = Object.entries(isHolder(value) ? value : {}).flatMap(([name, part]) => {
    if (name !== String(key)) return [[name, part] as const];
    const next = rest.length === 0 ? change(part) : replaced(part, rest, change);
    return next === GONE ? [] : [[name, next] as const];
  });
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}
