/**
 * Identifiers: every number that names something, made only by a checking constructor.
 *
 * Spec: PCIe Base, "Requester ID", "PASID", "Page Request Services"; Intel VT-d, "Domain ID".
 */
import type { Brand } from './brand.ts';
import { invariant } from './invariant.ts';

/** PCIe Requester ID: bus[15:8] device[7:3] function[2:0]. */
export type RequesterId = Brand<number, 'RequesterId'>;
/** Process Address Space ID, 20 bits. */
export type Pasid = Brand<number, 'Pasid'>;
/** Page Request Group index, 9 bits. */
export type PrgIndex = Brand<number, 'PrgIndex'>;
/** Domain ID, 16 bits: tags IOTLB entries. */
export type DomainId = Brand<number, 'DomainId'>;
/** IOVA >> 12, 52 bits: exact in a number, so it stays JSON-safe in a snapshot. */
export type IovaPfn = Brand<number, 'IovaPfn'>;

function withinBits(value: number, width: number, what: string): number {
  invariant(
    Number.isInteger(value) && value >= 0 && value < 2 ** width,
    () => `${what} ${value} does not fit ${width} bits`,
  );
  return value;
}

export const requesterId = (value: number): RequesterId =>
  withinBits(value, 16, 'requester id') as RequesterId;
export const pasid = (value: number): Pasid => withinBits(value, 20, 'PASID') as Pasid;
export const prgIndex = (value: number): PrgIndex => withinBits(value, 9, 'PRG index') as PrgIndex;
export const domainId = (value: number): DomainId => withinBits(value, 16, 'domain id') as DomainId;
export const iovaPfn = (value: number): IovaPfn =>
  withinBits(value, 52, 'IOVA page frame') as IovaPfn;

/** The PASID table slot that carries requests without a PASID (Linux: IOMMU_NO_PASID). */
export const NO_PASID = pasid(0);
/** First value the global PASID allocator gives (Linux: IOMMU_FIRST_GLOBAL_PASID). */
export const FIRST_GLOBAL_PASID = pasid(1);
/** Domain id shared by SVA and pass-through entries (Linux: FLPT_DEFAULT_DID). */
export const FLPT_DEFAULT_DID = domainId(1);
