/**
 * UI site: the page and everything it may ask, as one table of paths.
 */
import type { Race } from '../../scenarios/races/race.ts';
import type { Job } from '../../ui/job.ts';
import { type Route, siteOf } from '../../ui/routes.ts';
import type { StartAnswer, StormChoices } from '../../ui/shapes.ts';
import { asset, data, events, refused, type Site } from '../../ui/site.ts';
import type { Charts } from './charts.ts';
import type { PageFiles } from './page-files.ts';
import { raceRows } from './race-desk.ts';
import type { TraceShelf } from './trace-shelf.ts';

export type UiParts = {
  readonly start: StartAnswer;
  readonly charts: Charts;
  readonly shelf: TraceShelf;
  readonly races: readonly Race[];
};

/** What a page may look at; a report is made of its answers. */
export const answerRoutes = ({ start, charts, shelf, races }: UiParts): readonly Route[] => [
  { pattern: '/api/start', find: () => data(start) },
  { pattern: '/api/machines', find: () => data(charts.machines) },
  {
    pattern: '/api/machines/:name',
    find: async (names) => {
      const chart = await charts.machine(names.of('name'));
      return chart === undefined ? refused(404, 'no such machine') : data(chart);
    },
  },
  { pattern: '/api/races', find: () => data(raceRows(races)) },
  {
    pattern: '/api/traces/:id',
    find: (names) => {
      const trace = shelf.get(names.of('id'));
      return trace === undefined ? NO_TRACE : data(trace.summary);
    },
  },
  {
    pattern: '/api/traces/:id/pages/:page',
    find: (names) => {
      const page = shelf.get(names.of('id'))?.page(Number(names.of('page')));
      return page === undefined ? NO_TRACE : data(page);
    },
  },
  {
    pattern: '/api/traces/:id/charts/:kind',
    find: async (names) => {
      const chart = await shelf.get(names.of('id'))?.chart(names.of('kind'));
      return chart === undefined ? NO_TRACE : data(chart);
    },
  },
  {
    pattern: '/api/traces/:id/prevention',
    find: async (names) => {
      const trace = shelf.get(names.of('id'));
      return trace === undefined ? NO_TRACE : data((await trace.prevention()) ?? null);
    },
  },
];

const NO_TRACE = refused(404, 'no such trace here, or no such part of it');

export type UiJobs<StormOrdered> = {
  readonly choices: StormChoices;
  readonly races: Job<readonly string[]>;
  /** What a page asks for, checked; an error is a sentence. */
  readonly raceOrder: (body: unknown) => Ordered<readonly string[]>;
  readonly storm: Job<StormOrdered>;
  readonly stormOrder: (body: unknown) => Promise<Ordered<StormOrdered>>;
};

type Ordered<Order> =
  | { readonly ok: true; readonly value: Order }
  | { readonly ok: false; readonly error: string };

/** The live page: what may be looked at, and what may be run. */
export const uiSite = <StormOrdered>(
  parts: UiParts,
  page: PageFiles,
  jobs: UiJobs<StormOrdered>,
): Site =>
  siteOf([
    { pattern: '/', find: () => asset('text/html; charset=utf-8', page.html) },
    { pattern: '/page.js', find: () => asset('text/javascript; charset=utf-8', page.script) },
    { pattern: '/page.css', find: () => asset('text/css; charset=utf-8', page.style) },
    { pattern: '/page.svg', find: () => asset('image/svg+xml', page.icon) },
    ...answerRoutes(parts),
    ...jobRoutes('/api/races', jobs.races, async (body) => jobs.raceOrder(body)),
    { pattern: '/api/storm/choices', find: () => data(jobs.choices) },
    ...jobRoutes('/api/storm', jobs.storm, jobs.stormOrder),
  ]);

function jobRoutes<Order>(
  path: string,
  job: Job<Order>,
  ordered: (body: unknown) => Promise<Ordered<Order>>,
): readonly Route[] {
  return [
    { pattern: `${path}/events`, find: () => events(job.listen) },
    {
      pattern: `${path}/run`,
      ask: async (_, body) => {
        const order = await ordered(body);
        if (!order.ok) return refused(400, order.error);
        return job.start(order.value) ? data({ started: true }) : refused(409, 'one is running');
      },
    },
    {
      pattern: `${path}/stop`,
      ask: async () => {
        job.stop();
        await job.ended();
        return data({ stopped: true });
      },
    },
  ];
}
