/**
 * Bad request: what the driver refuses before it looks for a device or a handler.
 *
 * Kernel: drivers/iommu/intel/prq.c, prq_event_thread(): the tests before iommu_report_device_fault().
 * Units:  access as Linux permission bits; `pfnHigh20` is the page frame number's bits 51:32.
 */
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../../hw/access.ts';

/** Page numbers of canonical 48-bit addresses have their top 17 bits alike. */
const CANONICAL_TOP = 0x1ffff;
const CANONICAL_SHIFT = 3;

/** An address that is not canonical, privileged access, or execution of what is read. */
export function isBadRequest(access: number, pfnHigh20: number): boolean {
  const asks = (access & (ACCESS_READ | ACCESS_WRITE)) !== 0;
  if ((access & ACCESS_PRIVILEGED) !== 0 && asks) return true;
  if ((access & ACCESS_EXEC) !== 0 && (access & ACCESS_READ) !== 0) return true;
  const top = (pfnHigh20 >>> CANONICAL_SHIFT) & CANONICAL_TOP;
  return top !== 0 && top !== CANONICAL_TOP;
}
