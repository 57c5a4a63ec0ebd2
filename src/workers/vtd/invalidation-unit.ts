/**
 * VT-d invalidation unit: the hardware side of the invalidation queue, working on the caches of one unit.
 *
 * Spec:  Intel VT-d, "Queued Invalidation Interface"; PCIe Base, "ATS Invalidation Protocol".
 * Actor: runs in the device thread, which owns the caches, so an invalidation and an access never overlap.
 *
 * A device-TLB invalidation completes behind every request its function sent before, because requests enter the
 * ring in the same thread; a wait descriptor with the drain bit also waits until all answers reached their devices.
 */

import { invariant, unreachable } from '../../core/invariant.ts';
import { QI_ENTRIES } from '../../core/limits.ts';
import { word } from '../../core/words.ts';
import {
  isPasidDeviceTlb,
  pasidDeviceTlbOrder,
  pasidDeviceTlbPage,
  pasidDeviceTlbPasid,
  pasidDeviceTlbSid,
} from '../../hw/vtd/device-tlb-words.ts';
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
import type { SlowUnit } from '../slow-unit.ts';
import { CHANGE, COUNTER, QI } from '../storm-layout.ts';
import type { TranslationAgent } from '../translation.ts';
import type { CommandUnit } from '../unit-seams.ts';

const ATC_DOMAIN = 0;

export class VtdInvalidationUnit implements CommandUnit {
  readonly #words: Int32Array;
  readonly #agent: TranslationAgent;
  readonly #waitersBell: Bell;
  readonly #drainAnswers: () => void;
  readonly #silence: SilentFunction;
  readonly #slowness: SlowUnit;
  readonly #completesTwice: Occasions | undefined;
  readonly #counters: Counters;

  constructor({ memory, agent, waitersBell, drainAnswers, ...parts }: CommandParts) {
    this.#words = memory.invalidation;
    this.#agent = agent;
    this.#waitersBell = waitersBell;
    this.#drainAnswers = drainAnswers;
    this.#silence = parts.silence;
    this.#slowness = parts.slowness;
    this.#completesTwice = parts.completesTwice;
    this.#counters = parts.counters;
  }

  ready(): boolean {
    return (
      Atomics.load(this.#words, QI.tail) !== word(this.#words, QI.head) &&
      !this.#isStopped() &&
      !this.#silence.isAwaited() &&
      !this.#slowness.isResting()
    );
  }

  step(): number {
    let executed = 0;
    let head = word(this.#words, QI.head);
    for (; head !== Atomics.load(this.#words, QI.tail) && !this.#isStopped(); executed += 1) {
      const at = QI.entries + (head & (QI_ENTRIES - 1)) * QI.entryWords;
      let isAborted = false;
      if (isPasidDeviceTlb(this.#words, at)) {
        if (this.#slowness.holds(false)) break;
        this.#pasidDeviceTlb(at);
      } else {
        const descriptor = readInvalidationWords(this.#words, at);
        if (!descriptor.ok) {
          this.#raise(FSTS_IQE);
          break;
        }
        const isWait = descriptor.value.kind === 'wait';
        if (
          this.#slowness.holds(descriptor.value.kind === 'wait' && descriptor.value.statusWrite)
        ) {
          break;
        }
        if (isWait && this.#silence.isAwaited()) break;
        // A wait that was fetched is behind the head, and never done.
        isAborted = isWait && this.#silence.hasTimedOut();
        if (!isAborted) this.#execute(descriptor.value);
      }
      head = (head + 1) | 0;
      Atomics.store(this.#words, QI.head, head);
      if (isAborted) this.#raise(FSTS_ITE);
    }
    if (executed > 0) this.#waitersBell.ring(CHANGE.commands);
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
        this.#deviceTlb(ridDevice(descriptor.sid));
        return;
      case 'pasid-device-tlb':
        invariant(false, 'these are executed as they are read');
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

  /** Requests carry PASIDs, all of them. */
  #deviceTlb(device: number): void {
    if (this.#reaches(device)) this.#agent.atcs[device]?.invalidateAll();
  }

  #pasidDeviceTlb(at: number): void {
    const words = this.#words;
    const device = ridDevice(pasidDeviceTlbSid(words, at));
    const atc = this.#agent.atcs[device];
    if (atc === undefined || !this.#reaches(device)) return;
    const pasid = pasidDeviceTlbPasid(words, at);
    const order = pasidDeviceTlbOrder(words, at);
    if (order >= EVERY_PAGE.order) atc.invalidatePasid(ATC_DOMAIN, pasid);
    else atc.invalidateRange(ATC_DOMAIN, pasid, pasidDeviceTlbPage(words, at, order), order);
  }

  /** An invalidation goes to a function: whether that does it. */
  #reaches(device: number): boolean {
    if (this.#silence.takes(device) && !this.#silence.obeys) return false;
    if (device === MISBEHAVING_DEVICE && this.#completesTwice?.next() === true) {
      this.#counters.add(COUNTER.twiceCompleted, 1);
      this.#raise(FSTS_ICE);
    }
    return true;
  }
}
