/**
 * The `charts` command: draws machines and writes their charts, or prints one.
 *
 * Effects: reads the coverage file, writes charts.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { TransitionCounts } from '../core/transition-counts.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { readCoverage } from '../scenarios/coverage-file.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import { type Chart, statesWithin } from '../viz/chart.ts';
import { chartCatalogue, type Drawn, drawnChart } from '../viz/chart-catalogue.ts';
import { chartFileName } from '../viz/chart-format.ts';
import { chartIndex } from '../viz/chart-index.ts';
import { drawnAs } from '../viz/drawn-chart.ts';
import { heatedChart } from '../viz/heated-chart.ts';
import type { ChartsArguments } from './charts-arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

const OUT_DEFAULT = 'charts';

type Planned = { readonly drawn: Drawn; readonly chart: Chart };

export async function chartsCommand(
  charts: ChartsArguments,
  { stdout }: { readonly stdout: Output },
): Promise<Result<ExitCode, BadInput>> {
  const catalogue = chartCatalogue();
  if (charts.list) {
    stdout.write(charts.json ? listJson(catalogue) : catalogueList(catalogue));
    return ok(EXIT.fine);
  }
  const planned = await plan(charts, catalogue);
  if (!planned.ok) return planned;
  const options = charts.theme === undefined ? {} : { theme: charts.theme };
  const textOf = ({ drawn, chart }: Planned): Promise<string> =>
    drawnAs(charts.format, chart, drawn.machine, options);

  const [only, ...others] = planned.value;
  if (charts.out === undefined && !charts.json && only !== undefined && others.length === 0) {
    stdout.write(await textOf(only));
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
  for (const each of planned.value) {
    const name = chartFileName(each.drawn.name, charts.format);
    const written = await write(name, await textOf(each));
    if (!written.ok) return written;
  }
  if (charts.index) {
    const written = await write('README.md', chartIndex(planned.value.map(({ drawn }) => drawn)));
    if (!written.ok) return written;
  }
  stdout.write(
    charts.json
      ? `${JSON.stringify({ schema: 'stormdrain.charts/1', format: charts.format, files })}\n`
      : `${files.length} ${files.length === 1 ? 'file' : 'files'} in ${folder}\n`,
  );
  return ok(EXIT.fine);
}

/** Everything that can be wrong is found here, before anything is written. */
async function plan(
  { machines, heat }: ChartsArguments,
  catalogue: readonly Drawn[],
): Promise<Result<readonly Planned[], BadInput>> {
  const wanted = chosen(machines, catalogue);
  if (!wanted.ok) return wanted;
  if (heat === undefined) {
    return ok(wanted.value.map((drawn) => ({ drawn, chart: drawnChart(drawn) })));
  }
  const coverage = await readCoverage(heat);
  if (!coverage.ok) return coverage;
  const stranger = coverage.value.find(({ machine }) => find(machine, catalogue).length === 0);
  if (stranger !== undefined) return err(noSuchMachine(stranger.machine, catalogue));

  // Without a choice, what the file covers is what is meant.
  const covered = wanted.value.filter(
    (drawn) => machines.length > 0 || coverage.value.some((each) => isOf(each, drawn)),
  );
  const planned: Planned[] = [];
  for (const drawn of covered) {
    const transitions = coverage.value
      .filter((each) => isOf(each, drawn))
      .flatMap((each) => each.transitions);
    const chart = drawnChart(drawn);
    const heated = heatedChart(chart, { transitions });
    if (!heated.ok) {
      const { from, event, index } = heated.error;
      const known = statesWithin(chart.root).flatMap((state) =>
        state.transitions.map(({ id }) => id),
      );
      const place = { kind: 'coverage', file: heat, line: undefined } as const;
      const name = `${from} ${event === '' ? 'always' : event} ${index}`;
      return err(noSuchName('transition', name, known, place));
    }
    planned.push({ drawn, chart: heated.value });
  }
  return ok(planned);
}

function chosen(
  names: readonly string[],
  catalogue: readonly Drawn[],
): Result<readonly Drawn[], BadInput> {
  if (names.length === 0) return ok(catalogue);
  const found: Drawn[] = [];
  for (const name of names) {
    const [drawn] = find(name, catalogue);
    if (drawn === undefined) return err(noSuchMachine(name, catalogue));
    if (!found.includes(drawn)) found.push(drawn);
  }
  return ok(found);
}

const find = (name: string, catalogue: readonly Drawn[]): readonly Drawn[] =>
  catalogue.filter((drawn) => drawn.name === name || drawn.aliases.includes(name));

const isOf = ({ machine }: TransitionCounts, drawn: Drawn): boolean =>
  find(machine, [drawn]).length > 0;

const namesOf = (catalogue: readonly Drawn[]): readonly string[] =>
  catalogue.flatMap(({ name, aliases }) => [name, ...aliases]);

const noSuchMachine = (name: string, catalogue: readonly Drawn[]): BadInput =>
  noSuchName('machine', name, namesOf(catalogue));

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
