/**
 * User struct: a structure copied from a caller who may know an older or a newer one.
 *
 * Kernel: include/linux/uaccess.h, copy_struct_from_user(); include/linux/iommufd.h, iommu_copy_struct_from_user().
 */
import type { BitLayout, BitTable, BitValues } from '../hw/bit-layout.ts';
import { refuse, refuseIf } from './iommufd-error.ts';
import { type UserBuffer, viewOf } from './user-memory.ts';

/**
 * Reads `length` bytes at `offset` as the structure: what is missing is zero, what is beyond must be.
 *
 * @throws IommufdError EINVAL below `minimum`, EFAULT outside the buffer, E2BIG for a value nobody knows.
 */
export function structFromUser<Table extends BitTable>(
  layout: BitLayout<Table>,
  minimum: number,
  buffer: UserBuffer,
  length: number,
  offset = 0,
): BitValues<Table> {
  refuseIf(length < minimum, 'EINVAL', `the structure has ${minimum} bytes at least`);
  if (buffer === undefined || buffer.length < offset + length) {
    return refuse('EFAULT', 'the structure is not in mapped memory');
  }
  const given = buffer.subarray(offset, offset + length);
  const beyond = given.subarray(layout.bytes).some((byte) => byte !== 0);
  refuseIf(beyond, 'E2BIG', `the structure says more than its ${layout.bytes} bytes`);
  const whole = new Uint8Array(layout.bytes);
  whole.set(given.subarray(0, layout.bytes));
  return layout.read(viewOf(whole), 0);
}
