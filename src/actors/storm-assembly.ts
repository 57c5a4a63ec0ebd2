/**
 * Storm assembly: the parts of a storm, put together from its plan.
 */
import { FIRST_GLOBAL_PASID } from '../core/ids.ts';
import { AddressSpaceWriter } from '../workers/address-space.ts';
import { controlWord } from '../workers/role.ts';
import { flattenScripts } from '../workers/script.ts';
import { CHORE, CONTROL } from '../workers/storm-layout.ts';
import { type StormMemory, stormMemory } from '../workers/storm-memory.ts';
import type { StormHooks, StormPlan } from '../workers/storm-plan.ts';
import type { StormLayout } from '../workers/storm-sizes.ts';
import type { DeviceLoad, ResolverFault } from '../workers/thread-messages.ts';
import { unitKindOf } from '../workers/unit-kind.ts';
import { unitSizes } from '../workers/unit-sizes.ts';
import { WordQueue } from '../workers/word-queue.ts';
import { Changes } from './changes.ts';
import type { Driver } from './driver.ts';
import { driverFlags } from './driver-flags.ts';
import { FrameStore } from './frame-store.ts';
import { FunctionDomains } from './function-domains.ts';
import { IdAllocator } from './id-allocator.ts';
import { AttachmentMachines } from './live-attachment.ts';
import { LiveOperations } from './live-operations.ts';
import { LiveReporting } from './live-reporting.ts';
import { LiveUnit } from './live-unit.ts';
import { StormFleet } from './storm-fleet.ts';
import { StormThreads } from './storm-threads.ts';
import { SvaBonds } from './sva-bonds.ts';
import { liveHardware } from './units/by-kind.ts';

const MORE_THAN_ANY_STORM = Number.MAX_SAFE_INTEGER;

export type StormOptions = {
  /** What a test makes go wrong. */
  readonly resolverFault?: ResolverFault;
  /** A user's driver, in place of the one that the plan names and it is like. */
  readonly driver?: Driver;
};

/** Everything the main path of a storm hands around. */
export type Storm = {
  readonly plan: StormPlan;
  readonly hooks: StormHooks;
  readonly memory: StormMemory;
  /** What its devices offer. */
  readonly load: DeviceLoad;
  readonly unit: LiveUnit;
  readonly bonds: SvaBonds;
  readonly functions: FunctionDomains;
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
  memory.control[controlWord(CONTROL.quirks)] = driverFlags(driver);
  const frames = new FrameStore(memory);
  const hardware = liveHardware(memory, frames, plan.misbehaviour);
  const submitters = { now: hooks.now, timeOut: driver.traits.timeOut };
  const changes = new Changes(memory);
  const { misbehaviour } = plan;
  const unit = new LiveUnit(memory, changes, hardware, hooks.watch, submitters, misbehaviour);
  const operations = new LiveOperations(unit, driver);
  const pasids = new IdAllocator('PASID', FIRST_GLOBAL_PASID, layout.sizes.pasidSpace);
  const reporting = Array.from(
    { length: plan.devices },
    (_, device) => new LiveReporting(device, unit, driver.rules, plan.creditsPerDevice),
  );
  const machines = new AttachmentMachines(unit);
  const functions = new FunctionDomains({ unit, operations, machines, reporting }, driver);
  const bonds = new SvaBonds({ unit, operations, machines, reporting, now: hooks.now });
  frames.open();
  const writers = Array.from(
    { length: layout.sizes.mms },
    (_, mm) => new AddressSpaceWriter(memory, mm),
  );
  const parts = { unit, operations, driver, frames, pasids, writers };
  const fleet = new StormFleet(plan, layout, parts, bonds);
  const load = loadOf(plan, layout);
  const threads = new StormThreads({
    memory,
    workers: plan.workers,
    resolverDelayMicroseconds: plan.resolverDelayMicroseconds,
    fault: options.resolverFault ?? plan.resolverFault,
    load,
  });
  const chores = new WordQueue(memory.chores, CHORE.words);
  return { plan, hooks, memory, load, unit, bonds, functions, fleet, threads, chores };
}

/** The plan's load, in groups as large as the unit can make them. */
function loadOf(plan: StormPlan, { windowPages, activeStreams }: StormLayout): DeviceLoad {
  const most = unitSizes(unitKindOf(plan.driver)).groupPagesMax;
  return {
    rate: plan.rate,
    quantumMicroseconds: plan.quantumMicroseconds,
    burst: plan.burst,
    groups: plan.groups ?? MORE_THAN_ANY_STORM,
    credits: plan.creditsPerDevice,
    groupPagesMin: Math.min(plan.groupPagesMin, most),
    groupPagesMax: Math.min(plan.groupPagesMax, most),
    groupPagesShares: plan.groupPagesMax > most ? undefined : plan.groupPagesShares,
    writeShare: plan.writeShare,
    invalidGroupShare: plan.invalidGroupShare,
    windowPages,
    activeStreams,
    racing: plan.unmap === 'racing',
    seed: plan.seed,
    misbehaviour: plan.misbehaviour,
  };
}
