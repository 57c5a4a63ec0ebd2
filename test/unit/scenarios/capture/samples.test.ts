/**
 * Goal:   the sample line of every event reads as what its description says.
 * Source: samples generated from the format strings of Linux 7.3.4, with the meaning of each field worked out by hand.
 */
import { expect, test } from 'vitest';
import { readLines } from './fixtures.ts';

const SAMPLES = `
        modprobe-700     [000] .....    12.009120: attach_device_to_domain: IOMMU: device=0000:00:0a.0
       idxd_bind-2113    [001] .....  1042.301001: cache_tag_assign: dmar0/dmar0 type iotlb did 1 pasid 1 ref 1
       idxd_bind-2113    [001] .....  1042.301004: cache_tag_assign: dmar0/0000:00:0a.0 type devtlb did 1 pasid 1 ref 1
 irq/27-dmar0-pr-141     [003] .....  1042.318402: prq_report: dmar0/0000:00:0a.0 seq# 17: rid=0x50 addr=0x7f1234567 rw--l pasid=0x1 index=0x3
   kworker/u64:2-911     [005] d..1.  1042.318455: qi_submit: page_grp_resp dmar0: 0x100500019 0x18 0x0 0x0
       idxd_bind-2113    [002] d..2.  1042.400010: cache_tag_flush_range: dmar0 dmar0[1] type iotlb did 1 [0x7f1234567000-0x7f1234567fff] addr 0x7f1234567000 mask 0x0
       idxd_bind-2113    [002] d..2.  1042.400012: cache_tag_flush_range: dmar0 0000:00:0a.0[1] type devtlb did 1 [0x7f1234567000-0x7f1234567fff] addr 0x7f1234567000 mask 0x0
       idxd_bind-2113    [002] d..3.  1042.400015: qi_submit: p_iotlb_inv dmar0: 0x100010036 0x7f1234567000 0x0 0x0
       idxd_bind-2113    [002] d..3.  1042.400016: qi_submit: p_dev_tlb_inv dmar0: 0x100500008 0x7f1234567000 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000100: qi_submit: pc_inv dmar0: 0x100010017 0x0 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000120: qi_submit: p_iotlb_inv dmar0: 0x100010026 0x0 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000140: qi_submit: p_dev_tlb_inv dmar0: 0x100500008 0x7ffffffffffff800 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000160: qi_submit: inv_wait dmar0: 0x200000045 0x0 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000161: qi_submit: iec_inv dmar0: 0x14 0x0 0x0 0x0
       idxd_bind-2113    [001] d..1.  1043.000200: cache_tag_unassign: dmar0/dmar0 type iotlb did 1 pasid 1 ref 1
       idxd_bind-2113    [001] d..1.  1043.000201: cache_tag_flush_range_np: dmar0 dmar0[0] type nesting_iotlb did 9 [0x0-0x3fff] addr 0x0 mask 0x2
        modprobe-700     [000] .....    12.004211: add_device_to_group: IOMMU: groupID=14 device=0000:00:0a.0
        modprobe-700     [000] .....    12.004212: remove_device_from_group: IOMMU: groupID=14 device=0000:00:0a.0
            nvme-1201    [000] .....    55.100000: map: IOMMU: iova=0x00000000fffe0000 - 0x00000000fffe1000 paddr=0x0000000104a3c000 size=4096
            nvme-1201    [000] .....    55.200000: unmap: IOMMU: iova=0x00000000fffe0000 - 0x00000000fffe1000 size=4096 unmapped_size=4096
   irq/25-AMD-Vi-90      [006] .....    77.500000: io_page_fault: IOMMU:amdgpu 0000:03:00.0 iova=0x0000000012345000 flags=0x0001
`
  .trim()
  .split('\n')
  .map((line) => ` ${line}`);

const PFN = 0x7f1234567;

test('every sample reads exactly', () => {
  const { events, tally } = readLines(SAMPLES);
  expect(tally).toMatchObject({ events: 21, malformed: 0, skipped: 0 });
  expect(events[3]).toMatchObject({
    seconds: 1042.318402,
    thread: 'irq/27-dmar0-pr-141',
    cpu: 3,
    line: 4,
  });
  const tag = { unit: 'dmar0', type: 'iotlb', did: 1, pasid: 1 };
  const device = '0000:00:0a.0';
  const flush = { kind: 'cache-tag.flushed', notPresent: false, ...tag, pfn: PFN, order: 0 };
  const block = { pfn: PFN, order: 0 };
  const descriptor = (fields: object) => ({
    kind: 'invalidation.submitted',
    unit: 'dmar0',
    descriptor: fields,
  });
  expect(events.map(({ fact }) => fact)).toEqual([
    { kind: 'device.attached', device },
    { kind: 'cache-tag.assigned', ...tag, device: 'dmar0', references: 1 },
    { kind: 'cache-tag.assigned', ...tag, type: 'devtlb', device, references: 1 },
    {
      kind: 'page-request.reported',
      unit: 'dmar0',
      device,
      sequence: 17,
      rid: 0x50,
      pasid: 1,
      index: 3,
      pfn: PFN,
      read: true,
      write: true,
      exec: false,
      privileged: false,
      last: true,
    },
    {
      kind: 'page-group.responded',
      unit: 'dmar0',
      rid: 0x50,
      pasid: 1,
      index: 3,
      wireCode: 0,
      code: 'success',
    },
    { ...flush, device: 'dmar0', first: PFN, last: PFN },
    { ...flush, type: 'devtlb', device, first: PFN, last: PFN },
    descriptor({ kind: 'pasid-iotlb', did: 1, pasid: 1, pages: { ...block, leafOnly: false } }),
    descriptor({
      kind: 'pasid-device-tlb',
      sid: 0x50,
      pasid: 1,
      pfsid: 0,
      queueDepth: 0,
      range: block,
    }),
    descriptor({ kind: 'pasid-cache', granularity: 'pasid', did: 1, pasid: 1 }),
    descriptor({ kind: 'pasid-iotlb', did: 1, pasid: 1, pages: undefined }),
    descriptor({
      kind: 'pasid-device-tlb',
      sid: 0x50,
      pasid: 1,
      pfsid: 0,
      queueDepth: 0,
      range: { pfn: 0, order: 52 },
    }),
    descriptor({
      kind: 'wait',
      interrupt: false,
      statusWrite: false,
      fence: true,
      drainPageRequests: false,
      statusData: 2,
      statusPage: 0,
      statusWord: 0,
    }),
    descriptor({
      kind: 'opaque',
      type: 'iec_inv',
      words: ['0x14', '0x0', '0x0', '0x0', '0x0', '0x0', '0x0', '0x0'],
    }),
    { kind: 'cache-tag.unassigned', ...tag, device: 'dmar0', references: 1 },
    {
      kind: 'cache-tag.flushed',
      notPresent: true,
      unit: 'dmar0',
      device: 'dmar0',
      pasid: 0,
      type: 'nesting_iotlb',
      did: 9,
      first: 0,
      last: 3,
      pfn: 0,
      order: 2,
    },
    { kind: 'device.grouped', group: 14, device },
    { kind: 'device.ungrouped', group: 14, device },
    { kind: 'range.mapped', pfn: 0xfffe0, frame: 0x104a3c, pages: 1 },
    { kind: 'range.unmapped', pfn: 0xfffe0, pages: 1, unmappedPages: 1 },
    {
      kind: 'io-page-fault.reported',
      driver: 'amdgpu',
      device: '0000:03:00.0',
      pfn: 0x12345,
      flags: 1,
    },
  ]);
});
