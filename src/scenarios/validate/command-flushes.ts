/**
 * Command flushes: a thread walks the list of a domain, and submits what each entry of it needs for a range.
 *
 * Kernel: drivers/iommu/amd/pasid.c, sva_arch_invalidate_secondary_tlbs(), iommu.c, amd_iommu_dev_flush_pasid_pages();
 *         arm/arm-smmu-v3/arm-smmu-v3-sva.c, arm_smmu_mm_arch_invalidate_secondary_tlbs(). The lock of the list is held
 *         over the walk, so that nothing comes or goes meanwhile.
 */
import type { SubmitEffect } from '../../machines/operation-steps.ts';
import type { Fault } from './judgement.ts';
import type { Place } from './place.ts';

/** One command of a flush: of which domain, for which pages, and which cache it empties. */
export type FlushCommand = {
  /** The PASID or ASID that the domain is known by. */
  readonly domain: string;
  readonly range: string;
  /** Of the unit, or of a device; `undefined` is the unit's for the whole domain. */
  readonly cache: 'iotlb' | 'devtlb';
  readonly rid: number | undefined;
};

type Walk = { readonly about: string; readonly owed: Map<string, FlushCommand> };

export class CommandFlushes {
  readonly #submits: readonly SubmitEffect[];
  /** Each device has translations of its own in the unit, under a tag of its own. */
  readonly #tagsByFunction: boolean;
  readonly #walks = new Map<string, Walk>();

  /** `submits`: what the driver's list for a range that an address space gives back submits, in order. */
  constructor(submits: readonly SubmitEffect[], tagsByFunction: boolean) {
    this.#submits = submits;
    this.#tagsByFunction = tagsByFunction;
  }

  /** `listed`: the places that the domain certainly lists; undefined when nobody knows. */
  submitted(
    thread: string,
    command: FlushCommand,
    listed: readonly Place[] | undefined,
    hasAts: (place: Place) => boolean,
  ): Fault | undefined {
    const isIotlb = command.cache === 'iotlb';
    const step = isIotlb ? 'invalidate-iotlb' : 'invalidate-device-tlb';
    const effect = isIotlb ? 'submitIotlbInvalidation' : 'submitDeviceTlbInvalidation';
    if (!this.#submits.includes(effect)) {
      return { why: `this driver's flush has no ${step}`, candidates: [] };
    }
    if (listed === undefined) return undefined;
    const about = `${command.domain}, ${command.range}`;
    const key = keyOf(command);
    const current = this.#walks.get(thread);
    if (current?.about === about && current.owed.delete(key)) {
      if (current.owed.size === 0) this.#walks.delete(thread);
      return this.#inOrder(command, current.owed);
    }
    const fault = this.left(thread);
    if (fault !== undefined) return fault;
    const owed = new Map(
      this.#needed(command, listed, hasAts).map((each) => [keyOf(each), each] as const),
    );
    if (!owed.delete(key)) {
      return { why: `${command.domain} lists nothing that needs this flush`, candidates: [] };
    }
    if (owed.size > 0) this.#walks.set(thread, { about, owed });
    return this.#inOrder(command, owed);
  }

  /** Undefined when every walk that was begun has come to its end. */
  unfinished(): Fault | undefined {
    for (const thread of this.#walks.keys()) return this.left(thread);
    return undefined;
  }

  /** A device's own TLB is filled from the unit's, which is emptied first. */
  #inOrder(command: FlushCommand, owed: ReadonlyMap<string, FlushCommand>): Fault | undefined {
    const { cache, rid } = command;
    const first = {
      ...command,
      cache: 'iotlb',
      rid: this.#tagsByFunction ? rid : undefined,
    } as const;
    return cache === 'devtlb' && owed.has(keyOf(first))
      ? { why: `a flush empties ${textOf(first)} before ${textOf(command)}`, candidates: [] }
      : undefined;
  }

  /** The thread is elsewhere: its walk is over. */
  left(thread: string): Fault | undefined {
    const walk = this.#walks.get(thread);
    if (walk === undefined) return undefined;
    this.#walks.delete(thread);
    const [missing] = walk.owed.values();
    return (
      missing && { why: `the flush of ${walk.about} passed by ${textOf(missing)}`, candidates: [] }
    );
  }

  #needed(
    { domain, range }: FlushCommand,
    listed: readonly Place[],
    hasAts: (place: Place) => boolean,
  ): readonly FlushCommand[] {
    const needed: FlushCommand[] = [];
    for (const place of listed) {
      const { rid } = place;
      if (this.#submits.includes('submitIotlbInvalidation')) {
        needed.push({ domain, range, cache: 'iotlb', rid: this.#tagsByFunction ? rid : undefined });
      }
      if (this.#submits.includes('submitDeviceTlbInvalidation') && hasAts(place)) {
        needed.push({ domain, range, cache: 'devtlb', rid });
      }
    }
    return needed;
  }
}

const keyOf = ({ cache, rid }: FlushCommand): string => `${cache} ${rid ?? ''}`;

const textOf = ({ cache, rid }: FlushCommand): string =>
  rid === undefined ? `the ${cache}` : `the ${cache} of device 0x${rid.toString(16)}`;
