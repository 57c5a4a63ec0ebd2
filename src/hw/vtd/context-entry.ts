/**
 * Context entry: what the unit knows of one requester ID before it looks at any PASID.
 *
 * Spec:   Intel VT-d, "Scalable-Mode Context Entry", "Context Entry" (legacy).
 * Kernel: drivers/iommu/intel/iommu.h, struct context_entry; pasid.c, device_pasid_table_setup().
 * Units:  pointers are frame numbers; a legacy entry is 16 bytes, a scalable one 32, of which Linux
 *         programs the first 16; offsets are bytes.
 * Policy: DTE, PASIDE and PRE follow what the device can do and are set once, at probe.
 */
import { bit, bitLayout, bits } from '../bit-layout.ts';

export const SCALABLE_CONTEXT_ENTRY = bitLayout(32, {
  p: bit(0),
  fpd: bit(1),
  dte: bit(2),
  paside: bit(3),
  pre: bit(4),
  pdts: bits(11, 9),
  pasidDirectory: bits(63, 12),
  ridPasid: bits(83, 64),
});

export const LEGACY_CONTEXT_ENTRY = bitLayout(16, {
  p: bit(0),
  fpd: bit(1),
  tt: bits(3, 2),
  root: bits(63, 12),
  aw: bits(66, 64),
  did: bits(87, 72),
});

export type ScalableContextEntry = {
  readonly present: boolean;
  readonly faultDisabled: boolean;
  readonly deviceTlb: boolean;
  readonly pasids: boolean;
  readonly pageRequests: boolean;
  /** Code X of PDTS: the directory has 2^(X + 7) entries. */
  readonly directorySize: number;
  readonly pasidDirectory: number;
  /** The PASID that translates requests without one; Linux: 0. */
  readonly ridPasid: number;
};

export type LegacyTranslation = 'multi-level' | 'multi-level-device-tlb' | 'pass-through';

export type LegacyContextEntry = {
  readonly present: boolean;
  readonly faultDisabled: boolean;
  /** Undefined for the reserved code 3. */
  readonly translation: LegacyTranslation | undefined;
  readonly root: number;
  readonly width: number;
  readonly did: number;
};

const LEGACY_TRANSLATIONS: readonly LegacyTranslation[] = [
  'multi-level',
  'multi-level-device-tlb',
  'pass-through',
];
const RESERVED_TRANSLATION = 3;

/** Entries of the smallest directory whose size PDTS can tell, of at least `entries`. */
export const directorySizeCode = (entries: number): number =>
  Math.max(0, Math.ceil(Math.log2(entries)) - 7);
/** Entries of a directory whose PDTS is `code`. */
export const directoryEntries = (code: number): number => 2 ** (code + 7);

export function decodeScalableContext(view: DataView, offset: number): ScalableContextEntry {
  const raw = SCALABLE_CONTEXT_ENTRY.read(view, offset);
  return {
    present: raw.p === 1,
    faultDisabled: raw.fpd === 1,
    deviceTlb: raw.dte === 1,
    pasids: raw.paside === 1,
    pageRequests: raw.pre === 1,
    directorySize: raw.pdts,
    pasidDirectory: raw.pasidDirectory,
    ridPasid: raw.ridPasid,
  };
}

export function encodeScalableContext(
  view: DataView,
  offset: number,
  entry: ScalableContextEntry,
): void {
  SCALABLE_CONTEXT_ENTRY.write(view, offset, {
    p: Number(entry.present),
    fpd: Number(entry.faultDisabled),
    dte: Number(entry.deviceTlb),
    paside: Number(entry.pasids),
    pre: Number(entry.pageRequests),
    pdts: entry.directorySize,
    pasidDirectory: entry.pasidDirectory,
    ridPasid: entry.ridPasid,
  });
}

export function decodeLegacyContext(view: DataView, offset: number): LegacyContextEntry {
  const raw = LEGACY_CONTEXT_ENTRY.read(view, offset);
  return {
    present: raw.p === 1,
    faultDisabled: raw.fpd === 1,
    translation: LEGACY_TRANSLATIONS[raw.tt],
    root: raw.root,
    width: raw.aw,
    did: raw.did,
  };
}

export function encodeLegacyContext(
  view: DataView,
  offset: number,
  entry: LegacyContextEntry,
): void {
  const { translation } = entry;
  LEGACY_CONTEXT_ENTRY.write(view, offset, {
    p: Number(entry.present),
    fpd: Number(entry.faultDisabled),
    tt: translation === undefined ? RESERVED_TRANSLATION : LEGACY_TRANSLATIONS.indexOf(translation),
    root: entry.root,
    aw: entry.width,
    did: entry.did,
  });
}
