/**
 * The `ui` command: the page on the loopback interface, until interrupted.
 *
 * Effects: reads the page, listens, and runs what the page asks for.
 */
import { err, ok, type Result } from '../core/result.ts';
import { refusalSentence } from '../explore/refusal.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { listOf, oneOf, sealedRecord } from '../scenarios/field-check.ts';
import type { Race } from '../scenarios/races/race.ts';
import type { StartSearches } from '../scenarios/races/race-run.ts';
import { type Served, serve } from '../ui/server.ts';
import type { RaceOrder, StartAnswer } from '../ui/shapes.ts';
import { aborted } from './aborted.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { packageVersion } from './package-version.ts';
import type { ReplayPlan } from './replay-plan.ts';
import type { Environment } from './storm-command.ts';
import { asked } from './ui/asked.ts';
import { chartThreads } from './ui/chart-threads.ts';
import { chartsFor } from './ui/charts.ts';
import { pageFiles } from './ui/page-files.ts';
import { raceJob } from './ui/race-desk.ts';
import { replayedTrace } from './ui/replayed-trace.ts';
import { plannedStorm, stormChoices, stormJob } from './ui/storm-desk.ts';
import { traceShelf } from './ui/trace-shelf.ts';
import { type UiJobs, uiSite } from './ui/ui-site.ts';
import type { UiArguments } from './ui-arguments.ts';

export type UiEnvironment = Environment & {
  readonly races: readonly Race[];
  /** How many searches this machine makes at once. */
  readonly cores: number;
  readonly startSearches: StartSearches;
};

/** `replay` is of the trace that is named, if one is. */
export async function uiCommand(
  { port }: UiArguments,
  replay: ReplayPlan | undefined,
  environment: UiEnvironment,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr, signal, races } = environment;
  const page = await pageFiles();
  if (!page.ok) return page;
  if (page.value.isStale) stderr.write(STALE);

  const threads = chartThreads();
  const charts = chartsFor(threads.picture);
  const shelf = traceShelf(charts);
  const again = replay && replayedTrace(replay);
  if (again?.ok === false) {
    const { file } = replay?.options ?? {};
    stderr.write(`stormdrain: trace ${file} can't be replayed: ${refusalSentence(again.error)}\n`);
    return ok(EXIT.badInput);
  }
  if (again !== undefined) shelf.add(again.value.title, again.value.trace, again.value.world);

  const start: StartAnswer = {
    version: await packageVersion(),
    pages: [...(again === undefined ? [] : (['trace'] as const)), 'races', 'storm', 'machines'],
    traces: again === undefined ? [] : [again.value.title.id],
    isReport: false,
    command: undefined,
    text: undefined,
  };
  const jobs = await uiJobs(environment, shelf);
  const site = uiSite({ start, charts, shelf, races }, page.value, jobs);
  const served = await serve(site, port);
  if (!served.ok) {
    stderr.write(
      `stormdrain: cannot listen on port ${port}: ${served.error}; try another --port\n`,
    );
    return ok(EXIT.badInput);
  }
  stdout.write(`${served.value.url}\n`);
  await aborted(signal);
  await ended(served.value, jobs);
  await threads.stop();
  return ok(EXIT.interrupted);
}

const STALE = 'stormdrain: the page was built from other sources; "npm run build" makes it anew\n';

async function uiJobs(environment: UiEnvironment, shelf: ReturnType<typeof traceShelf>) {
  const { races, cores, startSearches, known, stormNotes } = environment;
  const choices = await stormChoices(known.drivers);
  const modelled = races.filter(({ status }) => status === 'modelled').map(({ id }) => id);
  const orderCheck = sealedRecord<RaceOrder>({ races: listOf(oneOf(modelled), modelled.length) });
  const jobs = {
    choices,
    races: raceJob({ races, shelf, cores, startSearches }),
    raceOrder: (body: unknown) => {
      const order = asked(orderCheck, body);
      if (!order.ok) return order;
      return order.value.races.length === 0 ? err('no race is named') : ok(order.value.races);
    },
    storm: stormJob(stormNotes),
    stormOrder: (body: unknown) => plannedStorm(body, choices, environment),
  };
  return jobs;
}

/** What is under way is stopped before the server is. */
async function ended(served: Served, { races, storm }: Pick<UiJobs<never>, 'races' | 'storm'>) {
  races.stop();
  storm.stop();
  await Promise.all([races.ended(), storm.ended()]);
  await served.close();
}
