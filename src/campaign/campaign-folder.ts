/**
 * Campaign folder: where one run of a campaign is kept, so that it can be gone on with.
 *
 *   ID/campaign.json   the jobs, the version of the model they were begun with
 *   ID/results.jsonl   what they came to, so far
 *   ID/traces/*.json   the way to each violation, when the campaign has ended
 *
 * Effects: reads and writes that folder.
 */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputAt, type Place } from '../scenarios/bad-input.ts';
import { boundedText } from '../scenarios/bounded-text.ts';
import {
  exactly,
  listOf,
  satisfying,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../scenarios/field-check.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import { type CampaignJob, checkJob } from './campaign-job.ts';
import { JOBS_MAX } from './campaign-matrix.ts';

const SCHEMA = 'stormdrain.campaign-run/1';
const NAME_MAX = 200;
const SECONDS_MAX = 86_400;

/** A campaign once it is begun. */
export type CampaignRun = {
  readonly schema: typeof SCHEMA;
  /** Names the folder, and the queue where there is one. */
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly secondsMax: number;
  readonly jobs: readonly CampaignJob[];
};

export const isCampaignId = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,79}$/.test(text);

export const resultsFileIn = (folder: string): string => join(folder, 'results.jsonl');
export const tracesFolderIn = (folder: string): string => join(folder, 'traces');
const runFileIn = (folder: string): string => join(folder, 'campaign.json');

/** Makes the folder of a new run; its jobs are on the disk before the first of them is done. */
export async function beginRun(
  runs: string,
  run: Omit<CampaignRun, 'schema'>,
): Promise<Result<string, BadInput>> {
  const folder = join(runs, run.id);
  if (existsSync(runFileIn(folder))) {
    return err({
      code: 'unwritable-file',
      file: folder,
      reason: 'a campaign of that name is there',
    });
  }
  const made = await makeFolder(folder);
  if (!made.ok) return made;
  const file = runFileIn(folder);
  const written = await writeWholeFile(file, `${JSON.stringify({ schema: SCHEMA, ...run })}\n`);
  if (!written.ok) return written;
  for (const each of [file, folder]) await flushed(each);
  return ok(folder);
}

/** The kernel has it on the disk, the name in the folder included. */
async function flushed(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const checkRun = sealedRecord<CampaignRun>({
  schema: exactly(SCHEMA),
  id: satisfying(
    'the name of a campaign',
    (value): value is string => typeof value === 'string' && isCampaignId(value),
  ),
  name: textUpTo(NAME_MAX),
  model: textUpTo(NAME_MAX),
  secondsMax: wholeNumber(1, SECONDS_MAX),
  jobs: listOf(checkJob, JOBS_MAX),
});

/** Far more than JOBS_MAX jobs take. */
const RUN_BYTES_MAX = 256 * 2 ** 20;

/** The run kept in `folder`. */
export async function readRun(folder: string): Promise<Result<CampaignRun, BadInput>> {
  const file = runFileIn(folder);
  const text = await boundedText('campaign run', file, RUN_BYTES_MAX, 'a run');
  return text.ok ? parseRun(text.value, file) : text;
}

/** Checks the text of a run's file; `file` names it in errors. */
export function parseRun(text: string, file: string): Result<CampaignRun, BadInput> {
  const place: Place = { kind: 'campaign run', file, line: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const got = 'something else';
    return err({ code: 'malformed-text', place, expected: 'one JSON object', got });
  }
  const checked = checkRun(value, []);
  return checked.ok ? checked : err(badInputAt(checked.error, place));
}
