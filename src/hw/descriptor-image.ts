/**
 * Descriptor image: a descriptor's values with their layout, before it is known where they go.
 */
import type { BitLayout, BitTable, BitValues } from './bit-layout.ts';

export type DescriptorImage = {
  toBytes(queue: DataView, offset: number): void;
  /** Plain stores. */
  toWords(words: Int32Array, at: number): void;
};

export const descriptorImage = <Table extends BitTable>(
  layout: BitLayout<Table>,
  values: BitValues<Table>,
): DescriptorImage => ({
  toBytes: (queue, offset) => layout.write(queue, offset, values),
  toWords: (words, at) => layout.writeWords(words, at, values),
});
