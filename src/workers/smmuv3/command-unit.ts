/**
 * SMMU command unit: the hardware side of the command queue, working on the caches of one unit.
 *
 * Spec:  Arm SMMU Architecture Specification, version 3, "Commands", "CMD_SYNC".
 * Actor: runs in the device thread, which owns the caches, so an invalidation and an access never overlap.
 *
 * CONS is all that tells what was done: software polls it. There is no drain, and a SYNC says nothing of stalls.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { readCommandWords } from '../../hw/smmuv3/command-decoding.ts';
import {
  CERROR_ATC_INV_SYNC,
  CERROR_ILL,
  CERROR_NONE,
  type SmmuCommand,
} from '../../hw/smmuv3/commands.ts';
import { EVERY_PAGE } from '../../hw/vtd/invalidation-range.ts';
import type { Bell } from '../bell.ts';
import type { CommandParts } from '../command-parts.ts';
import { ridDevice } from '../requester.ts';
import type { SilentFunction } from '../silent-function.ts';
import type { SlowUnit } from '../slow-unit.ts';
import { CHANGE, SMMU_COMMANDS } from '../storm-layout.ts';
import type { TranslationAgent } from '../translation.ts';
import type { CommandUnit } from '../unit-seams.ts';

/** What an ASID keeps is tagged by nothing else. */
const NO_PASID = -1;
const ATC_DOMAIN = 0;

export class SmmuCommandUnit implements CommandUnit {
  readonly #words: Int32Array;
  readonly #agent: TranslationAgent;
  readonly #waitersBell: Bell;
  readonly #silence: SilentFunction;
  readonly #slowness: SlowUnit;

  constructor({ memory, agent, waitersBell, silence, slowness }: CommandParts) {
    const { invalidation } = memory;
    this.#words = invalidation;
    this.#agent = agent;
    this.#waitersBell = waitersBell;
    this.#silence = silence;
    this.#slowness = slowness;
  }

  ready(): boolean {
    return (
      Atomics.load(this.#words, SMMU_COMMANDS.tail) !== word(this.#words, SMMU_COMMANDS.head) &&
      !this.#isStopped() &&
      !this.#silence.isAwaited() &&
      !this.#slowness.isResting()
    );
  }

  step(): number {
    let executed = 0;
    let head = word(this.#words, SMMU_COMMANDS.head);
    for (
      ;
      head !== Atomics.load(this.#words, SMMU_COMMANDS.tail) && !this.#isStopped();
      executed += 1
    ) {
      const entry = head & (SMMU_COMMANDS.count - 1);
      const at = SMMU_COMMANDS.entries + entry * SMMU_COMMANDS.entryWords;
      const command = readCommandWords(this.#words, at);
      if (!command.ok) {
        this.#stop(CERROR_ILL);
        break;
      }
      const isSync = command.value.kind === 'sync';
      if (this.#slowness.holds(isSync) || (isSync && this.#silence.isAwaited())) break;
      // CONS stays at the SYNC, which is executed again once software has acknowledged the error.
      if (isSync && this.#silence.hasTimedOut()) {
        this.#stop(CERROR_ATC_INV_SYNC);
        break;
      }
      this.#execute(command.value);
      head = (head + 1) | 0;
      Atomics.store(this.#words, SMMU_COMMANDS.head, head);
    }
    if (executed > 0) this.#waitersBell.ring(CHANGE.commands);
    return executed;
  }

  #stop(error: number): void {
    Atomics.store(this.#words, SMMU_COMMANDS.error, error);
    this.#waitersBell.ring();
  }

  #isStopped(): boolean {
    return Atomics.load(this.#words, SMMU_COMMANDS.error) !== CERROR_NONE;
  }

  #execute(command: SmmuCommand): void {
    switch (command.kind) {
      case 'invalidate-configuration':
      case 'invalidate-streams':
        return; // entries are read from memory at each walk: nothing is cached
      case 'invalidate-atc':
        this.#atc(command);
        return;
      case 'invalidate-tlb':
        this.#tlb(command);
        return;
      case 'sync':
        return; // CONS moves over it
      case 'resume':
      case 'respond-to-group':
        invariant(false, 'responses have rings of their own');
    }
  }

  #atc({ stream, pasid, page, order }: Extract<SmmuCommand, { kind: 'invalidate-atc' }>): void {
    const device = ridDevice(stream);
    const atc = this.#agent.atcs[device];
    if (this.#silence.takes(device) && !this.#silence.obeys) return;
    if (pasid === undefined) atc?.invalidateAll();
    else if (order >= EVERY_PAGE.order) atc?.invalidatePasid(ATC_DOMAIN, pasid);
    else atc?.invalidateRange(ATC_DOMAIN, pasid, page, order);
  }

  #tlb(command: Extract<SmmuCommand, { kind: 'invalidate-tlb' }>): void {
    const { iotlb } = this.#agent;
    const { of, asid, page, num, scale } = command;
    switch (of) {
      case 'nh-va':
        for (let block = 0; block <= num; block += 1) {
          iotlb.invalidateRange(asid, NO_PASID, page + block * 2 ** scale, scale);
        }
        return;
      case 'nh-asid':
        iotlb.invalidateDomain(asid);
        return;
      default:
        iotlb.invalidateAll();
    }
  }
}
