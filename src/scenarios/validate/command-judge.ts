/**
 * Command judge: what threads show of the lists and flushes of AMD and SMMUv3 drivers, in the marks of a storm.
 *
 * Kernel: drivers/iommu/amd/pasid.c, iommu.c; arm/arm-smmu-v3/arm-smmu-v3.c. Neither traces its commands.
 */
import { type Driver, submittedIn } from '../../actors/driver.ts';
import type { InvalidationRange } from '../../hw/vtd/invalidation-range.ts';
import type { AttachmentListed, CommandSubmitted } from '../capture/capture-event.ts';
import { CommandFlushes, type FlushCommand } from './command-flushes.ts';
import { commandNames } from './command-names.ts';
import type { Fault } from './judgement.ts';
import type { ListWalk } from './list-walk.ts';
import type { Place } from './place.ts';
import type { PlaceBook } from './place-book.ts';
import { type OperationSign, SIGN } from './signs.ts';
import { ridOf, type TraceScan } from './trace-scan.ts';
import type { Unjudged } from './unjudged.ts';

/** A block of so many pages is all of them. */
const WHOLE_ORDER = 52;

export class CommandJudge {
  readonly #driver: Driver;
  readonly #scan: TraceScan;
  readonly #book: PlaceBook;
  readonly #walk: ListWalk;
  readonly #unjudged: Unjudged;
  #flushes: CommandFlushes;
  /** Undefined where nobody knows what was listed before the trace, or before a loss. */
  #listed: Set<Place> | undefined;
  /** Requester ids by the domain id of their function's table. */
  #functions = new Map<string, number>();

  constructor(
    driver: Driver,
    scan: TraceScan,
    book: PlaceBook,
    walk: ListWalk,
    unjudged: Unjudged,
    isStorm: boolean,
  ) {
    this.#driver = driver;
    this.#scan = scan;
    this.#book = book;
    this.#walk = walk;
    this.#unjudged = unjudged;
    this.#flushes = this.#noFlushes();
    this.#listed = isStorm ? new Set() : undefined;
  }

  /** Nothing is known any more. */
  reset(): void {
    this.#flushes = this.#noFlushes();
    this.#listed = undefined;
    this.#functions = new Map();
  }

  /** The thread does something else: its flush is over. */
  left(name: string): Fault | undefined {
    return this.#flushes.left(name);
  }

  /** A flush that the end of a whole recording leaves behind. */
  unfinished(): Fault | undefined {
    return this.#flushes.unfinished();
  }

  listed(name: string, { kind, unit, device, pasid, asid }: AttachmentListed): Fault | undefined {
    const place = this.#book.placeOf(unit, ridOf(device), pasid);
    if (kind === 'attachment.unlisted') {
      const shown = this.#walk.show(place, SIGN.unlisted, name);
      this.#listed?.delete(place);
      place.did = undefined;
      return shown;
    }
    place.narrow(true); // a storm binds address spaces only
    place.did = asid;
    this.#listed?.add(place);
    return this.#walk.show(place, SIGN.listed, name);
  }

  submitted(at: number, name: string, { unit, command }: CommandSubmitted): Fault | undefined {
    switch (command.kind) {
      case 'invalidate-device-entry':
      case 'invalidate-configuration': {
        const { rid, pasid = 0 } = commandNames(command);
        const ofEntry =
          command.kind === 'invalidate-configuration' && command.of !== 'stream-entry';
        const sign = ofEntry ? SIGN.pasidCache : SIGN.functionEntry;
        return this.#ofList(this.#book.placeOf(unit, rid, pasid), sign, name);
      }
      case 'invalidate-pages': {
        const rid = this.#functionOf(unit, command.domain, at);
        const { pasid = 0, range } = command;
        if (range.order < WHOLE_ORDER) {
          return this.#flush(name, unit, { cache: 'iotlb', rid, pasid, range });
        }
        return this.#isCut(at, rid)
          ? undefined
          : this.#ofList(this.#book.placeOf(unit, rid, pasid), SIGN.iotlb, name);
      }
      case 'invalidate-iotlb-pages': {
        const { device: rid, pasid = 0, range } = command;
        if (range.order < WHOLE_ORDER) {
          return this.#flush(name, unit, { cache: 'devtlb', rid, pasid, range });
        }
        return this.#ofList(this.#book.placeOf(unit, rid, pasid), SIGN.devtlb, name);
      }
      case 'invalidate-atc': {
        const { stream: rid, pasid = 0, page, order } = command;
        if (order < WHOLE_ORDER) return this.#atc(name, unit, { rid, pasid, page, order });
        return this.#ofList(this.#book.placeOf(unit, rid, pasid), SIGN.devtlb, name);
      }
      case 'invalidate-tlb':
        return this.#tlb(name, unit, command);
      default:
        this.#unjudged.add(command.kind);
        return undefined;
    }
  }

