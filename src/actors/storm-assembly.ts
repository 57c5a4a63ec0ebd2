/**
 * Storm assembly: the parts of a storm, put together from its plan.
 */
import { AddressSpaceWriter } from '../workers/address-space.ts';
import {
  ANSWER_BEFORE_UNLINK,
  ANSWER_PARTIALS_WITHOUT_HANDLER,
  KEEP_PARTIALS_ON_OVERFLOW,
  MATCH_PARTIALS_BY_INDEX,
  REJECT_STRANDS_PARTIALS,
} from '../workers/quirk-flags.ts';
import { controlWord } from '../workers/role.ts';
import { flattenScripts } from '../workers/script.ts';
import { CHORE, CONTROL } from '../workers/storm-layout.ts';
import { type StormMemory, stormMemory } from '../workers/storm-memory.ts';
import type { StormHooks, StormPlan } from '../workers/storm-plan.ts';
import type { StormLayout } from '../workers/storm-sizes.ts';
import type { ResolverFault } from '../workers/thread-messages.ts';
import { unitKindOf } from '../workers/unit-kind.ts';
import { WordQueue } from '../workers/word-queue.ts';
import { Changes } from './changes.ts';
import type { Driver } from './driver.ts';
import { FrameStore } from './frame-store.ts';
import { LiveOperations } from './live-operations.ts';
import { LiveReporting } from './live-reporting.ts';
import { LiveUnit } from './live-unit.ts';
import { PasidAllocator } from './pasid-allocator.ts';
import { StormFleet } from './storm-fleet.ts';
import { StormThreads } from './storm-threads.ts';
import { SvaBonds } from './sva-bonds.ts';
import { liveHardware } from './units/by-kind.ts';

const MORE_THAN_ANY_STORM = Number.MAX_SAFE_INTEGER;

/** What a test makes go wrong. */
export type StormOptions = { readonly resolverFault?: ResolverFault };

/** Everything the main path of a storm hands around. */
export type Storm = {
  readonly plan: StormPlan;
  readonly hooks: StormHooks;
  readonly memory: StormMemory;
  readonly unit: LiveUnit;
  readonly bonds: SvaBonds;
  readonly fleet: StormFleet;
  readonly threads: StormThreads;
  readonly chores: WordQueue;
};

/** Memory, unit, fleet and threads of a plan; no thread runs yet. */
export function assembleStorm(
  plan: StormPlan,
  layout: StormLayout,
  driver: Driver,
  hooks: StormHooks,
  options: StormOptions,
): Storm {
  const memory = stormMemory(unitKindOf(plan.driver), layout.sizes, flattenScripts(plan.processes));
  memory.control[controlWord(CONTROL.quirks)] = quirkFlags(driver);
  const frames = new FrameStore(memory);
  const unit = new LiveUnit(memory, new Changes(memory), liveHardware(memory, frames));
  frames.open();
  const operations = new LiveOperations(unit, driver);
  const pasids = new PasidAllocator(layout.sizes.pasidSpace);
  const reporting = Array.from(
    { length: plan.devices },
    (_, device) => new LiveReporting(device, unit, driver.rules, plan.creditsPerDevice),
  );
  const bonds = new SvaBonds({ unit, operations, reporting, now: hooks.now });
  const writers = Array.from(
    { length: layout.sizes.mms },
    (_, mm) => new AddressSpaceWriter(memory, mm),
  );
  const parts = { unit, operations, driver, frames, pasids, writers };
  const fleet = new StormFleet(plan, layout, parts, bonds);
  const threads = new StormThreads({
    memory,
    workers: plan.workers,
    resolverDelayMicroseconds: plan.resolverDelayMicroseconds,
    fault: options.resolverFault,
    load: {
      rate: plan.rate,
      burst: plan.burst,
      groups: plan.groups ?? MORE_THAN_ANY_STORM,
      credits: plan.creditsPerDevice,
      groupPagesMin: plan.groupPagesMin,
      groupPagesMax: plan.groupPagesMax,
      groupPagesShares: plan.groupPagesShares,
      writeShare: plan.writeShare,
      invalidGroupShare: plan.invalidGroupShare,
      windowPages: layout.windowPages,
      racing: plan.unmap === 'racing',
      seed: plan.seed,
    },
  });
  const chores = new WordQueue(memory.chores, CHORE.words);
  return { plan, hooks, memory, unit, bonds, fleet, threads, chores };
}

/** The driver's rules as the data plane reads them. */
function quirkFlags({ rules, unlinksBeforeAnswer }: Driver): number {
  return (
    (rules.matchPartialsBy === 'index' ? MATCH_PARTIALS_BY_INDEX : 0) |
    (rules.answerPartialsWithoutHandler ? ANSWER_PARTIALS_WITHOUT_HANDLER : 0) |
    (rules.discardOnOverflow ? 0 : KEEP_PARTIALS_ON_OVERFLOW) |
    (rules.cancelPartialsOnReject ? 0 : REJECT_STRANDS_PARTIALS) |
    (unlinksBeforeAnswer ? 0 : ANSWER_BEFORE_UNLINK)
  );
}
