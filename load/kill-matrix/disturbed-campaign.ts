/**
 * Disturbed campaign: one run of the matrix's campaign, which a cell disturbs and then sees through to its end.
 *
 * Effects: starts and kills processes; keeps runs in a folder of its own.
 */
import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { resultsFileIn } from '../../src/campaign/campaign-folder.ts';
import { recordIn } from '../../src/campaign/results-file.ts';
import { packageRoot } from '../../src/scenarios/package-root.ts';
import { Child, type Ended } from './child.ts';
import type { RedisServer } from './redis-server.ts';

const CAMPAIGN = join(packageRoot(), 'load/kill-matrix/campaign.yaml');
const LOOK_MILLISECONDS = 10;
/** Far beyond any cell: what takes longer hangs. */
const PATIENCE_MILLISECONDS = 180_000;
/** Jobs at once; of one worker, too. */
const JOBS_AT_ONCE = '1';

/** What reports are compared by: everything that the machines and the moment have no part in. */
export type Report = { readonly text: string; readonly jobs: number; readonly code: number | null };

export class DisturbedCampaign {
  readonly #runs: string;
  readonly #redis: RedisServer | undefined;
  readonly #children: Child[] = [];

  constructor(runs: string, redis: RedisServer | undefined) {
    this.#runs = runs;
    this.#redis = redis;
  }

  /** A coordinator that begins the run, or goes on with it; on Redis where there is one, unless told. */
  coordinator(engine: 'local' | 'bullmq' = this.#redis === undefined ? 'local' : 'bullmq'): Child {
    const id = this.id();
    return this.#child([
      'campaign',
      ...(id === undefined ? [CAMPAIGN] : ['--resume', id]),
      ...['--runs', this.#runs, '--json', '--engine', engine],
      ...(engine === 'local' ? ['--workers', JOBS_AT_ONCE] : ['--redis', this.#redis?.url ?? '']),
    ]);
  }

  worker(): Child {
    return this.#child(['worker', '--redis', this.#redis?.url ?? '', '--workers', JOBS_AT_ONCE]);
  }

  #child(args: readonly string[]): Child {
    const child = new Child(args);
    this.#children.push(child);
    return child;
  }

  /** Undefined until the run is begun. */
  id(): string | undefined {
    const ids = existsSync(this.#runs) ? readdirSync(this.#runs) : [];
    return ids.find((id) => existsSync(join(this.#runs, id, 'campaign.json')));
  }

  get #results(): string {
    return resultsFileIn(join(this.#runs, this.id() ?? ''));
  }

  /** Records on the disk, those that are there twice counted twice. */
  records(): number {
    if (this.id() === undefined || !existsSync(this.#results)) return 0;
    const lines = readFileSync(this.#results, 'utf8').split('\n');
    return lines.filter((line) => recordIn(line) !== undefined).length;
  }

  /** Jobs there are in all. */
  jobs(): number {
    const file = join(this.#runs, this.id() ?? '', 'campaign.json');
    const { jobs }: { readonly jobs: readonly unknown[] } = JSON.parse(readFileSync(file, 'utf8'));
    return jobs.length;
  }

  /** Waits until so many records are there; of none, until the run is begun. */
  async until(records: number): Promise<void> {
    const isThere = (): boolean => this.id() !== undefined && this.records() >= records;
    await this.when(isThere, `${records} records`);
  }

  async when(isSo: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !isSo(); waited += LOOK_MILLISECONDS) {
      if (waited > PATIENCE_MILLISECONDS)
        throw new Error(`waited in vain for ${what}; ${this.said()}`);
      await pause(LOOK_MILLISECONDS);
    }
  }

  /** Cuts the last line in two, as a disk may that lost its power. */
  tear(): void {
    truncateSync(this.#results, statSync(this.#results).size - 40);
  }

  /** The report of a coordinator that came to its end. */
  async report(coordinator: Child): Promise<Report> {
    const late = pause(PATIENCE_MILLISECONDS, undefined, { ref: false });
    const ended: Ended | undefined = await Promise.race([
      coordinator.ended,
      late.then(() => undefined),
    ]);
    if (ended === undefined) throw new Error(`the campaign hangs; ${this.said()}`);
    return reportIn(ended, this.said());
  }

  said(): string {
    return this.#children.map(({ stderr }) => stderr).join('---\n');
  }

  async end(): Promise<void> {
    for (const child of this.#children) {
      child.signal('SIGCONT');
      await child.kill();
    }
  }
}

/** @throws Error with what was said, when there is no report. */
function reportIn({ code, stdout }: Ended, said: string): Report {
  if (stdout === '') throw new Error(`no report; ${said}`);
  const { id: _, engine, measured, interrupted, ...outcome } = JSON.parse(stdout);
  return { text: JSON.stringify(outcome, undefined, 1), jobs: outcome.jobs, code };
}
