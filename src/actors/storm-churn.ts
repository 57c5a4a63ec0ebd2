/**
 * Storm churn: attach, detach and exit, and switches of functions' domains, at their rates, each of what the storm's
 *              seed picks.
 *
 * Units: operations a second; time comes from outside.
 */
import type { Prng } from '../core/prng.ts';
import { MISBEHAVING_DEVICE } from '../workers/misbehaviour.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import type { FunctionDomains } from './function-domains.ts';
import type { LiveUnit } from './live-unit.ts';
import type { StormFleet } from './storm-fleet.ts';

/** Operations that may be under way at once; more would only queue behind sva_lock. */
const UNDER_WAY_MAX = 16;
const WORDS = 2 ** 32;

type ChurnParts = {
  readonly plan: StormPlan;
  readonly unit: LiveUnit;
  readonly fleet: StormFleet;
  readonly functions: FunctionDomains;
  readonly random: Prng;
};

export class StormChurn {
  readonly #parts: ChurnParts;
  #rebinds = 0;
  #kills = 0;
  #switches = 0;
  #underWay = 0;
  /** Whether what a function that went leaves behind is being undone, or was, for good. */
  #isWithdrawn = false;

  constructor(parts: ChurnParts) {
    this.#parts = parts;
  }

  /** Begins what is due `seconds` after the start. */
  tick(seconds: number): void {
    this.#withdrawGone();
    const { plan, fleet, functions, random } = this.#parts;
    for (; this.#rebinds < seconds * plan.attachDetachPerSecond; this.#rebinds += 1) {
      const index = random.below(fleet.size);
      const seat = random.below(plan.devices);
      const rude = random.next() < plan.rudeShare * WORDS;
      this.#begin(() => fleet.rebind(index, seat, rude));
    }
    for (; this.#kills < seconds * plan.exitsPerSecond; this.#kills += 1) {
      const index = random.below(fleet.size);
      this.#begin(() => fleet.kill(index));
    }
    const switchesDue = seconds * (plan.functionSwitchesPerSecond ?? 0);
    for (; this.#switches < switchesDue; this.#switches += 1) {
      const device = random.below(plan.devices);
      this.#begin(() => fleet.without(device, () => functions.switch(device)));
    }
  }

  /**
   * Hot-plug, once a function is gone: its driver is unbound, and with it go all its bonds. Where another comes, its
   * driver is bound, and so are the processes.
   */
  #withdrawGone(): void {
    const { plan, unit, fleet, functions } = this.#parts;
    if (this.#isWithdrawn || unit.isPresent(MISBEHAVING_DEVICE)) return;
    this.#isWithdrawn = true;
    const isReplaced = plan.misbehaviour?.how === 'replugged';
    const exchange = async (): Promise<void> => {
      await functions.leave(MISBEHAVING_DEVICE);
      if (isReplaced) await functions.join(MISBEHAVING_DEVICE);
    };
    const exchanged = fleet.without(MISBEHAVING_DEVICE, exchange);
    void exchanged.catch(fleet.fail).finally(() => {
      this.#isWithdrawn = !isReplaced;
    });
  }

  #begin(operation: () => Promise<void>): void {
    if (this.#underWay >= UNDER_WAY_MAX) return;
    this.#underWay += 1;
    void operation()
      .catch((error: unknown) => this.#parts.fleet.fail(error))
      .finally(() => {
        this.#underWay -= 1;
      });
  }
}
