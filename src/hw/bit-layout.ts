/**
 * Bit layouts: one table from which a descriptor is read, written, checked and drawn.
 *
 * Units:  positions count from bit 0 of the first byte (little-endian); a field is 1 to 53 bits.
 * Policy: bits the table omits are reserved: written as zero, ignored when read.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';

export type BitField = { readonly lsb: number; readonly width: number };
export type BitTable = Readonly<Record<string, BitField>>;
export type BitValues<Table extends BitTable> = { readonly [Name in keyof Table]: number };

/**
 * The part of a field inside one 32-bit little-endian word: its value is
 * `(words[at + word] >>> shift) & mask`, worth `2 ** lsb` of the whole field.
 */
export type BitPlace = {
  readonly word: number;
  readonly shift: number;
  /** Of the value, not yet shifted; unsigned. */
  readonly mask: number;
  readonly lsb: number;
  /** 2 ** lsb */
  readonly worth: number;
};

export type BitLayout<Table extends BitTable> = {
  readonly bytes: number;
  readonly table: Table;
  read(view: DataView, offset: number): BitValues<Table>;
  /** @throws InvariantViolation when a value is no integer or does not fit its field. */
  write(view: DataView, offset: number, values: BitValues<Table>): void;
  /** As `read`, from the word `at`. */
  readWords(words: Int32Array, at: number): BitValues<Table>;
  /** As `write`, to the word `at`; plain stores. */
  writeWords(words: Int32Array, at: number, values: BitValues<Table>): void;
  /** The pieces of a field, lowest first, for hot code that reads and writes words itself. */
  places(name: keyof Table): readonly BitPlace[];
  /** @throws InvariantViolation when the field crosses a word. */
  place(name: keyof Table): BitPlace;
};

/** A field named as specifications name it: highest bit first, both ends included. */
export const bits = (high: number, low: number): BitField => ({ lsb: low, width: high - low + 1 });
export const bit = (index: number): BitField => bits(index, index);

/** One piece of a field, as a signed word when the piece fills its word. Inlines in hot code. */
export const piece = (words: Int32Array, at: number, place: BitPlace): number =>
  (word(words, at + place.word) >>> place.shift) & place.mask;

/** Caller's duty: `value` fits the piece. */
export const placed = (value: number, place: BitPlace): number => value << place.shift;

/** @throws InvariantViolation unless the field crosses exactly one word boundary. */
export function twoPlaces(places: readonly BitPlace[]): readonly [BitPlace, BitPlace] {
  const [low, high, ...others] = places;
  invariant(low !== undefined && high !== undefined, 'the field lies in one word');
  invariant(others.length === 0, 'the field lies in more than two words');
  return [low, high];
}

/** @throws InvariantViolation at load, when fields overlap, overrun, or exceed 53 bits. */
export function bitLayout<const Table extends BitTable>(
  bytes: number,
  table: Table,
): BitLayout<Table> {
  const fields = Object.entries(table);
  checkFields(bytes, fields);
  const laid = fields.map(([name, field]) => ({
    name,
    places: placesOf(field),
    end: 2 ** field.width,
  }));
  const pieces = new Map<keyof Table, readonly BitPlace[]>(
    laid.map(({ name, places }) => [name, places]),
  );
  const zeroes = Object.fromEntries(fields.map(([name]) => [name, 0]));
  const places = (name: keyof Table): readonly BitPlace[] => {
    const found = pieces.get(name);
    invariant(found !== undefined, `${String(name)} is no field of this layout`);
    return found;
  };

  return {
    bytes,
    table,
    read: (view, offset) =>
      Object.fromEntries(
        fields.map(([name, field]) => [name, readField(view, offset, field)]),
      ) as BitValues<Table>, // fromEntries forgets which keys it was given
    write: (view, offset, values) => {
      for (let index = 0; index < bytes; index += 1) view.setUint8(offset + index, 0);
      for (const [name, field] of fields) {
        writeField(view, offset, field, fitting(name, 2 ** field.width, values[name]));
      }
    },
    readWords: (words, at) => {
      const values = { ...zeroes };
      for (const each of laid) values[each.name] = readPlaces(words, at, each.places);
      return values as BitValues<Table>; // fromEntries forgets which keys it was given
    },
    writeWords: (words, at, values) => {
      for (let index = 0; index < bytes / 4; index += 1) words[at + index] = 0;
      for (const { name, end, places } of laid) {
        writePlaces(words, at, places, fitting(name, end, values[name]));
      }
    },
    places,
    place: (name) => {
      const [only, ...others] = places(name);
      invariant(only !== undefined && others.length === 0, `${String(name)} crosses a word`);
      return only;
    },
  };
}

function checkFields(bytes: number, fields: readonly (readonly [string, BitField])[]): void {
  invariant(bytes % 4 === 0, `${bytes} bytes are not whole words`);
  const owners = new Map<number, string>();
  for (const [name, { lsb, width }] of fields) {
    invariant(width >= 1 && width <= 53, `${name} is ${width} bits wide`);
    invariant(lsb >= 0 && lsb + width <= bytes * 8, `${name} overruns ${bytes} bytes`);
    for (let at = lsb; at < lsb + width; at += 1) {
      invariant(!owners.has(at), `${name} overlaps ${owners.get(at)} at bit ${at}`);
      owners.set(at, name);
    }
  }
}

function placesOf({ lsb, width }: BitField): readonly BitPlace[] {
  const places: BitPlace[] = [];
  for (let at = lsb; at < lsb + width; ) {
    const shift = at & 31;
    const size = Math.min(32 - shift, lsb + width - at);
    places.push({
      word: at >>> 5,
      shift,
      mask: 2 ** size - 1,
      lsb: at - lsb,
      worth: 2 ** (at - lsb),
    });
    at += size;
  }
  return places;
}

function fitting(name: string, end: number, value: number | undefined): number {
  invariant(value !== undefined, () => `${name} is missing`);
  invariant(Number.isInteger(value), () => `${name} = ${value} is not an integer`);
  invariant(
    value >= 0 && value < end,
    () => `${name} = ${value} does not fit ${Math.log2(end)} bits`,
  );
  return value;
}

/** Bit by bit, to be obviously right: what the word accesses are tested against. */
function readField(view: DataView, offset: number, { lsb, width }: BitField): number {
  let value = 0;
  for (let at = lsb + width - 1; at >= lsb; at -= 1) {
    value = value * 2 + ((view.getUint8(offset + (at >>> 3)) >>> (at & 7)) & 1);
  }
  return value;
}

function writeField(view: DataView, offset: number, field: BitField, value: number): void {
  let rest = value;
  for (let at = field.lsb; at < field.lsb + field.width; at += 1) {
    const byte = offset + (at >>> 3);
    view.setUint8(byte, view.getUint8(byte) | ((rest % 2) << (at & 7)));
    rest = Math.floor(rest / 2);
  }
}

function readPlaces(words: Int32Array, at: number, places: readonly BitPlace[]): number {
  let value = 0;
  for (const place of places) {
    value += (piece(words, at, place) >>> 0) * place.worth;
  }
  return value;
}

function writePlaces(
  words: Int32Array,
  at: number,
  places: readonly BitPlace[],
  value: number,
): void {
  for (const place of places) {
    const part = Math.floor(value / place.worth) & place.mask;
    words[at + place.word] = word(words, at + place.word) | placed(part, place);
  }
}
