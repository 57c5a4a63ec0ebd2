/** Experiments of the catalogue that run in given scenarios, and the world of each with its defect and without. */
import type { World } from '../../../../src/explore/world.ts';
import type { ExploreScenario } from '../../../../src/scenarios/explore/explore-scenario.ts';
import { RACES } from '../../../../src/scenarios/races/catalogue.ts';
import { vtdDriver } from './left-out.ts';

export type PlacedExperiment = {
  /** The race, and what this experiment shows when the race has several. */
  readonly name: string;
  /** What the defect breaks. */
  readonly property: string;
  readonly world: (defective: boolean) => World;
};

export const experimentsIn = (scenarios: readonly ExploreScenario[]): readonly PlacedExperiment[] =>
  RACES.flatMap((race) =>
    race.status !== 'modelled'
      ? []
      : race.experiments.flatMap(({ name, scenario, quirks, expects }) =>
          scenarios.includes(scenario) && expects.kind === 'breaks'
            ? [
                {
                  name: name === undefined ? race.id : `${race.id}, ${name}`,
                  property: expects.property,
                  world: (defective: boolean) =>
                    scenario.world(vtdDriver(...(defective ? quirks : []))),
                },
              ]
            : [],
        ),
  );
