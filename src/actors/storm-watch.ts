/**
 * Storm watch: tells whoever looks how the storm goes, five times a second.
 */

import { COUNTER } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { StormHooks, StormPlan, StormProgress } from '../workers/storm-plan.ts';
import type { LiveUnit } from './live-unit.ts';
import type { StormFleet } from './storm-fleet.ts';
import { breachCount, counterOf, episodesOf, openGroups, resolversSlept } from './storm-result.ts';
import { StormSampler } from './storm-sampler.ts';
import type { SvaBonds } from './sva-bonds.ts';

const PERIOD_MILLISECONDS = 200;

type WatchParts = {
  readonly plan: StormPlan;
  readonly hooks: StormHooks;
  readonly memory: StormMemory;
  readonly bonds: SvaBonds;
  readonly fleet: StormFleet;
  readonly unit: LiveUnit;
};

export class StormWatch {
  readonly #parts: WatchParts;
  readonly #started: number;
  readonly #sampler: StormSampler | undefined;
  #last: number;
  #groups = 0;
  #slept = 0;

  constructor(parts: WatchParts, started: number) {
    this.#parts = parts;
    this.#sampler = parts.hooks.sample && new StormSampler(parts.memory);
    this.#started = started;
    this.#last = started;
  }

  tick(now: number): void {
    this.#sampler?.look();
    if (now - this.#last < PERIOD_MILLISECONDS) return;
    const { plan, hooks, memory, bonds, fleet, unit } = this.#parts;
    const groups = counterOf(memory, COUNTER.groups);
    const slept = resolversSlept(memory);
    const elapsed = (now - this.#last) * plan.workers;
    const awake = elapsed - (slept - this.#slept);
    const progress: StormProgress = {
      elapsedSeconds: (now - this.#started) / 1000,
      groups,
      groupsPerSecond: ((groups - this.#groups) * 1000) / (now - this.#last),
      inFlight: openGroups(memory),
      overflows: episodesOf(memory),
      attaches: bonds.attaches,
      detaches: bonds.detaches,
      exits: fleet.exits,
      workerBusy: elapsed === 0 ? 0 : Math.min(1, Math.max(0, awake / elapsed)),
      violations: breachCount(memory) + unit.breaches.length,
    };
    hooks.progress(progress);
    if (this.#sampler !== undefined) {
      hooks.sample?.(this.#sampler.sample(progress, (now - this.#last) / 1000));
    }
    this.#last = now;
    this.#groups = groups;
    this.#slept = slept;
  }
}
