/**
 * Storm watch: tells whoever looks how the storm goes, five times a second.
 */

import { COUNTER } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { StormHooks } from '../workers/storm-plan.ts';
import type { LiveUnit } from './live-unit.ts';
import type { StormFleet } from './storm-fleet.ts';
import { breachCount, counterOf, episodesOf, openGroups, resolverSteps } from './storm-result.ts';
import type { SvaBonds } from './sva-bonds.ts';

const PERIOD_MILLISECONDS = 200;

type WatchParts = {
  readonly hooks: StormHooks;
  readonly memory: StormMemory;
  readonly bonds: SvaBonds;
  readonly fleet: StormFleet;
  readonly unit: LiveUnit;
};

export class StormWatch {
  readonly #parts: WatchParts;
  readonly #started: number;
  #last: number;
  #groups = 0;
  #busy = 0;
  #steps = 0;

  constructor(parts: WatchParts, started: number) {
    this.#parts = parts;
    this.#started = started;
    this.#last = started;
  }

  tick(now: number): void {
    if (now - this.#last < PERIOD_MILLISECONDS) return;
    const { hooks, memory, bonds, fleet, unit } = this.#parts;
    const groups = counterOf(memory, COUNTER.groups);
    const steps = resolverSteps(memory);
    hooks.progress({
      elapsedSeconds: (now - this.#started) / 1000,
      groups,
      groupsPerSecond: ((groups - this.#groups) * 1000) / (now - this.#last),
      inFlight: openGroups(memory),
      overflows: episodesOf(memory),
      attaches: bonds.attaches,
      detaches: bonds.detaches,
      exits: fleet.exits,
      workerBusy: (steps.busy - this.#busy) / Math.max(1, steps.all - this.#steps),
      violations: breachCount(memory) + unit.breaches.length,
    });
    this.#last = now;
    this.#groups = groups;
    this.#busy = steps.busy;
    this.#steps = steps.all;
  }
}
