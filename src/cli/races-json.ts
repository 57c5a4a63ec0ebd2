/**
 * The JSON of the race catalogue and of its run: the contract other programs read. Fields may be added, never taken
 * away.
 */
import { quirksOf, type Race } from '../scenarios/races/race.ts';
import {
  isCleanWithout,
  isReproduced,
  type RaceResult,
  verdictOf,
} from '../scenarios/races/race-run.ts';

/** One object, plain data; schema `stormdrain.races/1`. */
export const racesJson = (races: readonly Race[]) => ({
  schema: 'stormdrain.races/1',
  races: races.map((race) => ({
    id: race.id,
    title: race.title,
    reference: race.reference,
    grade: race.grade,
    status: race.status,
    ...(race.status === 'pending' ? { lacks: race.lacks } : {}),
    ...(race.status === 'not-explored' ? { why: race.why } : {}),
    properties: race.properties,
    quirks: quirksOf(race),
    depth: race.depth,
    weakMemory: race.weakMemory === true,
    smallest: race.smallest,
    scenarios:
      race.status === 'modelled'
        ? [...new Set(race.experiments.map(({ scenario }) => scenario.name))]
        : [],
  })),
});

export type RacesRun = {
  readonly results: readonly RaceResult[];
  readonly statesMax: number;
  readonly elapsedSeconds: number;
  readonly interrupted: boolean;
};

/**
 * One object, plain data; schema `stormdrain.races-run/1`. Two runs differ in `elapsedSeconds` and in nothing else.
 * Null: not known, or not run.
 */
export const racesRunJson = ({ results, statesMax, elapsedSeconds, interrupted }: RacesRun) => ({
  schema: 'stormdrain.races-run/1',
  statesMax,
  elapsedSeconds,
  interrupted,
  races: results.map(raceJson),
});

/** What a race as a whole says is what its experiments say together; figures are the first one's. */
function raceJson(result: RaceResult) {
  const { race, experiments } = result;
  const [first] = experiments;
  return {
    id: race.id,
    status: race.status,
    ...(race.status === 'pending' ? { lacks: race.lacks } : {}),
    ...(race.status === 'not-explored' ? { why: race.why } : {}),
    verdict: verdictOf(result) ?? null,
    reproduced: together(experiments.map((each) => isReproduced(race, each))),
    property: first?.withQuirks.property ?? null,
    steps: first?.withQuirks.trace?.steps.length ?? null,
    statesToBug: first?.withQuirks.states ?? null,
    cleanWithout: together(experiments.map(isCleanWithout)),
    cleanComplete: together(experiments.map(({ without }) => without.kind === 'clean')),
    statesClean: first?.without.states ?? null,
    experiments: experiments.map((each) => {
      const { place, withQuirks, without } = each;
      const experiment = race.status === 'modelled' ? race.experiments[place] : undefined;
      return {
        name: experiment?.name ?? null,
        scenario: experiment?.scenario.name ?? null,
        driver: experiment?.driver ?? null,
        quirks: experiment?.quirks ?? [],
        expected: experiment?.expects ?? null,
        aside: experiment?.aside ?? null,
        reproduced: isReproduced(race, each) ?? null,
        property: withQuirks.property ?? null,
        message: withQuirks.sentence ?? null,
        steps: withQuirks.trace?.steps.length ?? null,
        statesToBug: withQuirks.states,
        cleanWithout: isCleanWithout(each) ?? null,
        cleanComplete: without.kind === 'clean',
        withoutProperty: without.property ?? null,
        withoutMessage: without.sentence ?? null,
        statesClean: without.states,
        transitionsClean: without.transitions,
      };
    }),
  };
}

/** False when one is; null when none is, but one is not known. */
function together(answers: readonly (boolean | undefined)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.length === 0 || answers.includes(undefined) ? null : true;
}
