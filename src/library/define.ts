/**
 * Define: a user's drivers and scenarios, checked when they are defined.
 */
import { type DriverDefinition, type OwnDriver, ownDriver } from '../scenarios/own/own-driver.ts';
import {
  type OwnScenario,
  ownScenario,
  type ScenarioDefinition,
} from '../scenarios/own/own-scenario.ts';
import { expectGood } from '../scenarios/stormdrain-error.ts';

/**
 * A driver of your own: the lists of another, some of them replaced, with steps of your own if need be.
 *
 * @throws StormdrainError for the first mistake in the definition, as one sentence.
 */
export const defineDriver = <const Step extends string = never>(
  definition: DriverDefinition<Step>,
): OwnDriver => expectGood(ownDriver(definition));

/**
 * A scenario of your own: devices, processes and threads around an IOMMU, or machines alone, or both.
 *
 * @throws StormdrainError for the first mistake in the definition, as one sentence.
 */
export const defineScenario = (definition: ScenarioDefinition): OwnScenario =>
  expectGood(ownScenario(definition));
