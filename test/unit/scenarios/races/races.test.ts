/**
 * Every modelled race: found with its quirks, clean without them in a complete space. All are run at once, so that a
 * search that several share is made once.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import { RACES } from '../../../../src/scenarios/races/catalogue.ts';
import {
  isCleanWithout,
  isReproduced,
  type RaceResult,
  runRaces,
  verdictOf,
} from '../../../../src/scenarios/races/race-run.ts';
import { runRaceJob } from '../../../../src/scenarios/races/race-search.ts';
import { RACE_SCENARIOS } from '../../../../src/scenarios/races/report-scenarios.ts';
import { walkTogether } from '../../explore/lockstep.ts';
import { vtdDriver } from './left-out.ts';
import { STATES_MAX } from './races-of.ts';

const modelled = RACES.filter(({ status }) => status === 'modelled');

describe('a race', () => {
  let results: readonly RaceResult[] = [];
  beforeAll(async () => {
    const run = async (job: Parameters<typeof runRaceJob>[0]) => runRaceJob(job);
    results = await runRaces(modelled, STATES_MAX, { run, ended: () => {} });
  }, 600_000);

  it.each(modelled)('is confirmed: $id', ({ id }) => {
    const result = results.find(({ race }) => race.id === id);
    if (result === undefined) throw new Error(`${id} was not run`);
    const answers = result.experiments.map((each) => ({
      experiment: each.place,
      isReproduced: isReproduced(result.race, each),
      isCleanWithout: isCleanWithout(each),
      found: each.withQuirks.property,
      wrong: each.without.sentence,
    }));
    expect(verdictOf(result), JSON.stringify(answers)).toBe('confirmed');
  });
});

describe('a world of the catalogue alone', () => {
  it.each(RACE_SCENARIOS)('is the same for tables and live actors: $name', ({ world }) => {
    const walked = walkTogether(world(vtdDriver()), { seed: 43, steps: 300, stepsOfWalkMax: 120 });
    expect(walked.steps).toBeGreaterThanOrEqual(300);
    expect(walked.violations).toBe(0);
  });
});
