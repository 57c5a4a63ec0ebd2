/**
 * Report file: what a command found, as a page in one file.
 *
 * Effects: reads the page; finds out beforehand whether the file can be written, and gives it its name when it is
 *          whole.
 */
import { invariant } from '../../core/invariant.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../../scenarios/bad-input.ts';
import { PartFile, unwritable } from '../../scenarios/part-file.ts';
import type { Race } from '../../scenarios/races/race.ts';
import { siteOf } from '../../ui/routes.ts';
import type { RaceEvent, StartAnswer, StormEvent } from '../../ui/shapes.ts';
import { packageVersion } from '../package-version.ts';
import { type ChartThreads, chartThreads } from './chart-threads.ts';
import { chartsFor } from './charts.ts';
import { type PageFiles, pageFiles } from './page-files.ts';
import type { PlayableTrace } from './playable-trace.ts';
import { type Answers, reportHtml } from './report-html.ts';
import { traceShelf } from './trace-shelf.ts';
import { answerRoutes } from './ui-site.ts';

export type ReportContents = {
  readonly title: string;
  /** What was typed. */
  readonly command: string;
  /** What the command printed. */
  readonly text: string;
  readonly traces?: readonly PlayableTrace[];
  readonly races?: { readonly races: readonly Race[]; readonly events: readonly RaceEvent[] };
  readonly storm?: readonly StormEvent[];
};

export type ReportFile = {
  readonly finish: (contents: ReportContents) => Promise<Result<undefined, BadInput>>;
  /** Leaves nothing behind. */
  readonly abandon: () => Promise<void>;
};

export async function openReport(file: string): Promise<Result<ReportFile, BadInput>> {
  const page = await pageFiles();
  if (!page.ok) return page;
  const opened = await PartFile.open(file);
  if (!opened.ok) return opened;
  const part = opened.value;
  return ok({
    abandon: () => part.abandon(),
    finish: async (contents) => {
      const html = await reportOf(contents, page.value);
      try {
        await part.write(html);
      } catch (error) {
        await part.abandon();
        return err(unwritable(file, error));
      }
      return part.finish();
    },
  });
}

async function reportOf(contents: ReportContents, page: PageFiles): Promise<string> {
  const threads = chartThreads();
  try {
    return reportHtml(contents.title, page, await answersOf(contents, threads.picture));
  } finally {
    await threads.stop();
  }
}

/** What the page would ask its server, answered as the server answers. */
async function answersOf(
  contents: ReportContents,
  picture: ChartThreads['picture'],
): Promise<Answers> {
  const { command, text, traces = [], races, storm } = contents;
  const charts = chartsFor(picture, []);
  const shelf = traceShelf(charts);
  const shelved = traces.map(({ title, trace, world }) => shelf.add(title, trace, world));
  const start: StartAnswer = {
    version: await packageVersion(),
    pages: [
      ...(races === undefined ? [] : (['races'] as const)),
      ...(traces.length === 0 ? [] : (['trace'] as const)),
      ...(storm === undefined ? [] : (['storm'] as const)),
      'text',
    ],
    traces: traces.map(({ title }) => title.id),
    isReport: true,
    command,
    text,
  };
  const site = siteOf(answerRoutes({ start, charts, shelf, races: races?.races ?? [] }));
  const paths = [
    '/api/start',
    ...(races === undefined ? [] : ['/api/races']),
    ...shelved.flatMap(({ summary }) => {
      const { id, steps, pageSteps, slots } = summary;
      const pages = Math.max(1, Math.ceil(steps / pageSteps));
      const kinds = slots.filter(({ lane, moves }) => lane !== undefined || moves);
      const path = `/api/traces/${id}`;
      return [
        path,
        `${path}/prevention`,
        ...Array.from({ length: pages }, (_, page) => `${path}/pages/${page}`),
        ...new Set(kinds.map(({ kind }) => `${path}/charts/${kind}`)),
      ];
    }),
  ];
  const given = await Promise.all(paths.map((path) => site.find(path)));
  const answers = new Map(
    given.map((answer, at): readonly [string, unknown] => {
      invariant(answer.kind === 'data', `a report has nothing to say at ${paths[at]}`);
      return [paths[at] ?? '', answer.data];
    }),
  );
  if (races !== undefined) answers.set('/api/races/events', races.events);
  if (storm !== undefined) answers.set('/api/storm/events', storm);
  return answers;
}
