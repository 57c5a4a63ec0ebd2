/**
 * Race run: the searches of some races, each made once, and what they say of each race together.
 *
 * Policy: where the searches run is the caller's. Results come in the order of the races, whatever ends first.
 */
import type { Race } from './race.ts';
import { jobKey, type RaceFinding, type RaceJob } from './race-search.ts';

export type RunSearch = (job: RaceJob) => Promise<RaceFinding>;

/** Where searches are made. */
export type RaceSearches = {
  readonly run: RunSearch;
  /** Gives back what the searches were made with. */
  readonly stop: () => Promise<void>;
};

/** Searches on `workers` threads; what is aborted ends, interrupted. `counted` hears of stored states now and then. */
export type StartSearches = (
  workers: number,
  signal: AbortSignal,
  counted?: (job: RaceJob, states: number) => void,
) => Promise<RaceSearches>;

export type ExperimentResult = {
  readonly place: number;
  readonly withQuirks: RaceFinding;
  readonly without: RaceFinding;
};

export type RaceResult = {
  readonly race: Race;
  /** Empty unless the race is modelled. */
  readonly experiments: readonly ExperimentResult[];
};

/**
 * Confirmed: the defect is found with its quirks and nothing without. Unknown: a limit came first. Refuted: neither,
 * which is a fault of the model, of the entry, or of both.
 */
export type Verdict = 'confirmed' | 'refuted' | 'unknown';

export type RaceRunHooks = {
  readonly run: RunSearch;
  /** Called when a search has ended. */
  readonly ended: (progress: {
    readonly done: number;
    readonly of: number;
    readonly race: string;
  }) => void;
  /** Called when all searches of a race have ended. */
  readonly judged?: (result: RaceResult) => void;
};

export async function runRaces(
  races: readonly Race[],
  statesMax: number,
  { run, ended, judged }: RaceRunHooks,
): Promise<readonly RaceResult[]> {
  const searches = new Map<string, Promise<RaceFinding>>();
  let done = 0;
  const search = (job: RaceJob): Promise<RaceFinding> => {
    const key = jobKey(job);
    const known = searches.get(key);
    if (known !== undefined) return known;
    const finding = run(job).then((found) => {
      done += 1;
      ended({ done, of: searches.size, race: job.race });
      return found;
    });
    searches.set(key, finding);
    return finding;
  };
  const results = races.map(async (race): Promise<RaceResult> => {
    if (race.status !== 'modelled') return { race, experiments: [] };
    const experiments = race.experiments.map(async (_, place): Promise<ExperimentResult> => {
      const job = { race: race.id, experiment: place, statesMax };
      const [withQuirks, without] = await Promise.all([
        search({ ...job, with: 'quirks' }),
        search({ ...job, with: 'nothing' }),
      ]);
      return { place, withQuirks, without };
    });
    const result = { race, experiments: await Promise.all(experiments) };
    judged?.(result);
    return result;
  });
  return Promise.all(results);
}

/** Whether the quirks do what the experiment says they do; undefined: a limit came first. */
export function isReproduced(
  race: Race,
  { place, withQuirks }: ExperimentResult,
): boolean | undefined {
  const expects = race.status === 'modelled' ? race.experiments[place]?.expects : undefined;
  if (withQuirks.kind === 'limited') return undefined;
  return expects?.kind === 'breaks'
    ? withQuirks.kind === 'violated' && withQuirks.property === expects.property
    : withQuirks.kind === 'clean';
}

/** Whether nothing is wrong without the quirks; undefined: a limit came first. */
export const isCleanWithout = ({ without }: ExperimentResult): boolean | undefined =>
  without.kind === 'limited' ? undefined : without.kind === 'clean';

/** Undefined: it was not run. */
export function verdictOf({ race, experiments }: RaceResult): Verdict | undefined {
  if (experiments.length === 0) return undefined;
  const answers = experiments.flatMap((result) => [
    isReproduced(race, result),
    isCleanWithout(result),
  ]);
  if (answers.includes(false)) return 'refuted';
  return answers.includes(undefined) ? 'unknown' : 'confirmed';
}
