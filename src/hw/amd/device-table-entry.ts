/**
 * Device table entry: 32 bytes that say how everything one requester ID sends is translated.
 *
 * Spec:   AMD IOMMU Specification, "Device Table Entry Format".
 * Kernel: drivers/iommu/amd/amd_iommu_types.h, DTE_*, DEV_*; iommu.c, set_dte_entry().
 * Units:  roots are frame numbers; `levels` counts GCR3 levels from 1, the entry holds one less.
 * Policy: which halves are written in which order is device-table-update.ts.
 */
import { bit, bitLayout, bits } from '../bit-layout.ts';

export const DEVICE_TABLE_ENTRY = bitLayout(32, {
  v: bit(0),
  tv: bit(1),
  had: bits(8, 7),
  mode: bits(11, 9),
  hostRoot: bits(51, 12),
  ppr: bit(52),
  giov: bit(54),
  gv: bit(55),
  glx: bits(57, 56),
  gcr3RootLow: bits(60, 58),
  ir: bit(61),
  iw: bit(62),
  domain: bits(79, 64),
  gcr3RootMiddle: bits(95, 80),
  iotlb: bit(96),
  gcr3RootHigh: bits(127, 107),
  guestPagingMode: bits(183, 182),
});

export const DEVICE_TABLE_ENTRY_WORDS = DEVICE_TABLE_ENTRY.bytes / 4;

const GLX_RESERVED = 3;
const LOW_BITS = 3;
const MIDDLE_BITS = 16;

/** The guest half: a GCR3 table, which names a page table for each PASID. */
export type GuestTranslation = {
  readonly gcr3Root: number;
  /** 1 to 3; undefined for the reserved code. */
  readonly gcr3Levels: 1 | 2 | 3 | undefined;
  /** Requests without a PASID use the PASID table's slot 0 instead of the host table alone. */
  readonly withoutPasid: boolean;
  readonly fiveLevel: boolean;
};

export type DeviceTableEntry = {
  readonly valid: boolean;
  readonly translates: boolean;
  /** Levels of the host table; 0: none, addresses pass unchanged. */
  readonly hostLevels: number;
  readonly hostRoot: number;
  readonly hostAccessedDirty: number;
  readonly guest: GuestTranslation | undefined;
  readonly read: boolean;
  readonly write: boolean;
  readonly pageRequests: boolean;
  /** The function may keep translations (ATS). */
  readonly deviceTlb: boolean;
  readonly domain: number;
};

/** An entry that blocks: valid, translating through nothing. */
export const BLOCKED_ENTRY: DeviceTableEntry = {
  valid: true,
  translates: true,
  hostLevels: 0,
  hostRoot: 0,
  hostAccessedDirty: 0,
  guest: undefined,
  read: false,
  write: false,
  pageRequests: false,
  deviceTlb: false,
  domain: 0,
};

const PASSING: DeviceTableEntry = { ...BLOCKED_ENTRY, read: true, write: true };

type Features = { readonly pageRequests: boolean; readonly deviceTlb: boolean };

/** A function behind a host page table (v1). */
export const pagingEntry = (
  features: Features,
  setup: { readonly root: number; readonly levels: number; readonly domain: number },
): DeviceTableEntry => ({
  ...PASSING,
  ...features,
  hostRoot: setup.root,
  hostLevels: setup.levels,
  domain: setup.domain,
});

/** Addresses pass unchanged; a function with PASIDs has its GCR3 table all the same, under a domain id of its own. */
export const identityEntry = (
  features: Features,
  setup: { readonly domain: number; readonly guest: GuestTranslation | undefined },
): DeviceTableEntry => ({ ...PASSING, ...features, ...setup });

/** A guest page table (v2) on slot 0 of the function's own GCR3 table. */
export const guestPagingEntry = (
  features: Features,
  setup: { readonly domain: number; readonly guest: Omit<GuestTranslation, 'withoutPasid'> },
): DeviceTableEntry => ({
  ...PASSING,
  ...features,
  domain: setup.domain,
  guest: { ...setup.guest, withoutPasid: true },
});

/** A guest's own GCR3 table, whose addresses are the guest's, over the parent's host table. */
export const nestedEntry = (
  features: Features,
  setup: {
    readonly root: number;
    readonly levels: number;
    readonly domain: number;
    readonly guest: GuestTranslation;
  },
): DeviceTableEntry => ({ ...pagingEntry(features, setup), guest: setup.guest });

export function decodeDeviceEntry(table: DataView, offset: number): DeviceTableEntry {
  const raw = DEVICE_TABLE_ENTRY.read(table, offset);
  return {
    valid: raw.v === 1,
    translates: raw.tv === 1,
    hostLevels: raw.mode,
    hostRoot: raw.hostRoot,
    hostAccessedDirty: raw.had,
    guest: raw.gv === 0 ? undefined : guestOf(raw),
    read: raw.ir === 1,
    write: raw.iw === 1,
    pageRequests: raw.ppr === 1,
    deviceTlb: raw.iotlb === 1,
    domain: raw.domain,
  };
}

export function encodeDeviceEntry(table: DataView, offset: number, entry: DeviceTableEntry): void {
  const { guest } = entry;
  const root = guest?.gcr3Root ?? 0;
  DEVICE_TABLE_ENTRY.write(table, offset, {
    v: Number(entry.valid),
    tv: Number(entry.translates),
    had: entry.hostAccessedDirty,
    mode: entry.hostLevels,
    hostRoot: entry.hostRoot,
    ppr: Number(entry.pageRequests),
    giov: Number(guest?.withoutPasid === true),
    gv: Number(guest !== undefined),
    glx: guest === undefined ? 0 : (guest.gcr3Levels ?? GLX_RESERVED + 1) - 1,
    gcr3RootLow: root % 2 ** LOW_BITS,
    gcr3RootMiddle: Math.floor(root / 2 ** LOW_BITS) % 2 ** MIDDLE_BITS,
    gcr3RootHigh: Math.floor(root / 2 ** (LOW_BITS + MIDDLE_BITS)),
    ir: Number(entry.read),
    iw: Number(entry.write),
    domain: entry.domain,
    iotlb: Number(entry.deviceTlb),
    guestPagingMode: Number(guest?.fiveLevel === true),
  });
}

const GCR3_LEVELS = [1, 2, 3] as const;

const guestOf = (raw: {
  readonly glx: number;
  readonly giov: number;
  readonly guestPagingMode: number;
  readonly gcr3RootLow: number;
  readonly gcr3RootMiddle: number;
  readonly gcr3RootHigh: number;
}): GuestTranslation => ({
  gcr3Root:
    raw.gcr3RootHigh * 2 ** (LOW_BITS + MIDDLE_BITS) +
    raw.gcr3RootMiddle * 2 ** LOW_BITS +
    raw.gcr3RootLow,
  gcr3Levels: GCR3_LEVELS[raw.glx],
  withoutPasid: raw.giov === 1,
  fiveLevel: raw.guestPagingMode === 1,
});
