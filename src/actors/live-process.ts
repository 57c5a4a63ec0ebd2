/**
 * Live process: an address space in shared memory with its mm, notifier and SVA domain as live actors.
 *
 * Kernel: drivers/iommu/iommu-sva.c; drivers/iommu/intel/svm.c, intel_mm_release(); mm/mmap.c, exit_mmap();
 *         mm/mmu_notifier.c.
 * Actor:  one a process; its memory slot (`mm`) is used again by a later process, its number (`instance`) never.
 *
 * Frames leave the page tables under the write lock, but go back to the allocator only when no IOTLB or ATC can
 * hold them any more: after the invalidation that the notifier sends.
 */
import { type Actor, createActor } from 'xstate';

import { iovaPfn, pasid as pasidOf } from '../core/ids.ts';
import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { ENTRY_USER } from '../hw/page-table-entry.ts';
import { clearRange, forEachTable, protectRange } from '../hw/page-table-range.ts';
import type { InvalidationDescriptor } from '../hw/vtd/invalidation-descriptors.ts';
import { EVERY_PAGE, type InvalidationRange, rangeOf } from '../hw/vtd/invalidation-range.ts';
import { domainMachine } from '../machines/domain.ts';
import { mmMachine } from '../machines/mm.ts';
import { mmNotifierMachine } from '../machines/mm-notifier.ts';
import {
  mmWord,
  storeVmas,
  type Vma,
  vmasOf,
  withoutRange,
  withVma,
  withWriteLock,
} from '../workers/address-space.ts';
import { MM, MM_ALIVE, MM_DEAD } from '../workers/storm-memory.ts';
import type { Driver } from './driver.ts';
import type { FrameStore } from './frame-store.ts';
import type { Bound, LiveAttachment } from './live-attachment.ts';
import type { LiveOperations } from './live-operations.ts';
import { descriptorsOf, type LiveUnit } from './live-unit.ts';
import type { PasidAllocator } from './pasid-allocator.ts';

export type ProcessParts = {
  readonly unit: LiveUnit;
  readonly operations: LiveOperations;
  readonly driver: Driver;
  readonly frames: FrameStore;
  readonly pasids: PasidAllocator;
};

/** A change of mappings, as the process asks for it. */
export type RangeChange =
  | {
      readonly type: 'range.map';
      readonly pfn: number;
      readonly pages: number;
      readonly bits: number;
    }
  | { readonly type: 'range.unmap'; readonly pfn: number; readonly pages: number }
  | {
      readonly type: 'range.protect';
      readonly pfn: number;
      readonly pages: number;
      readonly bits: number;
    };

const ADDRESS_SPACE_PAGES = 2 ** 35;

export class LiveProcess implements Bound {
  readonly mm: number;
  readonly instance: number;
  readonly pasid: number;
  readonly attachments = new Set<LiveAttachment>();
  readonly structure: Actor<typeof mmMachine>;
  readonly notifier: Actor<typeof mmNotifierMachine>;
  readonly domain: Actor<typeof domainMachine>;
  readonly #parts: ProcessParts;
  readonly #root: number;
  /** Filled by the effects of one change, used when its invalidation is done. */
  #zapped: number[] = [];
  #flush: readonly InvalidationDescriptor[] = [];
  unmaps = 0;

  constructor(parts: ProcessParts, mm: number, instance: number) {
    this.#parts = parts;
    this.mm = mm;
    this.instance = instance;
    this.#root = parts.frames.takeTable();
    this.structure = this.#startMm();
    this.domain = this.#startDomain();
    this.notifier = this.#startNotifier();
    const poke = (): void => parts.unit.changes.poke();
    this.structure.subscribe(poke);
    this.domain.subscribe(poke);
    this.notifier.subscribe(poke);
    this.pasid = parts.pasids.allocate();
    this.structure.send({ type: 'pasid.assigned', pasid: this.pasid });
    this.domain.send({ type: 'domain.allocate' });
    this.notifier.send({ type: 'notifier.register' });
    this.#publish();
  }

  get isAlive(): boolean {
    return this.structure.getSnapshot().matches('alive');
  }

