/**
 * Unit world: one unit with its real machines, made of a scenario and a driver. Who may take which step is in
 * `threads`, `operations`, `device-path`, `report-path`, `mm-path` and `hardware`; what must never be, in `observers`.
 */
import type { Driver } from '../../../actors/driver.ts';
import type { World } from '../../../explore/world.ts';
import { columnsOf } from './columns.ts';
import { deviceParts } from './device-path.ts';
import { hardwareParts } from './hardware.ts';
import { type Kinds, kindsOf } from './kinds.ts';
import { addressSpaceParts } from './mm-path.ts';
import { goalsOf, propertiesOf, sightingsOf } from './observers/properties.ts';
import { TOLD_BY_WIRING } from './observers/table.ts';
import { operationParts } from './operations.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan-terms.ts';
import { reportParts } from './report-path.ts';
import type { UnitScenario } from './scenario.ts';
import { started } from './start.ts';
import { threadParts } from './threads.ts';

/** What others add to the world of a unit: machines of their own, and what must be true of them. */
export type Joins = (plan: Plan, kinds: Kinds) => Omit<World, 'name'>;

const NOTHING: Joins = () => ({ parts: [] });

/** The world of a scenario on the unit of a driver; caller's duty: the scenario names that unit. */
export function unitWorld(driver: Driver, scenario: UnitScenario, joins = NOTHING): World {
  const plan = planOf(driver, scenario);
  const kinds = kindsOf(plan);
  const joined = joins(plan, kinds);
  const parts = [
    ...threadParts(plan, kinds),
    ...operationParts(plan, kinds),
    ...deviceParts(plan, kinds),
    ...reportParts(plan, kinds),
    ...addressSpaceParts(plan, kinds),
    ...hardwareParts(plan, kinds),
    ...joined.parts,
  ];
  return {
    name: `${scenario.name}, ${driver.name}`,
    before: [...started(plan, kinds), ...(joined.before ?? [])],
    properties: [...propertiesOf(plan, kinds), ...(joined.properties ?? [])],
    goals: [...goalsOf(plan, kinds), ...(joined.goals ?? [])],
    tells: TOLD_BY_WIRING,
    sightings: [...sightingsOf(plan, kinds), ...(joined.sightings ?? [])],
    parts: parts.filter(({ kind }) => kind.inputs.length > 0),
    columns: { ...columnsOf(plan, kinds), ...joined.columns },
  };
}
