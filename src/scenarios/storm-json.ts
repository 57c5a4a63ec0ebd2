/** The JSON of a storm: the contract other programs read. Fields may be added, never taken away. */
import type { StormPlan, StormResult } from '../workers/storm-plan.ts';

/** One object, plain data; schema `stormdrain.storm/1`. */
export function stormJson(plan: StormPlan, result: StormResult) {
  const { elapsedSeconds, groups, ...rest } = result;
  return {
    schema: 'stormdrain.storm/1' as const,
    profile: plan.name,
    driver: plan.ownDriver ?? plan.driver,
    quirks: plan.quirks,
    seed: plan.seed,
    devices: plan.devices,
    pasids: plan.pasids,
    workers: plan.workers,
    rate: plan.rate,
    creditsPerDevice: plan.creditsPerDevice,
    ringEntries: plan.ringEntries,
    programs: plan.processes.map(({ program }) => program),
    elapsedSeconds,
    groups,
    groupsPerSecond: elapsedSeconds > 0 ? groups / elapsedSeconds : 0,
    coresUsed: elapsedSeconds > 0 ? rest.cpuSeconds / elapsedSeconds : 0,
    ...rest,
  };
}

/** What a storm came to; schemas/storm.json says what each field is. */
export type StormJson = ReturnType<typeof stormJson>;
