/**
 * Guest entry: the 16 bytes of a stream table entry that a guest gives for a device of its own.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-iommufd.c, arm_smmu_validate_vste().
 * Spec:   the low two words of "Stream Table Entry"; what a guest may say is the kernel's rule.
 */
import { err, ok, type Result } from '../../core/result.ts';
import {
  CFG,
  EATS,
  type GuestEntry,
  STREAM_TABLE_ENTRY,
  type StreamTableEntry,
} from './stream-table-entry.ts';

export const GUEST_ENTRY_BYTES = 16;

/** Bits that are not the guest's, a configuration it may not have, ATS of a kind it may not ask for: EIO each. */
export type GuestEntryError = {
  readonly code: 'foreign-bits' | 'unknown-configuration' | 'unknown-ats';
};

/** Abort, bypass or a first stage; an entry that is not valid aborts, whatever else it says. */
export function guestEntryOf(bytes: DataView, offset: number): Result<GuestEntry, GuestEntryError> {
  const image = new DataView(new ArrayBuffer(STREAM_TABLE_ENTRY.bytes));
  for (let at = 0; at < GUEST_ENTRY_BYTES; at += 1) image.setUint8(at, bytes.getUint8(offset + at));
  const entry = STREAM_TABLE_ENTRY.read(image, 0);
  if (entry.v === 0) return ok({ kind: 'abort' });
  if (saysMore(image, entry)) return err({ code: 'foreign-bits' });
  if (entry.eats !== EATS.abort && entry.eats !== EATS.full) return err({ code: 'unknown-ats' });
  switch (entry.cfg) {
    case CFG.abort:
      return ok({ kind: 'abort' });
    case CFG.bypass:
      return ok({ kind: 'bypass' });
    case CFG.firstStage:
      return ok({ kind: 'first-stage', fields: guestFieldsOf(entry) });
    default:
      return err({ code: 'unknown-configuration' });
  }
}

const guestFieldsOf = (entry: StreamTableEntry) => ({
  s1Fmt: entry.s1Fmt,
  s1ContextPtr: entry.s1ContextPtr,
  s1CdMax: entry.s1CdMax,
  s1Dss: entry.s1Dss,
  s1Cir: entry.s1Cir,
  s1Cor: entry.s1Cor,
  s1Csh: entry.s1Csh,
  s1Stalld: entry.s1Stalld,
  eats: entry.eats,
});

/** Whether the bytes hold anything besides what a guest may say. */
function saysMore(image: DataView, entry: StreamTableEntry): boolean {
  const allowed = new DataView(new ArrayBuffer(STREAM_TABLE_ENTRY.bytes));
  const nothing = Object.fromEntries(Object.keys(entry).map((field) => [field, 0]));
  STREAM_TABLE_ENTRY.write(allowed, 0, {
    ...(nothing as StreamTableEntry), // every field of it, as zero
    ...guestFieldsOf(entry),
    v: entry.v,
    cfg: entry.cfg,
  });
  return Array.from({ length: GUEST_ENTRY_BYTES }, (_, at) => at).some(
    (at) => allowed.getUint8(at) !== image.getUint8(at),
  );
}
