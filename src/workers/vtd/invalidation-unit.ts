/**
 * VT-d invalidation unit: the hardware side of the invalidation queue, working on the caches of one unit.
 *
 * Spec:  Intel VT-d, "Queued Invalidation Interface"; PCIe Base, "ATS Invalidation Protocol".
 * Actor: runs in the device thread, which owns the caches, so an invalidation and an access never overlap.
 *
 * A device-TLB invalidation completes behind every request its function sent before, because requests enter the
 * ring in the same thread; a wait descriptor with the drain bit also waits until all answers reached their devices.
 */

import { unreachable } from '../../core/invariant.ts';
import { QI_ENTRIES } from '../../core/limits.ts';
import { word } from '../../core/words.ts';
import {
  FSTS_ICE,
  FSTS_IQE,
  FSTS_ITE,
  FSTS_STOPPED,
  INVALIDATION_ERROR,
} from '../../hw/vtd/fault-status.ts';
import { readInvalidationWords } from '../../hw/vtd/invalidation-decoding.ts';
import type {
  InvalidationDescriptor,
  WaitDescriptor,
} from '../../hw/vtd/invalidation-descriptors.ts';
import { EVERY_PAGE } from '../../hw/vtd/invalidation-range.ts';
import type { Bell } from '../bell.ts';
import type { CommandParts } from '../command-parts.ts';
import type { Counters } from '../counters.ts';
import { MISBEHAVING_DEVICE, type Occasions } from '../misbehaviour.ts';
import { deviceRid, ridDevice } from '../requester.ts';
import type { SilentFunction } from '../silent-function.ts';
import { COUNTER, QI } from '../storm-layout.ts';
import type { TranslationAgent } from '../translation.ts';
import type { CommandUnit } from '../unit-seams.ts';

const NO_PASID = -1;
const ATC_DOMAIN = 0;

export class VtdInvalidationUnit implements CommandUnit {
  readonly #words: Int32Array;
  readonly #agent: TranslationAgent;
  readonly #waitersBell: Bell;
  readonly #drainAnswers: () => void;
  readonly #silence: SilentFunction;
  readonly #completesTwice: Occasions | undefined;
  readonly #counters: Counters;

  constructor({ memory, agent, waitersBell, drainAnswers, ...parts }: CommandParts) {
    this.#words = memory.invalidation;
    this.#agent = agent;
    this.#waitersBell = waitersBell;
    this.#drainAnswers = drainAnswers;
    this.#silence = parts.silence;
    this.#completesTwice = parts.completesTwice;
    this.#counters = parts.counters;
  }

  ready(): boolean {
    return (
      Atomics.load(this.#words, QI.tail) !== word(this.#words, QI.head) &&
      !this.#isStopped() &&
      !this.#silence.isAwaited()
    );
  }

  step(): number {
    let executed = 0;
    let head = word(this.#words, QI.head);
    for (; head !== Atomics.load(this.#words, QI.tail) && !this.#isStopped(); executed += 1) {
      const at = QI.entries + (head & (QI_ENTRIES - 1)) * QI.entryWords;
      const descriptor = readInvalidationWords(this.#words, at);
      if (!descriptor.ok) {
        this.#raise(FSTS_IQE);
        break;
      }
      if (descriptor.value.kind === 'wait' && this.#silence.isAwaited()) break;
      // A wait that was fetched is behind the head, and never done.
      const isAborted = descriptor.value.kind === 'wait' && this.#silence.hasTimedOut();
      if (!isAborted) this.#execute(descriptor.value);
      head = (head + 1) | 0;
      Atomics.store(this.#words, QI.head, head);
      if (isAborted) this.#raise(FSTS_ITE);
    }
    if (executed > 0) this.#waitersBell.ring();
    return executed;
  }

  #isStopped(): boolean {
    return (Atomics.load(this.#words, QI.fault) & FSTS_STOPPED) !== 0;
  }

  /** Whoever spins on the queue sees it. */
  #raise(bits: number): void {
    const source = deviceRid(MISBEHAVING_DEVICE);
    INVALIDATION_ERROR.writeWords(this.#words, QI.error, {
      info: 0,
      timeoutSource: bits === FSTS_ITE ? source : 0,
      completionSource: bits === FSTS_ICE ? source : 0,
    });
    Atomics.or(this.#words, QI.fault, bits);
    this.#waitersBell.ring();
  }

  #execute(descriptor: InvalidationDescriptor): void {
    const { iotlb } = this.#agent;
    switch (descriptor.kind) {
      case 'context-cache':
      case 'pasid-cache':
        return; // entries are read from memory at each walk: nothing is cached
      case 'iotlb':
        if (descriptor.scope.kind === 'global') iotlb.invalidateAll();
        else iotlb.invalidateDomain(descriptor.scope.did);
        return;
      case 'pasid-iotlb': {
        const { did, pasid, pages } = descriptor;
        if (pages === undefined) iotlb.invalidatePasid(did, pasid);
        else iotlb.invalidateRange(did, pasid, pages.pfn, pages.order);
        return;
      }
      case 'device-tlb':
        this.#deviceTlb(descriptor.sid, NO_PASID, descriptor.range);
        return;
      case 'pasid-device-tlb':
        this.#deviceTlb(descriptor.sid, descriptor.pasid, descriptor.range);
        return;
      case 'wait':
        this.#wait(descriptor);
        return;
      default:
        unreachable(descriptor);
    }
  }

  #wait(wait: WaitDescriptor): void {
    if (wait.drainPageRequests) this.#drainAnswers();
    if (!wait.statusWrite) return;
    Atomics.store(this.#words, QI.status + wait.statusWord, wait.statusData);
  }

  #deviceTlb(rid: number, pasid: number, range: { readonly pfn: number; readonly order: number }) {
    const device = ridDevice(rid);
    const atc = this.#agent.atcs[device];
    if (atc === undefined) return;
    if (this.#silence.takes(device) && !this.#silence.obeys) return;
    if (device === MISBEHAVING_DEVICE && this.#completesTwice?.next() === true) {
      this.#counters.add(COUNTER.twiceCompleted, 1);
      this.#raise(FSTS_ICE);
    }
    if (pasid === NO_PASID) atc.invalidateAll();
    else if (range.order >= EVERY_PAGE.order) atc.invalidatePasid(ATC_DOMAIN, pasid);
    else atc.invalidateRange(ATC_DOMAIN, pasid, range.pfn, range.order);
  }
}
