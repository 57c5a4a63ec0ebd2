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

import { iovaPfn } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import { EVERY_PAGE, type InvalidationRange, rangeOf } from '../hw/vtd/invalidation-range.ts';
import { watched } from '../machines/actor-watch.ts';
import { domainMachine } from '../machines/domain.ts';
import type { lockMachine } from '../machines/lock.ts';
import { mmMachine } from '../machines/mm.ts';
import { mmNotifierMachine } from '../machines/mm-notifier.ts';
import type { AddressSpaceWriter } from '../workers/address-space.ts';
import { ControlRecording, unmapThread } from './control-recording.ts';
import { domainLock } from './domain-lock.ts';
import type { Driver } from './driver.ts';
import type { FrameStore } from './frame-store.ts';
import type { IdAllocator } from './id-allocator.ts';
import type { Bound, LiveAttachment } from './live-attachment.ts';
import type { LiveOperations } from './live-operations.ts';
import { LivePages } from './live-pages.ts';
import type { LiveUnit } from './live-unit.ts';
import { notifierStyleOf, removalEvent } from './notifier-styles.ts';
import type { Invalidation } from './units/hardware.ts';

export type ProcessParts = {
  readonly unit: LiveUnit;
  readonly operations: LiveOperations;
  readonly driver: Driver;
  readonly frames: FrameStore;
  readonly pasids: IdAllocator;
  /** The lock of each address-space slot, for all the processes that have it one after the other. */
  readonly writers: readonly AddressSpaceWriter[];
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

export class LiveProcess implements Bound {
  readonly mm: number;
  readonly instance: number;
  readonly pasid: number;
  readonly attachments = new Set<LiveAttachment>();
  readonly domainLock: Actor<typeof lockMachine>;
  readonly structure: Actor<typeof mmMachine>;
  readonly notifier: Actor<typeof mmNotifierMachine>;
  readonly domain: Actor<typeof domainMachine>;
  readonly #parts: ProcessParts;
  readonly #pages: LivePages;
  readonly #recording: ControlRecording;
  /** What the notifier's flush of one change submits. */
  #flush: readonly Invalidation[] = [];
  unmaps = 0;
  /** Tag of the domain in the IOTLB, as long as there is one. */
  tag = 0;

  constructor(parts: ProcessParts, mm: number, instance: number) {
    this.#parts = parts;
    this.mm = mm;
    this.instance = instance;
    const writer = parts.writers[mm];
    invariant(writer !== undefined, `there is no address space ${mm}`);
    this.#pages = new LivePages(parts.unit.memory, parts.frames, mm, writer);
    this.#recording = new ControlRecording(parts.unit);
    this.structure = this.#startMm();
    this.domain = this.#startDomain();
    this.domainLock = domainLock(parts.unit, `process ${instance}`, this.#name('domain-lock'));
    this.notifier = this.#startNotifier();
    const poke = (): void => parts.unit.changes.poke();
    this.structure.subscribe(poke);
    this.domain.subscribe(poke);
    this.notifier.subscribe(poke);
    this.pasid = parts.pasids.allocate();
    this.structure.send({ type: 'pasid.assigned', pasid: this.pasid });
    this.#allocateDomain();
  }

  /** Makes the address space known to the resolvers. */
  publish(): Promise<void> {
    return this.#pages.publish(this.instance);
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

  #name(what: string): string {
    return `process-${this.instance}/${what}`;
  }

  #startMm(): Actor<typeof mmMachine> {
    const { unit, pasids } = this.#parts;
    const pagesOf = this.#pages;
    return createActor(
      mmMachine.provide({
        actions: {
          changeMapping: (_, { pfn, pages, bits }) => pagesOf.changeMapping(pfn, pages, bits),
          protectPages: (_, { pfn, pages, bits }) => pagesOf.protect(pfn, pages, bits ?? 0),
          zapPages: (_, { pfn, pages }) => pagesOf.zap(pfn, pages),
          invalidateSecondaryTlbs: (_, { pfn, pages }) => {
            if (!this.notifier.getSnapshot().hasTag('linked')) return;
            this.notifier.send({ type: 'range.invalidated', pfn, pages });
          },
          releaseNotifiers: () => this.#release(),
          tearDownTables: () => void this.#tearDown(),
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
      { input: { mm: this.mm }, ...watched(unit.watch, this.#name('mm')) },
    ).start();
  }

  #startDomain(): Actor<typeof domainMachine> {
    const { unit } = this.#parts;
    return createActor(
      domainMachine.provide({
        actions: {
          putNotifier: () => this.notifier.send(removalEvent(notifierStyleOf(unit.memory.unit))),
          freeDomain: () => {
            unit.hardware.giveTag(this.tag);
            this.structure.send({ type: 'structure.put' });
          },
          violate: (_, { unexpected }) =>
            unit.breach('S8', `the domain of process ${this.instance} met ${unexpected}`),
        },
      }),
      {
        input: { domain: this.mm, kind: 'sva', handlesFaults: true },
        ...watched(unit.watch, this.#name('domain')),
      },
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
            this.#flush = this.#invalidations(rangeOf(pfn, pfn + pages - 1));
          },
          flushAll: () => {
            this.#flush = this.#invalidations(EVERY_PAGE);
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
      {
        input: { mm: this.mm, domain: this.mm },
        ...watched(unit.watch, this.#name('mm-notifier')),
      },
    ).start();
  }

  /** The driver's own list says what an unmap empties; every device of the domain is told. */
  #invalidations(block: InvalidationRange): Invalidation[] {
    const { driver, unit } = this.#parts;
    const { pasid, tag } = this;
    const range = { ...block, pfn: iovaPfn(block.pfn) };
    const devices = [...this.attachments].map(({ device }) => device);
    const tagged = unit.hardware.tagsByFunction ? devices : devices.slice(0, 1);
    return driver.operations['mm-invalidate'].flatMap((step): Invalidation[] => {
      if (step === 'invalidate-iotlb') {
        return tagged.map((device) => ({ kind: 'iotlb', device, pasid, tag, range }));
      }
      if (step !== 'invalidate-device-tlb') return [];
      return devices.map((device) => ({ kind: 'device-tlb', device, pasid, range }));
    });
  }

  /** Changes the address space; resolves when nothing cached can contradict the change. */
  async change(change: RangeChange): Promise<void> {
    const { frames, unit } = this.#parts;
    let flush: readonly Invalidation[] = [];
    const zapped = await this.#pages.shrink(() => {
      if (!this.isAlive) return;
      this.structure.send(change);
      flush = this.#flush;
      this.#flush = [];
      this.#recording.flushed(unmapThread(this.instance), flush);
    });
    if (change.type === 'range.map' && zapped.count === 0) {
      frames.giveData(zapped);
      return;
    }
    this.unmaps += 1;
    if (flush.length > 0) await unit.invalidate(flush);
    frames.giveData(zapped);
  }

  /** Domain and notifier of a bind, made anew when the last user of earlier ones has gone. */
  async provideDomain(): Promise<void> {
    await this.#parts.unit.changes.until(() => !this.domain.getSnapshot().matches('retiring'));
    if (this.domain.getSnapshot().matches('freed')) this.#allocateDomain();
  }

  /** Domain and notifier each hold the structure, not the users. */
  #allocateDomain(): void {
    this.tag = this.#parts.unit.hardware.takeTag();
    this.domain.send({ type: 'domain.allocate' });
    this.structure.send({ type: 'structure.get' });
    this.notifier.send({ type: 'notifier.register' });
  }

  /** A notifier that was put is linked no more: the release pass finds nothing. */
  #release(): void {
    if (this.notifier.getSnapshot().matches('registered')) {
      this.notifier.send({ type: 'mm.releasing' });
    } else queueMicrotask(() => this.structure.send({ type: 'notifiers.released' }));
  }

  /** The notifier's release: the driver's list, on every (device, PASID) of the domain. Not only an exit asks for it. */
  async #neutralise(): Promise<void> {
    await Promise.resolve(); // out of the transition that asked for it
    for (const attachment of [...this.attachments]) {
      await this.#parts.operations.run('mm-release', attachment);
    }
    this.notifier.send({ type: 'release.finished' });
    if (!this.structure.getSnapshot().matches('exiting')) return;
    this.structure.send({ type: 'notifiers.released' });
  }

  async #tearDown(): Promise<void> {
    await this.#pages.tearDown();
    this.structure.send({ type: 'tables.torn-down' });
  }

  /** The last user goes: notifiers are released, then pages and tables. Resolves when they are gone. */
  async exit(): Promise<void> {
    await this.#pages.die();
    this.structure.send({ type: 'users.put' });
    await this.#parts.unit.changes.until(() => this.#tablesAreGone);
  }

  get #tablesAreGone(): boolean {
    const state = this.structure.getSnapshot();
    return state.matches('empty') || state.matches('dropped');
  }
}
