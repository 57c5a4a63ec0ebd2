/**
 * Explore scenario: a world by name, made of the driver it is to be explored with.
 */
import type { Driver } from '../../actors/driver.ts';
import { PASID_FLUSH } from '../../actors/pasid-flush.ts';
import type { World } from '../../explore/world.ts';

/** What a scenario counts, as a table; a number that is one everywhere is said as one. */
export type Figures = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
};

export type ExploreScenario = {
  /** As the command line and traces name it. */
  readonly name: string;
  readonly title: string;
  /** What happens in it, for a list. */
  readonly sentence: string;
  /**
   * Drivers it can be asked with, the one that is meant when none is named first: those of VT-d unless told. None: it
   * runs no driver's lists, and naming a driver or a quirk would mean nothing.
   */
  readonly drivers?: readonly string[];
  readonly world: (driver: Driver) => World;
  /** Numbers that are its point, beside the verdict. */
  readonly figures?: () => Figures;
  /** The same with less in it, smallest first: what a found trace is tried on when it is minimised. */
  readonly smaller?: () => readonly ExploreScenario[];
};

/** A unit's drivers: the repaired one, that of Linux 7.3, and the repaired one that flushes a PASID alone. */
export const driversOfUnit = (unit: string): readonly string[] => [
  unit,
  `${unit}@7.3`,
  `${unit}${PASID_FLUSH}`,
];

export const driversOf = ({ drivers }: ExploreScenario): readonly string[] =>
  drivers ?? driversOfUnit('vtd');
