/**
 * I/O address space: what is mapped where, for whom it must stay, and which addresses no domain can reach.
 *
 * Kernel: drivers/iommu/iommufd/io_pagetable.c, struct io_pagetable, struct iopt_area.
 * Units:  addresses and lengths are bytes, 64 bits, both ends of a range included.
 * Policy: a range of user memory is taken to be there; nothing is read from it.
 */
import { refuse, refuseIf } from './iommufd-error.ts';

const PAGE = 4096n;
/** Addresses are chosen so that whatever alignment user memory has, up to here, is kept. */
const HUGE_PAGE = 0x20_0000n;
const ULONG_MAX = 0xffff_ffff_ffff_ffffn;

export type Range = { readonly first: bigint; readonly last: bigint };

/** User memory in one piece. */
export type Piece = {
  readonly userAddress: bigint;
  readonly length: bigint;
  /** Its pages were taken for writing: it may be mapped writeable, here or in a copy. */
  readonly pagesWriteable: boolean;
};

type Area = Range & {
  readonly piece: Piece;
  readonly readable: boolean;
  /** Hardware queues that have it pinned. */
  locks: number;
};

export type Mapping = {
  /** Undefined: anywhere. */
  readonly iova: bigint | undefined;
  /** What is mapped one behind the other, each as an area of its own. */
  readonly pieces: readonly Piece[];
  readonly readable: boolean;
  readonly writeable: boolean;
};

export class IoAddressSpace {
  /** Ascending. */
  #areas: Area[] = [];
  readonly #apertures: Range[] = [];
  readonly #alignments: bigint[] = [];

