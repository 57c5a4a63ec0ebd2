/**
 * Quadwords: a second reader and writer of descriptor bits, in BigInt and knowing nothing of ours.
 *
 * Method: fields are named as the specification prints them, by quadword and bits inside it, and are
 *         copied here by hand; the codecs under test count bits from the start of the descriptor.
 */

/** [name, quadword, highest bit, lowest bit] */
export type QuadwordField = readonly [name: string, quadword: number, high: number, low: number];

export function readField(view: DataView, [, quadword, high, low]: QuadwordField): bigint {
  const value = view.getBigUint64(quadword * 8, true);
  return BigInt.asUintN(high - low + 1, value >> BigInt(low));
}

export function writeField(
  view: DataView,
  [, quadword, high, low]: QuadwordField,
  field: bigint,
): void {
  const mask = BigInt.asUintN(high - low + 1, -1n) << BigInt(low);
  const rest = view.getBigUint64(quadword * 8, true) & ~mask;
  view.setBigUint64(quadword * 8, rest | ((field << BigInt(low)) & mask), true);
}

/** Every field as a number, by name. */
export const readFields = (
  view: DataView,
  fields: readonly QuadwordField[],
): Record<string, number> =>
  Object.fromEntries(fields.map((field) => [field[0], Number(readField(view, field))]));

export const viewOf = (...quadwords: readonly bigint[]): DataView => {
  const view = new DataView(new ArrayBuffer(Math.max(4, quadwords.length) * 8));
  for (const [index, quadword] of quadwords.entries()) {
    view.setBigUint64(index * 8, quadword, true);
  }
  return view;
};

export const quadwordsOf = (view: DataView): bigint[] =>
  Array.from({ length: view.byteLength / 8 }, (_, index) => view.getBigUint64(index * 8, true));

export const wordsOf = (view: DataView): Int32Array => new Int32Array(view.buffer);
