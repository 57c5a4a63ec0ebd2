/**
 * Race traces: the ways to the violations that a run of a race found, each with a name and the world it is a way in.
 */
import { driverWith } from '../../actors/drivers.ts';
import { invariant } from '../../core/invariant.ts';
import type { RecordedTrace } from '../../explore/recorded-trace.ts';
import type { Experiment } from '../../scenarios/races/race.ts';
import type { RaceResult } from '../../scenarios/races/race-run.ts';
import type { PlayableTrace } from './playable-trace.ts';

/** Ids are the race's, with a number behind it where a race has several. */
export function raceTraces({ race, experiments }: RaceResult): readonly PlayableTrace[] {
  if (race.status !== 'modelled') return [];
  const isAlone = experiments.length === 1;
  return experiments.flatMap(({ place, withQuirks, without }) => {
    const experiment = race.experiments[place];
    invariant(experiment !== undefined, `${race.id} has no experiment ${place}`);
    const title = experiment.name === undefined ? race.title : `${race.title} (${experiment.name})`;
    const number = isAlone ? '' : `.${place + 1}`;
    return [
      ...named(`${race.id}${number}`, title, withQuirks.trace, experiment),
      ...named(`${race.id}${number}.without`, title, without.trace, experiment),
    ];
  });
}

function named(
  id: string,
  title: string,
  trace: RecordedTrace | undefined,
  { scenario, driver }: Experiment,
): readonly PlayableTrace[] {
  if (trace === undefined) return [];
  const built = driverWith(driver, trace.quirks);
  invariant(built.ok, `${id} was found with a driver that does not exist`);
  return [{ title: { id, title, differences: [] }, trace, world: scenario.world(built.value) }];
}