  /** An ASID names its domain, and no device: the thread is at one, or flushes all of the domain. */
  #tlb(
    name: string,
    unit: string,
    {
      of,
      asid,
      page,
      num,
      scale,
    }: Extract<CommandSubmitted['command'], { kind: 'invalidate-tlb' }>,
  ): Fault | undefined {
    if (of === 'nh-va') {
      const range = rangeText(page, (num + 1) * 2 ** scale);
      return this.#ofAsid(name, unit, asid, { range, cache: 'iotlb', rid: undefined });
    }
    if (of !== 'nh-asid') {
      this.#unjudged.add(`invalidate-tlb ${of}`);
      return undefined;
    }
    const { place } = this.#walk.thread(name);
    if (place === undefined) {
      return { why: `nothing that this thread is doing empties ASID ${asid}`, candidates: [] };
    }
    if (place.did !== undefined && place.did !== asid) {
      return { why: `${place.name} has ASID ${place.did}, not ${asid}`, candidates: [] };
    }
    return this.#ofList(place, SIGN.iotlb, name);
  }

  /** A flush of a domain that is known by its ASID. */
  #ofAsid(
    name: string,
    unit: string,
    asid: number,
    command: Omit<FlushCommand, 'domain'>,
  ): Fault | undefined {
    const listed = this.#listed && [...this.#listed].filter(({ did }) => did === asid);
    const domain = `${unit}, ASID ${asid}`;
    return this.#walk.left(name) ?? this.#flushed(name, { ...command, domain }, listed);
  }

  /** A device knows no ASIDs: that of the domain is found by the place that the command names. */
  #atc(
    name: string,
    unit: string,
    { rid, pasid, page, order }: Record<'rid' | 'pasid' | 'page' | 'order', number>,
  ): Fault | undefined {
    const asid = [...(this.#listed ?? [])].find(
      (each) => each.unit === unit && each.rid === rid && each.pasid === pasid,
    )?.did;
    if (asid === undefined) {
      return this.#flush(name, unit, { cache: 'devtlb', rid, pasid, range: { pfn: page, order } });
    }
    const range = rangeText(page, 2 ** order);
    return this.#ofAsid(name, unit, asid, { range, cache: 'devtlb', rid });
  }

  #ofList(place: Place, sign: OperationSign, name: string): Fault | undefined {
    return this.#flushes.left(name) ?? this.#walk.show(place, sign, name);
  }

  #flush(
    name: string,
    unit: string,
    about: Pick<FlushCommand, 'cache' | 'rid'> & {
      readonly pasid: number;
      readonly range: Pick<InvalidationRange, 'order'> & { readonly pfn: number };
    },
  ): Fault | undefined {
    const { cache, rid, pasid, range } = about;
    const listed =
      this.#listed &&
      [...this.#listed].filter((each) => each.unit === unit && each.pasid === pasid);
    const pages = rangeText(range.pfn, 2 ** range.order);
    const command = { domain: `${unit}, PASID ${pasid}`, range: pages, cache, rid };
    return this.#walk.left(name) ?? this.#flushed(name, command, listed);
  }

  #flushed(
    name: string,
    command: FlushCommand,
    listed: readonly Place[] | undefined,
  ): Fault | undefined {
    return this.#flushes.submitted(
      name,
      command,
      listed,
      ({ rid }) => rid !== undefined && this.#scan.ats.has(rid),
    );
  }

  /** The function whose table the domain id is of: learnt from the device that the same list names next. */
  #functionOf(unit: string, domain: number, at: number): number | undefined {
    const key = `${unit} ${domain}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const { rid } = this.#scan.subjects[at] ?? {};
    if (rid !== undefined) this.#functions.set(key, rid);
    return rid;
  }

  /** The trace ends before its thread names the device. */
  #isCut(at: number, rid: number | undefined): boolean {
    return rid === undefined && this.#scan.subjects[at]?.rid === undefined;
  }

  #noFlushes(): CommandFlushes {
    const { pasidsHangOnFunction } = this.#driver.traits;
    return new CommandFlushes(submittedIn(this.#driver, 'mm-invalidate'), pasidsHangOnFunction);
  }
}

const rangeText = (page: number, pages: number): string =>
  `page 0x${page.toString(16)}, ${pages} pages`;
