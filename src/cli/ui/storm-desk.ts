/**
 * Storm desk: what storms the page may start, and the one that is under way.
 *
 * Effects: reads profiles and recordings; a storm runs in a thread that starts its own.
 */
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

import { QUIRKS } from '../../actors/quirks.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { badInputSentence } from '../../scenarios/bad-input.ts';
import { bundledNames, locateBundled } from '../../scenarios/bundled-files.ts';
import {
  listOf,
  numberWithin,
  oneOf,
  sealedRecord,
  wholeNumber,
} from '../../scenarios/field-check.ts';
import { type Job, jobOf } from '../../ui/job.ts';
import type { StormChoices, StormEvent, StormOrder } from '../../ui/shapes.ts';
import type { StormPlan } from '../../workers/storm-plan.ts';
import { INSPECT_NOWHERE } from '../inspect-options.ts';
import { commandLineOf } from '../option-table.ts';
import { type Environment, prepareStorm } from '../storm-command.ts';
import { asked } from './asked.ts';
import { stormPlanned } from './storm-planned.ts';

/** A page is watched for so long, and keeps every sample. */
const SECONDS_MAX = 600;
const SEED_MAX = 2 ** 32 - 1;

export async function stormChoices(drivers: readonly string[]): Promise<StormChoices> {
  const names = await bundledNames('profile');
  const profiles = await Promise.all(
    names.map(async (name) => ({ name, sentence: await firstComment(name) })),
  );
  return {
    profiles,
    drivers,
    // Others make no difference to a storm.
    quirks: QUIRKS.filter(({ notInStorms }) => notInStorms === undefined).map(
      ({ id, sentence }) => ({ id, note: sentence }),
    ),
    secondsMax: SECONDS_MAX,
  };
}

/** What a bundled profile says of itself. */
async function firstComment(profile: string): Promise<string> {
  const file = await locateBundled('profile', profile);
  const text = file.ok ? await readFile(file.value, 'utf8') : '';
  return /^# (.*)$/m.exec(text)?.[1] ?? '';
}

type Planned = { readonly plan: StormPlan; readonly order: StormOrder };

/** Everything that can be wrong with what a page asks for is found here. */
export async function plannedStorm(
  body: unknown,
  { profiles, drivers, quirks }: StormChoices,
  environment: Pick<Environment, 'known' | 'drawSeed'>,
): Promise<Result<Planned, string>> {
  const order = asked<StormOrder>(
    sealedRecord<StormOrder>(
      {
        profile: oneOf(profiles.map(({ name }) => name)),
        driver: oneOf(drivers),
        quirks: listOf(oneOf(quirks.map(({ id }) => id)), quirks.length),
        seconds: numberWithin(0.2, SECONDS_MAX),
        seed: wholeNumber(0, SEED_MAX),
      },
      { seed: undefined },
    ),
    body,
  );
  if (!order.ok) return order;
  const { profile, driver, quirks: ids, seconds, seed } = order.value;
  const plan = await prepareStorm(
    {
      profile,
      seed,
      json: false,
      repeat: [],
      ...INSPECT_NOWHERE,
      overrides: {
        driver,
        quirks: ids,
        end: { kind: 'duration', durationSeconds: seconds },
      },
    },
    environment,
  );
  return plan.ok ? ok({ plan: plan.value, order: order.value }) : err(badInputSentence(plan.error));
}

const repeatOf = ({ profile, driver, quirks, seconds }: StormOrder, seed: number): string =>
  commandLineOf([
    'storm',
    profile,
    ...['--driver', driver],
    ...quirks.flatMap((quirk) => ['--quirk', quirk]),
    ...['--duration', `${seconds}s`, '--seed', String(seed)],
  ]);

export const stormJob = (
  notesOf: (plan: StormPlan) => readonly string[],
  entry: URL = threadEntry(),
): Job<Planned> =>
  jobOf(async ({ plan, order }, tell, signal) => {
    const hear = (event: StormEvent): void => tell(event);
    const planned = stormPlanned(plan, repeatOf(order, plan.seed));
    hear({ type: 'began', plan: planned, notes: notesOf(plan) });
    const worker = new Worker(entry, { workerData: plan });
    const stop = (): void => worker.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    await new Promise<void>((resolve) => {
      worker.on('message', hear);
      worker.once('error', (error) => {
        hear({ type: 'failed', sentence: error instanceof Error ? error.message : String(error) });
      });
      worker.once('exit', () => resolve());
    });
    signal.removeEventListener('abort', stop);
  });

/** From the sources (in tests), the entry of the last build is used. */
const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/src/cli/ui/storm-thread.js', import.meta.url)
    : new URL('./storm-thread.js', import.meta.url);
