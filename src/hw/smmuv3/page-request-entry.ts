/**
 * PRI queue entry: the 16 bytes an SMMU appends for a PCIe page request.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "PRI queue".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, PRIQ_0_*, PRIQ_1_*; arm-smmu-v3.c, arm_smmu_handle_ppr().
 * Units:  addr is an IOVA page frame number; a stream is named by 32 bits, which are a requester ID or more.
 * Policy: none. Linux 7.3 logs every entry and denies the last of a group; nothing reaches the fault handling.
 */
import {
  type IovaPfn,
  iovaPfn,
  type Pasid,
  type PrgIndex,
  pasid,
  prgIndex,
} from '../../core/ids.ts';
import type { Access } from '../../core/page-request.ts';
import { bit, bitLayout, bits } from '../bit-layout.ts';

export const PRI_QUEUE_ENTRY = bitLayout(16, {
  sid: bits(31, 0),
  ssid: bits(51, 32),
  privileged: bit(58),
  execute: bit(59),
  read: bit(60),
  write: bit(61),
  last: bit(62),
  ssv: bit(63),
  prgIndex: bits(72, 64),
  addr: bits(127, 76),
});

export type StreamPageRequest = {
  readonly stream: number;
  readonly pasid: Pasid | undefined;
  readonly prgi: PrgIndex;
  readonly iovaPfn: IovaPfn;
  readonly access: Access;
  /** Last and neither read nor write is a stop marker; the entry has no other sign of one. */
  readonly last: boolean;
};

/** Reads the entry at `offset` in the queue; there is nothing in it that could be wrong. */
export function decodePriEntry(queue: DataView, offset: number): StreamPageRequest {
  const raw = PRI_QUEUE_ENTRY.read(queue, offset);
  return {
    stream: raw.sid,
    pasid: raw.ssv === 1 ? pasid(raw.ssid) : undefined,
    prgi: prgIndex(raw.prgIndex),
    iovaPfn: iovaPfn(raw.addr),
    access: {
      read: raw.read === 1,
      write: raw.write === 1,
      exec: raw.execute === 1,
      privileged: raw.privileged === 1,
    },
    last: raw.last === 1,
  };
}

/** Writes the entry at `offset` as hardware would. */
export function encodePriEntry(queue: DataView, offset: number, request: StreamPageRequest): void {
  const { access } = request;
  PRI_QUEUE_ENTRY.write(queue, offset, {
    sid: request.stream,
    ssid: request.pasid ?? 0,
    privileged: Number(access.privileged),
    execute: Number(access.exec),
    read: Number(access.read),
    write: Number(access.write),
    last: Number(request.last),
    ssv: Number(request.pasid !== undefined),
    prgIndex: request.prgi,
    addr: request.iovaPfn,
  });
}
