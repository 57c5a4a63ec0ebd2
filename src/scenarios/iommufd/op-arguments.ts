/**
 * Op arguments: what a recorded operation is told, read with its defaults.
 *
 * Policy: an argument of the wrong type is the recording's fault, and said with its name.
 */
import { isObject, type Json, type RecordedOp } from './recorded-sequence.ts';

/** An operation that cannot be replayed: the recording is wrong, not the model. */
export class BadOp extends Error {
  override readonly name = 'BadOp';
}

/** More than any call reads or writes. */
const MEMORY_BYTES_MAX = 2 ** 26;

const isWord = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;

export class OpArguments {
  readonly #op: RecordedOp;

  constructor(op: RecordedOp) {
    this.#op = op;
  }

  get name(): string {
    return this.#op.op;
  }

  has(argument: string): boolean {
    return this.#op[argument] !== undefined;
  }

  number(argument: string, otherwise?: number): number {
    const value = this.#op[argument] ?? otherwise;
    return isWord(value) ? value : this.#wrong(argument, 'a number of 32 bits');
  }

  /** Memory of the recorded program, as much as it lent to the call. */
  memory(bytes: number): Uint8Array {
    if (bytes <= MEMORY_BYTES_MAX) return new Uint8Array(bytes);
    throw new BadOp(`${this.name} lends ${bytes} bytes; ${MEMORY_BYTES_MAX} are allowed`);
  }

  /** A 64-bit value, `"0x..."`. */
  wide(argument: string, otherwise?: bigint): bigint {
    const value = this.#op[argument];
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
      return BigInt(value);
    if (typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value)) return BigInt(value);
    return this.#wrong(argument, 'a hexadecimal text of 64 bits');
  }

  flag(argument: string): boolean {
    return this.#op[argument] !== undefined && this.#op[argument] !== 0;
  }

  text(argument: string): string {
    return this.optionalText(argument) ?? this.#wrong(argument, 'a text');
  }

  optionalText(argument: string): string | undefined {
    const value = this.#op[argument];
    return typeof value === 'string' ? value : undefined;
  }

  /** What the caller resolves: a number, or the name of an object behind a `$`. */
  reference(argument: string): number | string {
    const value = this.#op[argument];
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && value.startsWith('$')) return value.slice(1);
    return this.#wrong(argument, 'an id or a name');
  }

  /** Rows of `width` numbers each. */
  rows(argument: string, width: number): readonly (readonly number[])[] {
    const value = this.#op[argument] ?? [];
    if (!Array.isArray(value)) return this.#wrong(argument, 'a list');
    const rows: readonly Json[] = value;
    return rows.map((row) =>
      isRow(row) && row.length === width ? row : this.#wrong(argument, `rows of ${width} numbers`),
    );
  }

  #wrong(argument: string, expected: string): never {
    throw new BadOp(`argument "${argument}" of ${this.name} must be ${expected}`);
  }
}

const isRow = (row: Json): row is readonly number[] =>
  Array.isArray(row) && !isObject(row) && row.every(isWord);
