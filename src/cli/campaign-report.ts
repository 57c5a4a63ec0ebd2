/** What `campaign` prints for people: the progress line, and the report. */

import { join } from 'node:path';
import { driverNames } from '../actors/drivers.ts';
import { tracesFolderIn } from '../campaign/campaign-folder.ts';
import type { FoundViolation } from '../campaign/found-violations.ts';
import type { CampaignProgress } from '../campaign/progress-estimate.ts';
import type { CampaignEnd } from './campaign-json.ts';
import { commandLineOf } from './option-table.ts';
import type { Paint } from './output.ts';

/** Failures and open questions shown; more are counted. */
const SHOWN_MAX = 10;

export function campaignProgressText(progress: CampaignProgress): string {
  const { jobs, done, failed, violated, elapsedSeconds, leftSeconds } = progress;
  return [
    `${count(done)} of ${count(jobs)} jobs`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(violated > 0 ? [`${count(violated)} found something wrong`] : []),
    spanText(elapsedSeconds),
    ...(leftSeconds === undefined ? [] : [`about ${spanText(leftSeconds)} left`]),
  ].join('  ');
}

/** `again` goes on with the run where jobs are left. */
export function campaignReport(end: CampaignEnd, again: string, paint: Paint): string {
  const { run, folder, engine, results, interrupted, elapsedSeconds } = end;
  const { jobs, done, failures, explorations, storms, coverage, violations } = results.outcome;
  const verdicts = Object.entries(explorations.verdicts).map(
    ([word, many]) => `${count(many)} ${word}`,
  );
  const left = jobs - done - failures.length;
  const lines = [
    `campaign ${run.id}   model ${run.model}   engine ${engine}   ${spanText(elapsedSeconds)}`,
    row(
      'jobs',
      `${count(done)} of ${count(jobs)} done${failures.length > 0 ? `, ${count(failures.length)} failed` : ''}`,
    ),
    ...(explorations.jobs === 0
      ? []
      : [
          row(
            'searches',
            `${verdicts.join(', ')}; ${count(explorations.states)} states, ${count(explorations.walks)} walks of ${count(explorations.steps)} steps`,
          ),
          row(
            'coverage',
            `${count(coverage.transitionsSeen)} of ${count(coverage.transitionsTotal)} transitions of ${coverage.machines.length} machines`,
          ),
        ]),
    ...(storms.jobs === 0 ? [] : stormLines(end)),
    ...shownWays(violations).flatMap((shown) => violationLines(shown, folder, paint)),
    ...named('NOT KNOWN', explorations.open, (text) => paint('yellow', text)),
    ...named('FAILED', failures, (text) => paint('red', text)),
    ...(left > 0 || failures.length > 0
      ? ['', `${interrupted ? 'interrupted; ' : ''}go on with it: ${again}`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function stormLines({ results: { outcome, measured } }: CampaignEnd): readonly string[] {
  const { storms } = outcome;
  const { groupLatencyUs, detachLatencyUs } = measured;
  const lost = `${count(storms.lost)} lost, ${count(storms.duplicated)} duplicated`;
  return [
    row(
      'storms',
      `${count(storms.jobs)}; ${count(storms.groups)} groups, ${count(measured.pageRequests)} requests, ${lost}`,
    ),
    row(
      'latency',
      `${microseconds(groupLatencyUs.p50)} p50, ${microseconds(groupLatencyUs.p99)} p99; detach ${microseconds(detachLatencyUs.p50)} p50, ${microseconds(detachLatencyUs.p99)} p99`,
    ),
  ];
}

type ShownWay = { readonly found: FoundViolation; readonly ways: number; readonly jobs: number };

/** Of all ways to break one property of one world a shortest, and how many there are. */
function shownWays(violations: readonly FoundViolation[]): readonly ShownWay[] {
  const shown = new Map<string, ShownWay>();
  for (const found of violations) {
    const { scenario, driver, quirks, property, jobs } = found;
    const key = JSON.stringify([scenario, driver, quirks, property]);
    const known = shown.get(key);
    const isShorter = known === undefined || (found.steps ?? 0) < (known.found.steps ?? 0);
    shown.set(key, {
      found: isShorter ? found : known.found,
      ways: (known?.ways ?? 0) + 1,
      jobs: (known?.jobs ?? 0) + jobs,
    });
  }
  return [...shown.values()];
}

function violationLines(
  { found: shown, ways, jobs }: ShownWay,
  folder: string,
  paint: Paint,
): readonly string[] {
  const { id, scenario, driver, quirks, property, message, steps, seed } = shown;
  const on = driver === undefined ? [] : [driver, ...quirks.map((quirk) => `+${quirk}`)];
  const world = [scenario, ...on].join(' ');
  const way = steps === undefined ? `seed ${seed}` : `${steps} ${steps === 1 ? 'step' : 'steps'}`;
  const more = ways > 1 ? [`${count(ways - 1)} more ${ways === 2 ? 'way' : 'ways'}`] : [];
  const by = jobs === 1 ? 'by 1 job' : `by ${count(jobs)} jobs`;
  const found = [way, ...more, by].join(', ');
  const from = driver === undefined || driverNames.includes(driver) ? '' : ' --from FILE';
  const replay = commandLineOf(['replay', join(tracesFolderIn(folder), `${id}.json`)]);
  return [
    `${paint('red', `VIOLATED ${property}`)}: ${world}: ${message} (${found})`,
    ...(steps === undefined ? [] : [`  replay it: ${replay}${from}`]),
  ];
}

function named(
  word: string,
  all: readonly { readonly job: string; readonly sentence: string }[],
  paint: (text: string) => string,
): readonly string[] {
  const more = all.length - SHOWN_MAX;
  return [
    ...all.slice(0, SHOWN_MAX).map(({ job, sentence }) => `${paint(word)}: ${job}: ${sentence}`),
    ...(more > 0 ? [`${paint(word)}: and ${count(more)} more`] : []),
  ];
}

const row = (name: string, text: string): string => `  ${name.padEnd(9)} ${text}`;

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const microseconds = (value: number): string =>
  value < 1000 ? `${value.toFixed(0)} µs` : `${(value / 1000).toFixed(2)} ms`;

function spanText(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
