/**
 * Descriptors as real machines wrote them: [quadword 0, quadword 1], the others having been zero.
 *
 * Source: qi_submit and prq_report lines of trace captures, as printed by the kernel.
 */
export type CapturedDescriptor = readonly [quadword0: bigint, quadword1: bigint];

export const CAPTURED_RESPONSES: readonly CapturedDescriptor[] = [
  [0x100281019n, 0x230n],
  [0x100281019n, 0x238n],
  [0x100281019n, 0x248n],
  [0x6300281019n, 0x260n],
  [0x6300281019n, 0x268n],
  [0x281009n, 0x278n],
  [0x281019n, 0x280n],
  [0x100281019n, 0x288n],
  [0x100281019n, 0x290n],
  [0x100280019n, 0x298n],
  [0x100280019n, 0x88n],
  [0x100280019n, 0x90n],
  [0x100280019n, 0xa0n],
  [0x100280019n, 0xa8n],
];

export const CAPTURED_PASID_CACHE: readonly CapturedDescriptor[] = [
  [0x100010017n, 0x0n],
  [0x37n, 0x0n],
  [0x50017n, 0x0n],
  [0x40017n, 0x0n],
  [0x900070017n, 0x0n],
  [0x200010017n, 0x0n],
  [0x300010017n, 0x0n],
  [0x400010017n, 0x0n],
];

export const CAPTURED_PASID_IOTLB: readonly CapturedDescriptor[] = [
  [0x100010026n, 0x0n],
  [0x100040026n, 0x0n],
  [0x100010036n, 0x7ffe2fd22000n],
  [0x100050026n, 0x0n],
  [0x50026n, 0x0n],
  [0x40026n, 0x0n],
  [0x900070036n, 0x200043n],
  [0x40036n, 0x200043n],
  [0x900070036n, 0x300040n],
  [0x40036n, 0x300040n],
  [0x900070026n, 0x0n],
  [0x900040026n, 0x0n],
  [0x100010036n, 0x7f2047301000n],
  [0x100010036n, 0x7f2047303000n],
];

export const CAPTURED_PASID_DEVICE_TLB: readonly CapturedDescriptor[] = [
  [0x100280008n, 0x7ffffffffffff800n],
  [0x100280008n, 0x7ffe2fd22000n],
  [0x100300008n, 0x7ffffffffffff800n],
  [0x900280008n, 0x203800n],
  [0x900280008n, 0x300000n],
  [0x900280008n, 0x7ffffffffffff800n],
  [0x100280008n, 0x7f2047301000n],
  [0x100280008n, 0x7f2047303000n],
  [0x100280008n, 0x7f2047305000n],
  [0x100280008n, 0x7f2047308000n],
  [0x100280008n, 0x7f204730a000n],
  [0x100280008n, 0x7f204730c000n],
  [0x100280008n, 0x7f204730e000n],
  [0x100280008n, 0x7f2047310000n],
];

export const CAPTURED_WAITS: readonly CapturedDescriptor[] = [[0x200000045n, 0x0n]];

export const CAPTURED_CONTEXT_CACHE: readonly CapturedDescriptor[] = [
  [0x11n, 0x0n],
  [0x3000000031n, 0x0n],
];

export const CAPTURED_IOTLB: readonly CapturedDescriptor[] = [[0xd2n, 0x0n]];

export const CAPTURED_DEVICE_TLB: readonly CapturedDescriptor[] = [
  [0x3000000003n, 0x7ffffffffffff001n],
  [0x2800000003n, 0x7ffffffffffff001n],
  [0x2800000003n, 0x203001n],
  [0x2800000003n, 0x300000n],
];

export const CAPTURED_PAGE_REQUESTS: readonly CapturedDescriptor[] = [
  [0x100280101n, 0x7f20473ea01bn],
  [0x100280101n, 0x7f20473eb01fn],
  [0x100280101n, 0x7f20473ee025n],
];
