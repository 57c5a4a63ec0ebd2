/**
 * What the searches of a race say together, and that nothing is called clean that isn't known to be.
 */
import { describe, expect, it } from 'vitest';

import { lastPut } from '../../../../src/scenarios/explore/lifetime/scenarios.ts';
import { harmless, type Race } from '../../../../src/scenarios/races/race.ts';
import { racesHere } from '../../../../src/scenarios/races/race-here.ts';
import { runRaces, verdictOf } from '../../../../src/scenarios/races/race-run.ts';
import { type RaceFinding, runRaceJob } from '../../../../src/scenarios/races/race-search.ts';
import { raceNamed, ranAlone } from './races-of.ts';

const CLEAN: RaceFinding = {
  kind: 'clean',
  property: undefined,
  sentence: undefined,
  states: 9,
  transitions: 9,
  trace: undefined,
};
const BROKEN: RaceFinding = { ...CLEAN, kind: 'violated', property: 'S8', sentence: 'touched' };
const LIMITED: RaceFinding = {
  ...CLEAN,
  kind: 'limited',
  sentence: 'the limit of states was reached',
};
const REFUSED: RaceFinding = { ...CLEAN, kind: 'refused', sentence: 'it has invoke' };

const race = raceNamed('amd-v2-waker-touches-freed');
/** Its space takes more than one slice. */
const LARGE = 'iopf-remove-before-drain';

async function verdictWith(withQuirks: RaceFinding, without: RaceFinding) {
  const run = async (job: { readonly with: string }) =>
    job.with === 'quirks' ? withQuirks : without;
  const [result] = await runRaces([race], 1, { run, ended: () => {} });
  return result && verdictOf(result);
}

describe('a verdict', () => {
  it.each([
    { case: 'found, and clean without', with: BROKEN, without: CLEAN, verdict: 'confirmed' },
    { case: 'not found', with: CLEAN, without: CLEAN, verdict: 'refuted' },
    {
      case: 'found by another property',
      with: { ...BROKEN, property: 'S6' },
      without: CLEAN,
      verdict: 'refuted',
    },
    { case: 'broken without its quirks', with: BROKEN, without: BROKEN, verdict: 'refuted' },
    { case: 'limited with its quirks', with: LIMITED, without: CLEAN, verdict: 'unknown' },
    { case: 'limited without them', with: BROKEN, without: LIMITED, verdict: 'unknown' },
    { case: 'refused', with: REFUSED, without: CLEAN, verdict: 'refuted' },
    { case: 'limited and broken', with: LIMITED, without: BROKEN, verdict: 'refuted' },
  ])('of a race that is $case is $verdict', async ({ with: on, without, verdict }) => {
    expect(await verdictWith(on, without)).toBe(verdict);
  });

  it('is none for a race that is pending', async () => {
    const pending: Race = { ...race, status: 'pending', lacks: 'an object' };
    expect(verdictOf(await ranAlone(pending))).toBeUndefined();
  });

  it('is not known when the search gives up', async () => {
    expect(verdictOf(await ranAlone(race, 1))).toBe('unknown');
  });

  it('asks a pair of quirks that hide each other to be clean', async () => {
    const pair: Race = {
      ...race,
      status: 'modelled',
      experiments: [harmless(lastPut, ['wakes-after-put'])],
    };
    const run = async (job: { readonly with: string }) => (job.with === 'quirks' ? BROKEN : CLEAN);
    const [result] = await runRaces([pair], 1, { run, ended: () => {} });
    expect(result && verdictOf(result)).toBe('refuted');
  });
});

describe('a run', () => {
  it('makes a search once that two experiments share', async () => {
    const made: string[] = [];
    await runRaces([raceNamed('mm-release-leaves-entry-live')], 1_000_000, {
      run: async (job) => {
        made.push(`${job.experiment} with ${job.with}`);
        return runRaceJob(job);
      },
      ended: () => {},
    });
    expect(made.sort()).toEqual(['0 with nothing', '0 with quirks', '1 with quirks']);
  });

  it('is interrupted in the pause after an abort, and no search begins any more', async () => {
    const abort = new AbortController();
    const counts: number[] = [];
    const searches = racesHere(abort.signal, (_, states) => {
      counts.push(states);
      abort.abort();
    });
    const job = { race: LARGE, experiment: 0, with: 'nothing', statesMax: 1e6 } as const;
    const found = await Promise.all([searches.run(job), searches.run(job)]);
    expect(found.map(({ sentence }) => sentence)).toEqual(['interrupted', 'interrupted']);
    expect(counts.length).toBe(1);
    await searches.stop();
  });

  it('finds here what it finds at once', async () => {
    const searches = racesHere(new AbortController().signal);
    const job = { race: LARGE, experiment: 0, with: 'quirks', statesMax: 1e6 } as const;
    expect(await searches.run(job)).toEqual(runRaceJob(job));
    await searches.stop();
  });

  it('says of a world in which its sighting is never met that it is not known', () => {
    const job = {
      race: 'kernel-va-table-freed',
      experiment: 0,
      with: 'nothing',
      statesMax: 5,
    } as const;
    expect(runRaceJob(job)).toMatchObject({
      kind: 'limited',
      sentence: 'the limit of states was reached',
    });
  });
});
