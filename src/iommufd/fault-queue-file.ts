/**
 * Fault queue file: a fault queue as its user holds it, records and answers in place of bytes.
 *
 * Kernel: include/uapi/linux/iommufd.h, struct iommu_hwpt_pgfault, struct iommu_hwpt_page_response.
 */
import type { RequesterId } from '../core/ids.ts';
import { type PageResponseCode, RESPONSE_CODE } from '../core/page-request.ts';
import type { OpenFile } from './open-file.ts';
import { FAULT_LAST_PAGE, FAULT_PASID_VALID, FAULT_RECORD, FAULT_RESPONSE, join } from './uapi.ts';
import { viewOf } from './user-memory.ts';

/** Records a read asks for unless told otherwise. */
const RECORDS_DEFAULT = 64;

export type FaultRecord = {
  readonly cookie: number;
  readonly deviceId: number;
  /** Undefined: the function's own. */
  readonly pasid: number | undefined;
  readonly groupId: number;
  readonly permissions: number;
  readonly address: bigint;
  readonly last: boolean;
};

export type FaultAnswer = { readonly cookie: number; readonly code: PageResponseCode };

/** A page response as the driver gets it. */
export type AnsweredFault = {
  /** Of the device; as long as it is bound, no other has it. */
  readonly source: RequesterId;
  readonly pasid: number;
  readonly groupId: number;
  readonly code: PageResponseCode;
};

export class FaultQueueFile {
  readonly id: number;
  readonly #file: OpenFile;

  constructor(id: number, file: OpenFile) {
    this.id = id;
    this.#file = file;
  }

  /** Whole groups, oldest first, as far as `records` go; none when no group waits. @throws IommufdError. */
  read(records = RECORDS_DEFAULT): readonly FaultRecord[] {
    const buffer = new Uint8Array(records * FAULT_RECORD.bytes);
    const bytes = this.#file.read(buffer, buffer.length);
    return Array.from({ length: bytes / FAULT_RECORD.bytes }, (_, index) => {
      const record = FAULT_RECORD.read(viewOf(buffer), index * FAULT_RECORD.bytes);
      return {
        cookie: record.cookie,
        deviceId: record.devId,
        pasid: (record.flags & FAULT_PASID_VALID) === 0 ? undefined : record.pasid,
        groupId: record.groupId,
        permissions: record.permissions,
        address: join(record.address, record.addressHigh),
        last: (record.flags & FAULT_LAST_PAGE) !== 0,
      };
    });
  }

  /** @returns how many answers were taken before one was wrong. @throws IommufdError if the first was. */
  write(answers: readonly FaultAnswer[]): number {
    const buffer = new Uint8Array(answers.length * FAULT_RESPONSE.bytes);
    for (const [index, { cookie, code }] of answers.entries()) {
      const at = index * FAULT_RESPONSE.bytes;
      FAULT_RESPONSE.write(viewOf(buffer), at, { cookie, code: RESPONSE_CODE[code] });
    }
    return this.#file.write(buffer, buffer.length) / FAULT_RESPONSE.bytes;
  }

  /** Whether a group waits to be read. @throws IommufdError EBADF. */
  poll(): boolean {
    return this.#file.poll().readable;
  }

  /** Answers nothing: groups wait until they are detached. @throws IommufdError EBADF. */
  close(): void {
    this.#file.close();
  }
}
