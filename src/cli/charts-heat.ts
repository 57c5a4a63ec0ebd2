/**
 * Charts' heat: counts of transitions from coverage files and traces, put into the charts they are of.
 *
 * Policy: counts of several files are added up. Of a run, machines that the catalogue has no chart of (channels, what
 *         watches, a scenario's own lists) are passed over and named; in a file of single machines they are a mistake.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { MachineCounts, TransitionCount } from '../core/transition-counts.ts';
import { refusalSentence } from '../explore/refusal.ts';
import { traceCounts } from '../explore/trace-counts.ts';
import type { BadInput, Place } from '../scenarios/bad-input.ts';
import type { Covered } from '../scenarios/coverage-file.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { foundScenario } from '../scenarios/found-scenario.ts';
import { readHeatFile } from '../scenarios/heat-file.ts';
import { type KnownNames, noSuchName, unknownName } from '../scenarios/known-names.ts';
import { type Chart, statesWithin } from '../viz/chart.ts';
import { type Drawn, drawnChart, driverOperations, namesOf } from '../viz/chart-catalogue.ts';
import { heatedChart } from '../viz/heated-chart.ts';

export type HeatedCharts = {
  /** The catalogue, and operations of drivers with the quirks of a run. */
  readonly catalogue: readonly Drawn[];
  /** Heated, by name; machines no file tells of are not there. */
  readonly charts: ReadonlyMap<string, Chart>;
  /** Machines of a run that have no chart. */
  readonly without: readonly string[];
};

type Lent = { readonly known: KnownNames; readonly scenarios: readonly ExploreScenario[] };

/** Reads all of `files`. */
export async function heatedCharts(
  files: readonly string[],
  catalogue: readonly Drawn[],
  lent: Lent,
): Promise<Result<HeatedCharts, BadInput>> {
  const charts = new Map<string, Chart>();
  const without = new Set<string>();
  let known = catalogue;
  for (const file of files) {
    const covered = await coveredBy(file, lent);
    if (!covered.ok) return covered;
    for (const each of covered.value) {
      const place: Place = { kind: 'coverage', file, line: undefined };
      const extended = withDriver(known, each, lent.known, place);
      if (!extended.ok) return extended;
      known = extended.value;
      const drawn = drawnFor(each, known);
      if (drawn === undefined && each.run === undefined) {
        return err(noSuchName('machine', each.machine, namesOf(catalogue)));
      }
      const chart = drawn && (charts.get(drawn.name) ?? drawnChart(drawn));
      const heated = chart && heatedChart(chart, { transitions: renamed(each, chart) });
      if (drawn !== undefined && heated?.ok === true) {
        charts.set(drawn.name, heated.value);
      } else if (each.run === undefined && chart !== undefined && heated?.ok === false) {
        return err(noSuchTransition(heated.error, chart, place));
      } else {
        without.add(each.machine);
      }
    }
  }
  return ok({ catalogue: known, charts, without: [...without] });
}

async function coveredBy(
  file: string,
  { known, scenarios }: Lent,
): Promise<Result<readonly Covered[], BadInput>> {
  const read = await readHeatFile(file);
  if (!read.ok) return read;
  if (read.value.kind === 'coverage') return ok(read.value.covered);
  const { trace } = read.value;
  const place: Place = { kind: 'trace', file, line: undefined };
  const found = foundScenario(trace, scenarios, known, place);
  if (!found.ok) return found;
  const counted = traceCounts(found.value.worldOf(found.value.scenario), trace);
  if (!counted.ok) {
    const { error } = counted;
    const reason =
      error.code === 'lost-step'
        ? `step ${error.step} of ${trace.steps.length} is not open any more`
        : refusalSentence(error);
    return err({ code: 'stale-trace', file, reason });
  }
  const run = { driver: trace.driver ?? null, quirks: trace.quirks };
  return ok(counted.value.kinds.map((each) => ({ ...each, run })));
}

/** With the operations of the driver that ran, if they are not among those of any driver without quirks. */
function withDriver(
  catalogue: readonly Drawn[],
  { run }: Covered,
  known: KnownNames,
  place: Place,
): Result<readonly Drawn[], BadInput> {
  const driver = run?.driver ?? undefined;
  if (run === undefined || driver === undefined || run.quirks.length === 0) return ok(catalogue);
  const stranger =
    unknownName('driver', driver, known.drivers, place) ??
    run.quirks
      .map((quirk) => unknownName('quirk', quirk, known.quirks, place))
      .find((fault) => fault !== undefined);
  if (stranger !== undefined) return err(stranger);
  const more = driverOperations(driver, run.quirks);
  const names = new Set(namesOf(catalogue));
  return ok([...catalogue, ...more.filter(({ name }) => !names.has(name))]);
}

/** By its own name, or as an operation of the driver that ran. */
function drawnFor({ machine, run }: Covered, catalogue: readonly Drawn[]): Drawn | undefined {
  const names = [machine];
  if (typeof run?.driver === 'string') {
    names.push(`${[run.driver, ...run.quirks].join('+')} ${machine}`);
  }
  return catalogue.find(
    ({ name, aliases }) => names.includes(name) || aliases.some((alias) => names.includes(alias)),
  );
}

/** Operations with the same steps share a chart, whose states are called after the first of them. */
function renamed({ machine, transitions }: MachineCounts, { root }: Chart): TransitionCount[] {
  const own = machine.split(' ').at(-1) ?? machine;
  return transitions.map((each) => {
    const isOwn = each.from === own || each.from.startsWith(`${own}.`);
    return isOwn ? { ...each, from: root.id + each.from.slice(own.length) } : each;
  });
}

function noSuchTransition(
  { from, event, index }: TransitionCount,
  { root }: Chart,
  place: Place,
): BadInput {
  const known = statesWithin(root).flatMap((state) => state.transitions.map(({ id }) => id));
  const name = `${from} ${event === '' ? 'always' : event} ${index}`;
  return noSuchName('transition', name, known, place);
}
