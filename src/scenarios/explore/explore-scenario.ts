/**
 * Explore scenario: a world by name, made of the driver it is to be explored with.
 */
import type { Driver } from '../../actors/driver.ts';
import type { World } from '../../explore/world.ts';

export type ExploreScenario = {
  /** As the command line and traces name it. */
  readonly name: string;
  readonly title: string;
  /** What happens in it, for a list. */
  readonly sentence: string;
  /** It runs no driver's lists: naming a driver or a quirk would mean nothing. */
  readonly withoutDriver?: true;
  readonly world: (driver: Driver) => World;
  /** The same with less in it, smallest first: what a found trace is tried on when it is minimised. */
  readonly smaller?: () => readonly ExploreScenario[];
};