  /** Bytes every address and length is a multiple of. */
  get alignment(): bigint {
    return largest([1n, ...this.#alignments]);
  }

  /** What can be mapped, as far as apertures go. */
  get usable(): readonly Range[] {
    const first = largest([0n, ...this.#apertures.map((aperture) => aperture.first)]);
    const last = smallest([ULONG_MAX, ...this.#apertures.map((aperture) => aperture.last)]);
    return first <= last ? [{ first, last }] : [];
  }

  /** @throws IommufdError EADDRINUSE as addDomain. */
  checkDomain(aperture: Range, alignment: bigint): void {
    this.#checkAlignment(alignment);
    const outside = this.#areas.some(
      ({ first, last }) => first < aperture.first || last > aperture.last,
    );
    refuseIf(outside, 'EADDRINUSE', 'something is mapped outside the aperture of the domain');
  }

  /** @throws IommufdError EADDRINUSE when something is mapped where the domain can't reach, or not as aligned. */
  addDomain(aperture: Range, alignment: bigint): void {
    this.checkDomain(aperture, alignment);
    this.#apertures.push(aperture);
    this.#alignments.push(alignment);
  }

  removeDomain(aperture: Range, alignment: bigint): void {
    this.#apertures.splice(this.#apertures.indexOf(aperture), 1);
    this.#alignments.splice(this.#alignments.indexOf(alignment), 1);
  }

  /** An access pins whole pages. @throws IommufdError EADDRINUSE when something mapped isn't made of them. */
  addAccess(): void {
    this.#checkAlignment(PAGE);
    this.#alignments.push(PAGE);
  }

  removeAccess(): void {
    this.#alignments.splice(this.#alignments.indexOf(PAGE), 1);
  }

  /** @returns where it was mapped. @throws IommufdError EINVAL, EEXIST, EOVERFLOW, ENOSPC, EPERM. */
  map({ iova, pieces, readable, writeable }: Mapping): bigint {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0n);
    refuseIf(length === 0n || length % this.alignment !== 0n, 'EINVAL', `a length of ${length}`);
    const first = iova ?? this.#place(pieces[0]?.userAddress ?? 0n, length);
    if (iova !== undefined) this.#check(first, first + length - 1n);
    for (const { userAddress, pagesWriteable } of pieces) {
      refuseIf(writeable && !pagesWriteable, 'EPERM', 'the pages were taken for reading only');
      const crooked = (userAddress % PAGE) % this.alignment !== 0n;
      refuseIf(crooked, 'EINVAL', 'the user address is not aligned as the domains want it');
    }
    const areas: Area[] = [];
    let next = first;
    for (const piece of pieces) {
      areas.push({ first: next, last: next + piece.length - 1n, piece, readable, locks: 0 });
      next += piece.length;
    }
    const at = this.#areas.findIndex((area) => area.first > first);
    this.#areas.splice(at < 0 ? this.#areas.length : at, 0, ...areas);
    return first;
  }

  /**
   * Unmaps the areas inside the range; those before one that can't go stay unmapped.
   *
   * @returns the bytes unmapped. @throws IommufdError EINVAL, EOVERFLOW, EBUSY, ENOENT.
   */
  unmap(iova: bigint, length: bigint): bigint {
    if (iova === 0n && length === ULONG_MAX) return this.#unmapRange(0n, ULONG_MAX, true);
    refuseIf(iova >= ULONG_MAX || length >= ULONG_MAX, 'EOVERFLOW', 'the range is too long');
    refuseIf(length === 0n, 'EINVAL', 'a length of 0');
    refuseIf(iova + length - 1n > ULONG_MAX, 'EOVERFLOW', 'the range goes beyond 64 bits');
    return this.#unmapRange(iova, iova + length - 1n, false);
  }

  /** What is mapped in the range, area by area. @throws IommufdError EINVAL, EOVERFLOW, ENOENT. */
  pieces(iova: bigint, length: bigint): readonly Piece[] {
    refuseIf(length === 0n, 'EINVAL', 'a length of 0');
    const last = iova + length - 1n;
    refuseIf(last > ULONG_MAX, 'EOVERFLOW', 'the range goes beyond 64 bits');
    const found = this.#covering(iova, last);
    if (found === undefined) return refuse('ENOENT', 'part of the source is not mapped');
    return found.map((area) => {
      const from = area.first > iova ? area.first : iova;
      const to = area.last < last ? area.last : last;
      const userAddress = area.piece.userAddress + (from - area.first);
      return { ...area.piece, userAddress, length: to - from + 1n };
    });
  }

  /** The user address behind one mapped address. */
  translate(iova: bigint): bigint | undefined {
    const area = this.#areas.find(({ first, last }) => first <= iova && iova <= last);
    return area === undefined ? undefined : area.piece.userAddress + (iova - area.first);
  }

  /** Pins a mapped range. @throws IommufdError ENOENT, EPERM. */
  lock(iova: bigint, length: bigint): void {
    const found = this.#covering(iova, iova + length - 1n);
    if (found === undefined) refuse('ENOENT', 'part of the range is not mapped');
    const readable = found.every((area) => area.readable);
    refuseIf(!readable, 'EPERM', 'the range is not readable');
    for (const area of found) area.locks += 1;
  }

  unlock(iova: bigint, length: bigint): void {
    for (const area of this.#covering(iova, iova + length - 1n) ?? []) area.locks -= 1;
  }

  /** Areas that cover the range without a gap. */
  #covering(first: bigint, last: bigint): readonly Area[] | undefined {
    const found = this.#areas.filter((area) => area.last >= first && area.first <= last);
    let next = first;
    for (const area of found) {
      if (area.first > next) return undefined;
      next = area.last + 1n;
    }
    return next > last ? found : undefined;
  }

  #unmapRange(first: bigint, last: bigint, everything: boolean): bigint {
    let bytes = 0n;
    for (;;) {
      const area = this.#areas.find((each) => each.last >= first && each.first <= last);
      if (area === undefined) break;
      refuseIf(area.locks > 0, 'EBUSY', 'a hardware queue has the area pinned');
      const whole = area.first >= first && area.last <= last;
      refuseIf(!whole, 'ENOENT', 'an area is unmapped as a whole or not at all');
      this.#areas.splice(this.#areas.indexOf(area), 1);
      bytes += area.last - area.first + 1n;
    }
    refuseIf(bytes === 0n && !everything, 'ENOENT', 'nothing is mapped there');
    return bytes;
  }

  #check(first: bigint, last: bigint): void {
    refuseIf(first % this.alignment !== 0n, 'EINVAL', 'the address is not aligned');
    refuseIf(last > ULONG_MAX, 'EOVERFLOW', 'the range goes beyond 64 bits');
    const reachable = this.usable.some((range) => range.first <= first && last <= range.last);
    refuseIf(!reachable, 'EINVAL', 'a domain of the IOAS cannot reach the range');
    const taken = this.#areas.some((area) => area.last >= first && area.first <= last);
    refuseIf(taken, 'EEXIST', 'something is mapped there');
  }

  /** The first hole that is long enough, aligned as well as the user address allows. */
  #place(userAddress: bigint, length: bigint): bigint {
    refuseIf(length >= ULONG_MAX / 2n, 'EOVERFLOW', 'no hole can be that long');
    const natural = powerOfTwoFrom(length);
    const own = userAddress === 0n ? natural : userAddress & -userAddress;
    const alignment = smallest([natural, own, HUGE_PAGE]);
    refuseIf(alignment < this.alignment, 'EINVAL', 'the user address is not aligned');
    const offset = userAddress % PAGE;
    const aligned = (start: bigint): bigint => ((start + alignment - 1n) & -alignment) | offset;
    for (const hole of this.#holes()) {
      const start = aligned(hole.first);
      if (start < hole.last && hole.last - start >= length - 1n) return start;
    }
    return refuse('ENOSPC', 'no hole is long enough');
  }

  #holes(): readonly Range[] {
    const [range] = this.usable;
    if (range === undefined) return [];
    const last = range.last < ULONG_MAX - PAGE ? range.last : ULONG_MAX - PAGE;
    const holes: Range[] = [];
    let first = range.first > PAGE ? range.first : PAGE;
    for (const area of this.#areas) {
      if (area.first > first) holes.push({ first, last: area.first - 1n });
      if (area.last >= first) first = area.last + 1n;
    }
    return first <= last ? [...holes, { first, last }] : holes;
  }

  #checkAlignment(alignment: bigint): void {
    const mask = alignment - 1n;
    const crooked = this.#areas.some(
      ({ first, last, piece: { userAddress } }) =>
        (first & mask) !== 0n || ((last - first + 1n) & mask) !== 0n || (userAddress & mask) !== 0n,
    );
    refuseIf(crooked, 'EADDRINUSE', `something mapped is not aligned to ${alignment} bytes`);
  }
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
/** Caller's duty, here and below: there is one. */
const smallest = (values: readonly bigint[]): bigint => values.toSorted(ascending)[0] ?? 0n;
const largest = (values: readonly bigint[]): bigint => values.toSorted(ascending).at(-1) ?? 0n;

function powerOfTwoFrom(length: bigint): bigint {
  let power = 1n;
  while (power < length) power *= 2n;
  return power;
}
