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
import { readInvalidationWords } from '../../hw/vtd/invalidation-decoding.ts';
import type {
  InvalidationDescriptor,
  WaitDescriptor,
} from '../../hw/vtd/invalidation-descriptors.ts';
import { EVERY_PAGE } from '../../hw/vtd/invalidation-range.ts';
import type { Bell } from '../bell.ts';
import { ridDevice } from '../requester.ts';
import { CHANGE, QI } from '../storm-layout.ts';
import type { StormMemory } from '../storm-memory.ts';
import type { TranslationAgent } from '../translation.ts';
import type { CommandUnit } from '../unit-seams.ts';

const ATC_DOMAIN = 0;

export class VtdInvalidationUnit implements CommandUnit {
  readonly #words: Int32Array;
  readonly #agent: TranslationAgent;
  readonly #waitersBell: Bell;
  readonly #drainAnswers: () => void;

  constructor(
    memory: StormMemory,
    agent: TranslationAgent,
    waitersBell: Bell,
    drainAnswers: () => void,
  ) {
    this.#words = memory.invalidation;
    this.#agent = agent;
    this.#waitersBell = waitersBell;
    this.#drainAnswers = drainAnswers;
  }

  ready(): boolean {
    return Atomics.load(this.#words, QI.tail) !== word(this.#words, QI.head);
  }

  step(): number {
    let executed = 0;
    let head = word(this.#words, QI.head);
    for (; head !== Atomics.load(this.#words, QI.tail); executed += 1) {
      const at = QI.entries + (head & (QI_ENTRIES - 1)) * QI.entryWords;
      if (isPasidDeviceTlb(this.#words, at)) this.#pasidDeviceTlb(at);
      else {
        const descriptor = readInvalidationWords(this.#words, at);
        invariant(descriptor.ok, 'the invalidation queue holds what is no descriptor');
        this.#execute(descriptor.value);
      }
      head = (head + 1) | 0;
      Atomics.store(this.#words, QI.head, head);
    }
    if (executed > 0) this.#waitersBell.ring(CHANGE.commands);
    return executed;
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
        this.#agent.atcs[ridDevice(descriptor.sid)]?.invalidateAll(); // requests carry PASIDs, all of them
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

  #pasidDeviceTlb(at: number): void {
    const words = this.#words;
    const atc = this.#agent.atcs[ridDevice(pasidDeviceTlbSid(words, at))];
    if (atc === undefined) return;
    const pasid = pasidDeviceTlbPasid(words, at);
    const order = pasidDeviceTlbOrder(words, at);
    if (order >= EVERY_PAGE.order) atc.invalidatePasid(ATC_DOMAIN, pasid);
    else atc.invalidateRange(ATC_DOMAIN, pasid, pasidDeviceTlbPage(words, at, order), order);
  }
}
