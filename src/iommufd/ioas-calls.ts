/**
 * IOAS calls: what a user maps, unmaps and copies in the I/O address spaces of an iommufd.
 *
 * Kernel: drivers/iommu/iommufd/ioas.c.
 */
import { IoAddressSpace, type Piece, type Range } from './io-address-space.ts';
import { refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { Ioas } from './objects.ts';
import { MAP_FIXED_IOVA, MAP_READABLE, MAP_WRITEABLE } from './uapi.ts';

const ULONG_MAX = 0xffff_ffff_ffff_ffffn;

/** IOMMU_IOAS_ALLOC. @throws IommufdError EOPNOTSUPP. */
export function ioasAlloc({ table }: IommufdState, flags: number): Ioas {
  refuseIf(flags !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
  return table.create((id) => ({ kind: 'ioas', id, space: new IoAddressSpace(), pageTables: [] }));
}

export type IoasMap = {
  readonly ioasId: number;
  readonly flags: number;
  readonly userAddress: bigint;
  readonly length: bigint;
  /** Where, with MAP_FIXED_IOVA. */
  readonly iova: bigint;
};

/** IOMMU_IOAS_MAP. @returns where it was mapped. @throws IommufdError. */
export function ioasMap({ table }: IommufdState, wanted: IoasMap): bigint {
  const { ioasId, flags, userAddress, length, iova } = wanted;
  refuseUnfit(flags, [iova, length]);
  return table.using(ioasId, ['ioas'], ({ space }) => {
    const pagesWriteable = (flags & MAP_WRITEABLE) !== 0;
    return mapInto(space, flags, iova, [{ userAddress, length, pagesWriteable }]);
  });
}

export type IoasCopy = {
  readonly flags: number;
  readonly dstIoasId: number;
  readonly srcIoasId: number;
  readonly length: bigint;
  readonly dstIova: bigint;
  readonly srcIova: bigint;
};

/** IOMMU_IOAS_COPY: maps again what another IOAS has mapped. @throws IommufdError. */
export function ioasCopy({ table }: IommufdState, wanted: IoasCopy): bigint {
  const { flags, dstIoasId, srcIoasId, length, dstIova, srcIova } = wanted;
  refuseUnfit(flags, [length, dstIova, srcIova]);
  const pieces = table.using(srcIoasId, ['ioas'], ({ space }) => space.pieces(srcIova, length));
  return table.using(dstIoasId, ['ioas'], ({ space }) => mapInto(space, flags, dstIova, pieces));
}

/** IOMMU_IOAS_UNMAP. @returns the bytes unmapped. @throws IommufdError. */
export function ioasUnmap(
  { table }: IommufdState,
  ioasId: number,
  iova: bigint,
  length: bigint,
): bigint {
  return table.using(ioasId, ['ioas'], ({ space }) => space.unmap(iova, length));
}

export type IovaRanges = { readonly ranges: readonly Range[]; readonly alignment: bigint };

/** IOMMU_IOAS_IOVA_RANGES. @throws IommufdError ENOENT. */
export function iovaRanges({ table }: IommufdState, ioasId: number): IovaRanges {
  return table.using(ioasId, ['ioas'], ({ space }) => ({
    ranges: space.usable,
    alignment: space.alignment,
  }));
}

function refuseUnfit(flags: number, values: readonly bigint[]): void {
  const known = MAP_FIXED_IOVA | MAP_WRITEABLE | MAP_READABLE;
  refuseIf((flags & ~known) !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
  const tooLong = values.some((value) => value >= ULONG_MAX);
  refuseIf(tooLong, 'EOVERFLOW', 'an address or a length is too long');
  const idle = (flags & (MAP_WRITEABLE | MAP_READABLE)) === 0;
  refuseIf(idle, 'EINVAL', 'a mapping is readable or writeable');
}

const mapInto = (
  space: IoAddressSpace,
  flags: number,
  iova: bigint,
  pieces: readonly Piece[],
): bigint =>
  space.map({
    iova: (flags & MAP_FIXED_IOVA) === 0 ? undefined : iova,
    pieces,
    readable: (flags & MAP_READABLE) !== 0,
    writeable: (flags & MAP_WRITEABLE) !== 0,
  });
