/**
 * Stormdrain: everything that `import … from 'stormdrain'` has.
 */

export type { RecordedTrace } from '../explore/recorded-trace.ts';
export { anyOf, call, offer, offerFrom, where } from '../explore/wiring.ts';
export { actor, object } from '../explore/world.ts';
export { openIommufd } from '../iommufd/open-iommufd.ts';
export { effect, question } from '../machines/wiring-types.ts';
export { flags } from '../scenarios/explore/flag.ts';
export type { ExploreResult } from '../scenarios/explore-json.ts';
export type { DriverDefinition, OwnDriver } from '../scenarios/own/own-driver.ts';
export type {
  Claim,
  Machines,
  OwnScenario,
  ScenarioDefinition,
  Unit,
} from '../scenarios/own/own-scenario.ts';
export type { StepDefinition } from '../scenarios/own/own-step.ts';
export type { ReplayResult } from '../scenarios/replay-json.ts';
export type { StormJson as StormResult } from '../scenarios/storm-json.ts';
export { StormdrainError } from '../scenarios/stormdrain-error.ts';
export { columnsOf as columns } from '../viz/columns.ts';
export { defineDriver, defineScenario } from './define.ts';
export type { ExploreOptions } from './explore.ts';
export { explore } from './explore.ts';
export { held, slots } from './machines.ts';
export type { ReplayOptions } from './replay.ts';
export { replay } from './replay.ts';
export type { StormOptions } from './storm.ts';
export { storm } from './storm.ts';
export type { ThreadStep } from './threads.ts';
export { threads } from './threads.ts';
