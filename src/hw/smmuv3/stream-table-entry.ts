/**
 * Stream table entry: 64 bytes that say what becomes of everything one stream sends.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Stream Table Entry".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, STRTAB_STE_*; arm-smmu-v3.c, arm_smmu_make_*_ste().
 * Units:  contexts is the context table's address / 64, secondStageRoot the table's address / 16.
 * Policy: the entry is written so that hardware never meets a mixture (arm_smmu_write_entry()); that is the caller's.
 */
import { type BitValues, bit, bitLayout, bits } from '../bit-layout.ts';

export const STREAM_TABLE_ENTRY = bitLayout(64, {
  v: bit(0),
  cfg: bits(3, 1),
  s1Fmt: bits(5, 4),
  s1ContextPtr: bits(51, 6),
  s1CdMax: bits(63, 59),
  s1Dss: bits(65, 64),
  s1Cir: bits(67, 66),
  s1Cor: bits(69, 68),
  s1Csh: bits(71, 70),
  mev: bit(83),
  s2Fwb: bit(89),
  s1Stalld: bit(91),
  eats: bits(93, 92),
  strw: bits(95, 94),
  shcfg: bits(109, 108),
  s2Vmid: bits(143, 128),
  vtcr: bits(178, 160),
  s2Aa64: bit(179),
  s2Ptw: bit(182),
  s2S: bit(185),
  s2R: bit(186),
  s2Ttb: bits(243, 196),
});

export type StreamTableEntry = BitValues<typeof STREAM_TABLE_ENTRY.table>;

export const CFG = { abort: 0, bypass: 4, firstStage: 5, secondStage: 6, nested: 7 } as const;
/** What requests without a substream do where substreams are. */
export const S1DSS = { terminate: 0, bypass: 1, substreamZero: 2 } as const;
export const EATS = { abort: 0, full: 1, splitStage: 2 } as const;
const STRW_EL2 = 2;
const SHCFG_INCOMING = 1;
/** Walks are cached, write-back and write-allocate, and shared inside the system. */
const WRITE_BACK = 1;
const INNER_SHAREABLE = 3;

const ZERO: StreamTableEntry = {
  v: 0,
  cfg: 0,
  s1Fmt: 0,
  s1ContextPtr: 0,
  s1CdMax: 0,
  s1Dss: 0,
  s1Cir: 0,
  s1Cor: 0,
  s1Csh: 0,
  mev: 0,
  s2Fwb: 0,
  s1Stalld: 0,
  eats: 0,
  strw: 0,
  shcfg: 0,
  s2Vmid: 0,
  vtcr: 0,
  s2Aa64: 0,
  s2Ptw: 0,
  s2S: 0,
  s2R: 0,
  s2Ttb: 0,
};

export const abortEntry = (): StreamTableEntry => ({ ...ZERO, v: 1, cfg: CFG.abort });

export const bypassEntry = (): StreamTableEntry => ({
  ...ZERO,
  v: 1,
  cfg: CFG.bypass,
  shcfg: SHCFG_INCOMING,
});

export type ContextTableSetup = {
  readonly contexts: number;
  readonly format: number;
  /** Log2 of the number of substreams. */
  readonly cdMax: number;
  /** What happens to requests without a substream. */
  readonly withoutSubstream: keyof typeof S1DSS;
  readonly ats: boolean;
  readonly el2: boolean;
  /** The unit can stall and this stream must not. */
  readonly stallsDisabled: boolean;
};

/** First-stage domain, or identity and blocked ones on a stream whose PASIDs are in use. */
export const contextTableEntry = (setup: ContextTableSetup): StreamTableEntry => ({
  ...ZERO,
  v: 1,
  cfg: CFG.firstStage,
  s1Fmt: setup.format,
  s1ContextPtr: setup.contexts,
  s1CdMax: setup.cdMax,
  s1Dss: S1DSS[setup.withoutSubstream],
  s1Cir: WRITE_BACK,
  s1Cor: WRITE_BACK,
  s1Csh: INNER_SHAREABLE,
  s1Stalld: Number(setup.stallsDisabled),
  eats: setup.ats ? EATS.full : EATS.abort,
  strw: setup.el2 ? STRW_EL2 : 0,
  shcfg: setup.withoutSubstream === 'bypass' ? SHCFG_INCOMING : 0,
});

export type SecondStageSetup = {
  readonly vmid: number;
  readonly root: number;
  readonly vtcr: number;
  readonly ats: boolean;
  readonly stalls: boolean;
  /** S2FWB: the second stage decides how memory is cached, whatever the guest says. */
  readonly forceWriteBack: boolean;
};

export const secondStageEntry = (setup: SecondStageSetup): StreamTableEntry => ({
  ...ZERO,
  v: 1,
  cfg: CFG.secondStage,
  s2Fwb: Number(setup.forceWriteBack),
  eats: setup.ats ? EATS.full : EATS.abort,
  shcfg: SHCFG_INCOMING,
  s2Vmid: setup.vmid,
  vtcr: setup.vtcr,
  s2Aa64: 1,
  s2Ptw: 1,
  s2S: Number(setup.stalls),
  s2R: 1,
  s2Ttb: setup.root,
});

/** What a guest's own entry may say, once its bits were checked. */
export type GuestEntry =
  | { readonly kind: 'abort' }
  | { readonly kind: 'bypass' }
  | { readonly kind: 'first-stage'; readonly fields: GuestFields };
type GuestFields = Pick<
  StreamTableEntry,
  's1Fmt' | 's1ContextPtr' | 's1CdMax' | 's1Dss' | 's1Cir' | 's1Cor' | 's1Csh' | 's1Stalld' | 'eats'
>;

/** A guest's bypass is the second stage alone: a proxy for an identity first stage. */
export function nestedEntry(guest: GuestEntry, parent: SecondStageSetup): StreamTableEntry {
  switch (guest.kind) {
    case 'abort':
      return abortEntry();
    case 'bypass':
      return secondStageEntry(parent);
    case 'first-stage':
      return {
        ...secondStageEntry({ ...parent, ats: false }),
        ...guest.fields,
        cfg: CFG.nested,
        mev: 1,
        eats: guest.fields.eats === EATS.full ? EATS.full : EATS.abort,
        shcfg: 0,
      };
  }
}
