/**
 * Mutation: real inputs made a little or a lot wrong, as bytes, as lines and as JSON.
 *
 * An input is a function of the target, the seed and its number, so that a failure is named by three words.
 */
import type { Prng } from '../../src/core/prng.ts';
import { mutatedTree, withNests } from './tree-mutation.ts';

/** Inputs are no longer than that; what lies beyond is tested with files of their own. */
export const INPUT_BYTES_MAX = 262_144;

/** What readers of text have stumbled over before. */
const TOKENS: readonly string[] = [
  ...['', '\0', '\n', '\r\n', '\t', ' ', '"', "'", '\\', '%', '%00', '%2e%2e/', '../', '/', '//'],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '-',
    '--',
    '=',
    '#',
    '&a',
    '*a',
    '<<: *a',
    '!!js/function',
    '|',
    '>',
  ],
  ...[
    'null',
    'true',
    'NaN',
    '-0',
    '1e999',
    '-1',
    '0',
    '4294967296',
    '9007199254740993',
    '0x',
    '0xg',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'op', 'kind', 'schema'],
  ...[
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    '😀',
    '\u001b[31m',
    '\u009b',
    'é',
    '{{',
    '$x',
    '$(id)',
  ],
  'a'.repeat(300),
];

/** One input made of the seeds. */
export function mutated(chance: Prng, seeds: readonly Buffer[]): Buffer {
  if (seeds.length === 0 || chance.below(20) === 0) return rawBytes(chance);
  const seed = pick(chance, seeds);
  let input = chance.below(2) === 0 ? (treeMutated(chance, seed) ?? seed) : seed;
  for (let times = chance.below(4); times > 0 || input === seed; times -= 1) {
    input = edited(chance, input, seeds);
  }
  return input.subarray(0, INPUT_BYTES_MAX);
}

function rawBytes(chance: Prng): Buffer {
  const bytes = Buffer.alloc(chance.below(chance.below(4) === 0 ? 2000 : 64));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = chance.below(256);
  return bytes;
}

/** One of its lines, or the whole, as JSON with something else in it; undefined when it is no JSON. */
function treeMutated(chance: Prng, seed: Buffer): Buffer | undefined {
  const text = seed.toString('utf8');
  const lines = text.split('\n');
  const at = chance.below(lines.length);
  const whole = chance.below(2) === 0;
  let value: unknown;
  try {
    value = JSON.parse(whole ? text : (lines[at] ?? ''));
  } catch {
    return undefined;
  }
  const changed = withNests(JSON.stringify(mutatedTree(chance, value)) ?? 'undefined');
  return Buffer.from(whole ? changed : lines.with(at, changed).join('\n'));
}

type Edit = (chance: Prng, input: Buffer, seeds: readonly Buffer[]) => Buffer;

const splice = (input: Buffer, from: number, to: number, middle: Buffer): Buffer =>
  Buffer.concat([input.subarray(0, from), middle, input.subarray(to)]);

const NOTHING = Buffer.alloc(0);

/** Where to begin and how much: short spans more often than long ones. */
function span(chance: Prng, input: Buffer): readonly [from: number, to: number] {
  const from = chance.below(input.length + 1);
  const length = chance.below(2 ** (1 + chance.below(10)));
  return [from, Math.min(input.length, from + length)];
}

const EDITS: readonly Edit[] = [
  // A bit of a byte.
  (chance, input) => {
    if (input.length === 0) return rawBytes(chance);
    const copy = Buffer.from(input);
    const at = chance.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.below(8));
    return copy;
  },
  // A byte, for any other.
  (chance, input) => {
    const at = chance.below(input.length + 1);
    return splice(input, at, at + 1, Buffer.from([chance.below(256)]));
  },
  // A span taken out.
  (chance, input) => {
    const [from, to] = span(chance, input);
    return splice(input, from, to, NOTHING);
  },
  // A span said twice, or many times.
  (chance, input) => {
    const [from, to] = span(chance, input);
    const times = chance.below(8) === 0 ? 50 : 2;
    const said = Buffer.concat(Array.from({ length: times }, () => input.subarray(from, to)));
    return splice(input, from, to, said);
  },
  // A word put in, or put in place of a span.
  (chance, input) => {
    const [from, to] = span(chance, input);
    return splice(
      input,
      from,
      chance.below(2) === 0 ? from : to,
      Buffer.from(pick(chance, TOKENS)),
    );
  },
  // A number for another.
  (chance, input) => {
    const text = input.toString('latin1');
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return input;
    const { index, 0: digits } = pick(chance, numbers);
    return Buffer.from(
      text.slice(0, index) + oddNumber(chance) + text.slice(index + digits.length),
      'latin1',
    );
  },
  // The rest of another seed.
  (chance, input, seeds) => {
    const other = pick(chance, seeds);
    const at = chance.below(input.length + 1);
    return splice(input, at, input.length, other.subarray(chance.below(other.length + 1)));
  },
  // A line moved, or the end cut off.
  (chance, input) => {
    const lines = input.toString('latin1').split('\n');
    if (lines.length < 2) return input.subarray(0, chance.below(input.length + 1));
    const [line = ''] = lines.splice(chance.below(lines.length), 1);
    lines.splice(chance.below(lines.length + 1), 0, line);
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];

const edited: Edit = (chance, input, seeds) =>
  Buffer.from(pick(chance, EDITS)(chance, input, seeds).subarray(0, INPUT_BYTES_MAX));

const NUMBERS = ['0', '-1', '1', '255', '256', '65535', '65536', '4294967295', '4294967296'];
const LARGE = ['9007199254740991', '9007199254740992', '18446744073709551616', '1e309', '0.5'];

export const oddNumber = (chance: Prng): string => pick(chance, [...NUMBERS, ...LARGE]);

export function pick<Value>(chance: Prng, values: readonly Value[]): Value {
  return values[chance.below(values.length)] as Value; // below its length
}
