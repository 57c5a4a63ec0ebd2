/**
 * AMD command unit: the hardware side of the command ring, working on the caches of one unit.
 *
 * Spec:  AMD IOMMU Specification, "Commands", "COMPLETION_WAIT".
 * Actor: runs in the device thread, which owns the caches, so an invalidation and an access never overlap.
 *
 * An invalidation of a function's own translations completes behind every request the function sent before, because
 * requests enter the log in the same thread. There is no drain: responses on their way are waited for by nobody.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { COMMAND_ENTRIES } from '../../hw/amd/command-layouts.ts';
import { type AmdCommand, readCommandWords } from '../../hw/amd/commands.ts';
import type { InvalidationRange } from '../../hw/vtd/invalidation-range.ts';
import { EVERY_PAGE } from '../../hw/vtd/invalidation-range.ts';
import type { Bell } from '../bell.ts';
import type { CommandParts } from '../command-parts.ts';
import { ridDevice } from '../requester.ts';
import type { SilentFunction } from '../silent-function.ts';
import type { SlowUnit } from '../slow-unit.ts';
import { AMD_COMMANDS, CHANGE } from '../storm-layout.ts';
import type { TranslationAgent } from '../translation.ts';
import type { CommandUnit } from '../unit-seams.ts';

const ATC_DOMAIN = 0;

export class AmdCommandUnit implements CommandUnit {
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
      Atomics.load(this.#words, AMD_COMMANDS.tail) !== word(this.#words, AMD_COMMANDS.head) &&
      !this.#silence.isAwaited() &&
      !this.#slowness.isResting()
    );
  }

  step(): number {
    let executed = 0;
    let head = word(this.#words, AMD_COMMANDS.head);
    for (; head !== Atomics.load(this.#words, AMD_COMMANDS.tail); executed += 1) {
      const entry = head & (COMMAND_ENTRIES - 1);
      const at = AMD_COMMANDS.entries + entry * AMD_COMMANDS.entryWords;
      const command = readCommandWords(this.#words, at);
      invariant(command.ok, 'the command ring holds what is no command');
      if (this.#slowness.holds(isEnd(command.value))) break;
      // What a function didn't complete in time goes to the event log, and the unit goes on.
      if (command.value.kind === 'completion-wait') {
        if (this.#silence.isAwaited()) break;
        this.#silence.hasTimedOut();
      }
      this.#execute(command.value);
      head = (head + 1) | 0;
      Atomics.store(this.#words, AMD_COMMANDS.head, head);
    }
    if (executed > 0) this.#waitersBell.ring(CHANGE.commands);
    return executed;
  }

  #execute(command: AmdCommand): void {
    const { iotlb } = this.#agent;
    switch (command.kind) {
      case 'completion-wait':
        if (command.storeQuadword === undefined) return;
        Atomics.store(this.#words, 2 * command.storeQuadword + 1, command.dataHigh | 0);
        Atomics.store(this.#words, 2 * command.storeQuadword, command.dataLow | 0);
        return;
      case 'invalidate-device-entry':
        return; // entries are read from memory at each walk: nothing is cached
      case 'invalidate-pages': {
        const { domain, pasid, range } = command;
        if (pasid === undefined) iotlb.invalidateDomain(domain);
        else if (isEveryPage(range)) iotlb.invalidatePasid(domain, pasid);
        else iotlb.invalidateRange(domain, pasid, range.pfn, range.order);
        return;
      }
      case 'invalidate-iotlb-pages': {
        const device = ridDevice(command.device);
        const atc = this.#agent.atcs[device];
        if (this.#silence.takes(device) && !this.#silence.obeys) return;
        const { pasid, range } = command;
        if (pasid === undefined) atc?.invalidateAll();
        else if (isEveryPage(range)) atc?.invalidatePasid(ATC_DOMAIN, pasid);
        else atc?.invalidateRange(ATC_DOMAIN, pasid, range.pfn, range.order);
        return;
      }
      case 'complete-page-request':
        invariant(false, 'completions have rings of their own');
        return;
      case 'invalidate-all':
        iotlb.invalidateAll();
        return;
    }
  }
}

/** A wait that stores is what tells the end of a submission; others only keep commands in order. */
const isEnd = (command: AmdCommand): boolean =>
  command.kind === 'completion-wait' && command.storeQuadword !== undefined;

const isEveryPage = ({ order }: InvalidationRange): boolean => order >= EVERY_PAGE.order;
