/** What a search of a driver with a step left out comes to. */
import type { Driver, OperationName } from '../../../../src/actors/driver.ts';
import { driverWith } from '../../../../src/actors/drivers.ts';
import { explore } from '../../../../src/explore/search.ts';
import type { ExploreScenario } from '../../../../src/scenarios/explore/explore-scenario.ts';
import { LEFT_OUT_STEPS } from '../../../../src/scenarios/races/left-out-steps.ts';

export const OPERATIONS: readonly OperationName[] = [
  'unbind-sva',
  'detach-pasid',
  'detach-rid',
  'replace-pasid',
  'replace-rid',
  'mm-release',
  'mm-invalidate',
];

export const UNNOTICED = LEFT_OUT_STEPS.filter(({ noticed }) => !('in' in noticed));

export function vtdDriver(...quirks: readonly string[]): Driver {
  const built = driverWith('vtd', quirks);
  if (!built.ok) throw new Error(built.error.code);
  return built.value;
}

/** The property that is broken, `deadlock`, or how the search ended; `judged` is the one property to look at. */
export function toldOf(scenario: ExploreScenario, driver: Driver, judged?: string): string {
  const judges = judged !== undefined && /^[SL]/.test(judged);
  const bounds = judges ? { properties: [judged], mayDeadlock: true } : {};
  const explored = explore(scenario.world(driver), { statesMax: 500_000, ...bounds });
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  const outcome = explored.value;
  if (outcome.kind === 'deadlocked') return 'deadlock';
  return outcome.kind === 'violated' ? outcome.violation.property : outcome.kind;
}
