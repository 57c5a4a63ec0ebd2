/**
 * Command parts: what the hardware side of a command queue works on, whatever the unit.
 */
import type { Bell } from './bell.ts';
import type { Counters } from './counters.ts';
import type { Occasions } from './misbehaviour.ts';
import type { SilentFunction } from './silent-function.ts';
import type { SlowUnit } from './slow-unit.ts';
import type { StormMemory } from './storm-memory.ts';
import type { TranslationAgent } from './translation.ts';

/** What the hardware side of a command queue works on. */
export type CommandParts = {
  readonly memory: StormMemory;
  readonly agent: TranslationAgent;
  /** Tells of what was executed. */
  readonly waitersBell: Bell;
  /** Takes every answer that is on its way to a device. */
  readonly drainAnswers: () => void;
  readonly silence: SilentFunction;
  readonly slowness: SlowUnit;
  /** Device-TLB invalidations that a function completes twice. */
  readonly completesTwice: Occasions | undefined;
  readonly counters: Counters;
};
