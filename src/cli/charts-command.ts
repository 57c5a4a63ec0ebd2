/**
 * The `charts` command: draws machines and writes their charts, or prints one.
 *
 * Effects: reads coverage files and traces, writes charts.
 */
import { join } from 'node:path';
import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { type KnownNames, noSuchName } from '../scenarios/known-names.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import type { Chart } from '../viz/chart.ts';
import { chartCatalogue, type Drawn, drawnChart, namesOf } from '../viz/chart-catalogue.ts';
import { chartFileName } from '../viz/chart-format.ts';
import { chartIndex } from '../viz/chart-index.ts';
import { chartCoverage, coverageSummary } from '../viz/coverage-summary.ts';
import { drawnAs } from '../viz/drawn-chart.ts';
import { heatedChart } from '../viz/heated-chart.ts';
import type { ChartsArguments } from './charts-arguments.ts';
import { heatedCharts } from './charts-heat.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

const OUT_DEFAULT = 'charts';

type Planned = { readonly drawn: Drawn; readonly chart: Chart };

type Plan = {
  readonly planned: readonly Planned[];
  /** With heat: machines of its files that have no chart. */
  readonly without: readonly string[] | undefined;
};

export type ChartsEnvironment = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly known: KnownNames;
  readonly scenarios: () => Promise<readonly ExploreScenario[]>;
};

export async function chartsCommand(
  charts: ChartsArguments,
  environment: ChartsEnvironment,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr } = environment;
  if (charts.list) {
    const catalogue = chartCatalogue();
    stdout.write(charts.json ? listJson(catalogue) : catalogueList(catalogue));
    return ok(EXIT.fine);
  }
  const found = await plan(charts, environment);
  if (!found.ok) return found;
  const { planned, without } = found.value;
  const coverage = without === undefined ? [] : planned.map(({ chart }) => chartCoverage(chart));
  const options = charts.theme === undefined ? {} : { theme: charts.theme };
  const textOf = ({ drawn, chart }: Planned): Promise<string> =>
    drawnAs(charts.format, chart, drawn.machine, options);

  const [only, ...others] = planned;
  if (charts.out === undefined && !charts.json && only !== undefined && others.length === 0) {
    stdout.write(await textOf(only));
    stderr.write(coverageSummary(coverage));
    return ok(EXIT.fine);
  }
  const folder = charts.out ?? OUT_DEFAULT;
  const made = await makeFolder(folder);
  if (!made.ok) return made;
  const files: string[] = [];
  const write = async (name: string, text: string): Promise<Result<undefined, BadInput>> => {
    const file = join(folder, name);
    files.push(file);
    return writeWholeFile(file, text);
  };
  for (const each of planned) {
    const name = chartFileName(each.drawn.name, charts.format);
    const written = await write(name, await textOf(each));
    if (!written.ok) return written;
  }
  if (charts.index) {
    const written = await write('README.md', chartIndex(planned.map(({ drawn }) => drawn)));
    if (!written.ok) return written;
  }
  if (charts.json) {
    const taken = without === undefined ? {} : { coverage, without };
    const { format } = charts;
    stdout.write(`${JSON.stringify({ schema: 'stormdrain.charts/1', format, files, ...taken })}\n`);
    return ok(EXIT.fine);
  }
  stdout.write(`${files.length} ${files.length === 1 ? 'file' : 'files'} in ${folder}\n`);
  stdout.write(coverageSummary(coverage));
  if (without !== undefined && without.length > 0) {
    stdout.write(`without a chart: ${without.join(', ')}\n`);
  }
  return ok(EXIT.fine);
}

/** Everything that can be wrong is found here, before anything is written. */
async function plan(
  { machines, heat }: ChartsArguments,
  environment: ChartsEnvironment,
): Promise<Result<Plan, BadInput>> {
  const catalogue = chartCatalogue();
  if (heat.length === 0) {
    const wanted = chosen(machines, catalogue);
    if (!wanted.ok) return wanted;
    const planned = wanted.value.map((drawn) => ({ drawn, chart: drawnChart(drawn) }));
    return ok({ planned, without: undefined });
  }
  const scenarios = await environment.scenarios();
  const heated = await heatedCharts(heat, catalogue, { known: environment.known, scenarios });
  if (!heated.ok) return heated;
  const { charts, without } = heated.value;
  const wanted = chosen(machines, heated.value.catalogue);
  if (!wanted.ok) return wanted;
  // Without a choice, what the files cover is what is meant; a machine that is asked for was never in them.
  const planned = wanted.value.flatMap((drawn): readonly Planned[] => {
    const chart = charts.get(drawn.name);
    if (chart !== undefined) return [{ drawn, chart }];
    return machines.length > 0 ? [{ drawn, chart: untouched(drawn) }] : [];
  });
  return ok({ planned, without });
}

/** Nothing of it was ever taken. */
function untouched(drawn: Drawn): Chart {
  const heated = heatedChart(drawnChart(drawn), { transitions: [] });
  invariant(heated.ok, 'no counts are of no stranger');
  return heated.value;
}

function chosen(
  names: readonly string[],
  catalogue: readonly Drawn[],
): Result<readonly Drawn[], BadInput> {
  if (names.length === 0) return ok(catalogue);
  const found: Drawn[] = [];
  for (const name of names) {
    const drawn = catalogue.find((each) => each.name === name || each.aliases.includes(name));
    if (drawn === undefined) return err(noSuchName('machine', name, namesOf(catalogue)));
    if (!found.includes(drawn)) found.push(drawn);
  }
  return ok(found);
}

const catalogueList = (catalogue: readonly Drawn[]): string =>
  catalogue
    .map(({ name, aliases }) =>
      aliases.length === 0 ? `${name}\n` : `${name}   (also ${aliases.join(', ')})\n`,
    )
    .join('');

const listJson = (catalogue: readonly Drawn[]): string =>
  `${JSON.stringify({
    schema: 'stormdrain.charts-list/1',
    machines: catalogue.map(({ name, aliases }) => ({ name, aliases })),
  })}\n`;