  get isDropped(): boolean {
    return this.structure.getSnapshot().matches('dropped');
  }

  get releaseIsIdle(): boolean {
    return !this.notifier.getSnapshot().hasTag('release-running');
  }

  #publish(): void {
    const { memory } = this.#parts.unit;
    withWriteLock(memory, this.mm, () => {
      memory.mms[mmWord(this.mm, MM.root)] = this.#root;
      memory.mms[mmWord(this.mm, MM.instance)] = this.instance;
      storeVmas(memory, this.mm, []);
      Atomics.store(memory.mms, mmWord(this.mm, MM.state), MM_ALIVE);
    });
  }

  #startMm(): Actor<typeof mmMachine> {
    const { unit, pasids } = this.#parts;
    return createActor(
      mmMachine.provide({
        actions: {
          changeMapping: (_, { pfn, pages, bits }) => this.#changeMapping(pfn, pages, bits),
          protectPages: (_, { pfn, pages, bits }) => this.#protect(pfn, pages, bits ?? 0),
          zapPages: (_, { pfn, pages }) => this.#zap(pfn, pages),
          invalidateSecondaryTlbs: (_, { pfn, pages }) => {
            if (!this.notifier.getSnapshot().hasTag('linked')) return;
            this.notifier.send({ type: 'range.invalidated', pfn, pages });
          },
          releaseNotifiers: () => this.#release(),
          tearDownTables: () => this.#tearDown(),
          freePasid: (_, { pasid }) => {
            if (pasid !== undefined) pasids.free(pasid);
          },
          violate: (_, { property, unexpected }) =>
            unit.breach(
              property,
              `process ${this.instance} met ${unexpected} after its address space ended`,
            ),
        },
      }),
      { input: { mm: this.mm } },
    ).start();
  }

  #startDomain(): Actor<typeof domainMachine> {
    const { unit } = this.#parts;
    return createActor(
      domainMachine.provide({
        actions: {
          putNotifier: () => this.notifier.send({ type: 'notifier.put' }),
          violate: (_, { unexpected }) =>
            unit.breach('S8', `the domain of process ${this.instance} met ${unexpected}`),
        },
      }),
      { input: { domain: this.mm, kind: 'sva', handlesFaults: true } },
    ).start();
  }

  #startNotifier(): Actor<typeof mmNotifierMachine> {
    const { unit } = this.#parts;
    return createActor(
      mmNotifierMachine.provide({
        guards: { mmHasUsers: () => this.structure.getSnapshot().hasTag('has-users') },
        actions: {
          takeStructure: () => this.structure.send({ type: 'structure.get' }),
          flushRange: (_, { pfn, pages }) => {
            this.#flush = this.#descriptors(rangeOf(pfn, pfn + pages - 1));
          },
          flushAll: () => {
            this.#flush = this.#descriptors(EVERY_PAGE);
          },
          neutralise: () => void this.#neutralise(),
          awaitGracePeriod: () => {
            setImmediate(() => this.notifier.send({ type: 'grace-period.ended' }));
          },
          freeDomain: () => this.domain.send({ type: 'grace-period.ended' }),
          dropStructure: () => this.structure.send({ type: 'structure.put' }),
          violate: (_, { unexpected }) =>
            unit.breach('S8', `the notifier of process ${this.instance} met ${unexpected}`),
        },
      }),
      { input: { mm: this.mm, domain: this.mm } },
    ).start();
  }

  /** The driver's own list says what an unmap empties; every device of the domain is told. */
  #descriptors(range: InvalidationRange): InvalidationDescriptor[] {
    const steps = this.#parts.driver.operations['mm-invalidate'];
    const number = pasidOf(this.pasid);
    const bounded = { ...range, pfn: iovaPfn(range.pfn) };
    const attachments = [...this.attachments];
    if (attachments.length === 0) return [];
    return steps.flatMap((step): InvalidationDescriptor[] => {
      if (step === 'invalidate-iotlb') return [descriptorsOf.iotlb(number, bounded)];
      if (step !== 'invalidate-device-tlb') return [];
      return attachments.map(({ device }) => descriptorsOf.deviceTlb(device, number, bounded));
    });
  }

  /** Changes the address space; resolves when nothing cached can contradict the change. */
  async change(change: RangeChange): Promise<void> {
    if (!this.isAlive) return;
    const { frames, unit } = this.#parts;
    const { memory } = unit;
    withWriteLock(memory, this.mm, () => {
      Atomics.add(memory.mms, mmWord(this.mm, MM.shrinks), 1);
      this.structure.send(change);
    });
    const zapped = this.#zapped;
    const flush = this.#flush;
    this.#zapped = [];
    this.#flush = [];
    if (change.type !== 'range.map' || zapped.length > 0) {
      this.unmaps += 1;
      if (flush.length > 0) await unit.invalidate(flush);
    }
    frames.giveData(zapped);
  }

  #changeMapping(pfn: number, pages: number, bits: number | undefined): void {
    const { memory } = this.#parts.unit;
    const vmas = vmasOf(memory, this.mm);
    const end = pfn + pages;
    const next: readonly Vma[] =
      bits === undefined ? withoutRange(vmas, pfn, end) : withVma(vmas, { first: pfn, end, bits });
    storeVmas(memory, this.mm, next);
  }

  #protect(pfn: number, pages: number, bits: number): void {
    const { tables } = this.#parts.unit.memory;
    const user = (bits & (ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC)) !== 0 ? ENTRY_USER : 0;
    // As for private pages, writing is granted by the next fault only.
    protectRange(tables, this.#root, pfn, pages, user, (bits & ACCESS_EXEC) !== 0);
  }

  #zap(pfn: number, pages: number): void {
    const { tables } = this.#parts.unit.memory;
    clearRange(tables, this.#root, pfn, pages, (frame) => this.#zapped.push(frame));
  }

  /** Domain and notifier of the first bind, made anew when the last user of earlier ones has gone. */
  async provideDomain(): Promise<void> {
    await this.#parts.unit.changes.until(() => !this.domain.getSnapshot().matches('retiring'));
    if (!this.domain.getSnapshot().matches('freed')) return;
    this.domain.send({ type: 'domain.allocate' });
    this.notifier.send({ type: 'notifier.register' });
  }

  /** A notifier that was put is linked no more: the release pass finds nothing. */
  #release(): void {
    if (this.notifier.getSnapshot().matches('registered')) {
      this.notifier.send({ type: 'mm.releasing' });
    } else queueMicrotask(() => this.structure.send({ type: 'notifiers.released' }));
  }

  /** The notifier's release: the driver's list, on every (device, PASID) of the domain. */
  async #neutralise(): Promise<void> {
    for (const attachment of [...this.attachments]) {
      await this.#parts.operations.run('mm-release', attachment);
    }
    this.notifier.send({ type: 'release.finished' });
    this.structure.send({ type: 'notifiers.released' });
  }

  /** Unmaps everything without telling anybody: the release has cut hardware off. */
  #tearDown(): void {
    const { frames, unit } = this.#parts;
    const { memory } = unit;
    withWriteLock(memory, this.mm, () => {
      storeVmas(memory, this.mm, []);
      const freed: number[] = [];
      clearRange(memory.tables, this.#root, 0, ADDRESS_SPACE_PAGES, (frame) => freed.push(frame));
      frames.giveData(freed);
      forEachTable(memory.tables, this.#root, (frame) => frames.giveTable(frame));
    });
    queueMicrotask(() => this.structure.send({ type: 'tables.torn-down' }));
  }

  /** The last user goes: notifiers are released, then pages and tables. Resolves when they are gone. */
  async exit(): Promise<void> {
    const { unit } = this.#parts;
    const { memory } = unit;
    withWriteLock(memory, this.mm, () => {
      Atomics.add(memory.mms, mmWord(this.mm, MM.shrinks), 1);
      Atomics.store(memory.mms, mmWord(this.mm, MM.state), MM_DEAD);
    });
    this.structure.send({ type: 'users.put' });
    await unit.changes.until(() => this.#tablesAreGone);
  }

  get #tablesAreGone(): boolean {
    const state = this.structure.getSnapshot();
    return state.matches('empty') || state.matches('dropped');
  }
}
