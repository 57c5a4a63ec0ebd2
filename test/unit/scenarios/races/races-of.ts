/** Races run on the thread of the test, as the command runs them on threads of their own. */
import { invariant } from '../../../../src/core/invariant.ts';
import { RACES } from '../../../../src/scenarios/races/catalogue.ts';
import type { Race } from '../../../../src/scenarios/races/race.ts';
import { type RaceResult, runRaces } from '../../../../src/scenarios/races/race-run.ts';
import { runRaceJob } from '../../../../src/scenarios/races/race-search.ts';

export const STATES_MAX = 2_000_000;

export function raceNamed(id: string): Race {
  const race = RACES.find((each) => each.id === id);
  invariant(race !== undefined, `there is no race ${id}`);
  return race;
}

export async function ranAlone(race: Race, statesMax = STATES_MAX): Promise<RaceResult> {
  const [result] = await runRaces([race], statesMax, {
    run: async (job) => runRaceJob(job),
    ended: () => {},
  });
  invariant(result !== undefined, `${race.id} has no result`);
  return result;
}
