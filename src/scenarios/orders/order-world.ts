/**
 * Order world: a small world in which one operation of a driver is told its steps in every order.
 *
 * Policy: worlds are small, for each is gone through under all orders at once; each is there for what the others do not
 *         see. The operation runs in it once.
 */
import type { Driver } from '../../actors/driver.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import type { UnitScenario } from '../explore/unit/scenario.ts';
import { unitWorld } from '../explore/unit/world.ts';
import { accounted } from '../races/accounted.ts';

export type Vendor = 'vtd' | 'amd' | 'smmuv3';

export type OrderWorld = {
  readonly scenario: ExploreScenario;
  /** Name of the part that runs the operation's list. */
  readonly part: string;
  /** Whose hardware it is about; all unless told. */
  readonly vendors: readonly Vendor[];
};

export const VENDORS: readonly Vendor[] = ['vtd', 'amd', 'smmuv3'];

/** Whose driver it is, whatever version, and whatever it is called. */
export const vendorOf = ({ unit }: Pick<Driver, 'unit'>): Vendor | undefined =>
  VENDORS.find((vendor) => vendor === unit);

/** A world of a unit, in which the part is named as the operation. */
export const ofUnit = (
  part: string,
  scenario: UnitScenario,
  vendors: readonly Vendor[] = VENDORS,
): OrderWorld => ({
  part,
  vendors,
  scenario: {
    name: scenario.name,
    title: scenario.sentence,
    sentence: scenario.sentence,
    world: (driver) => unitWorld(driver, scenario),
  },
});

/** The same, and what is left when it is over is counted. */
export const counted = (
  part: string,
  scenario: UnitScenario,
  vendors: readonly Vendor[] = VENDORS,
): OrderWorld => ({ part, vendors, scenario: accounted(scenario) });
