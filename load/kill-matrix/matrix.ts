/**
 * Kill matrix: every cell run, and its report compared with that of a campaign nobody disturbed.
 *
 * Effects: those of the cells, in a temporary folder.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng } from '../../src/core/prng.ts';
import type { Moment, Row } from './cells.ts';
import { DisturbedCampaign, type Report } from './disturbed-campaign.ts';
import { RedisServer } from './redis-server.ts';

export type CellResult = {
  readonly row: Row;
  readonly moment: Moment;
  /** The report was that of the undisturbed campaign. */
  readonly isSame: boolean;
  /** Records kept beyond one a job: what was done twice. */
  readonly redone: number;
  /** Why it isn't. */
  readonly fault: string | undefined;
};

/** The report of a campaign nobody disturbs, and how many jobs it has. */
export const undisturbed = (): Promise<Report> =>
  inFolder(async (folder) => {
    const campaign = new DisturbedCampaign(join(folder, 'runs'), undefined);
    try {
      return await campaign.report(campaign.coordinator());
    } finally {
      await campaign.end();
    }
  });

export const cellResult = (
  row: Row,
  moment: Moment,
  expected: Report,
  seed: number,
): Promise<CellResult> =>
  inFolder(async (folder) => {
    const redis = row.needsRedis ? await RedisServer.start(made(join(folder, 'redis'))) : undefined;
    const campaign = new DisturbedCampaign(join(folder, 'runs'), redis);
    try {
      const last = await row.disturb({ campaign, redis, chance: prng(seed) }, moment);
      const report = await campaign.report(last);
      const isSame = report.text === expected.text && report.code === expected.code;
      const redone = Math.max(0, campaign.records() - report.jobs);
      const fault = isSame ? undefined : `exit ${report.code}: ${report.text}\n${campaign.said()}`;
      return { row, moment, isSame, redone, fault };
    } catch (error) {
      return { row, moment, isSame: false, redone: 0, fault: `${error}\n${campaign.said()}` };
    } finally {
      await campaign.end();
      redis?.signal('SIGCONT');
      await redis?.stop('killed');
    }
  });

async function inFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'stormdrain-kill-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function made(folder: string): string {
  mkdirSync(folder);
  return folder;
}
