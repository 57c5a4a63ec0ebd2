/**
 * Campaign register: the campaigns under way at a Redis, and the version of the model each needs.
 *
 *   stormdrain:campaigns       set of ids
 *   stormdrain:campaign:<id>   the model, until a week after the coordinator was last there
 */
import type { Redis } from 'ioredis';

import { isCampaignId } from './campaign-folder.ts';

const SET = 'stormdrain:campaigns';
const WEEK_SECONDS = 7 * 86_400;

const keyOf = (id: string): string => `stormdrain:campaign:${id}`;

/** A queue of its own for each campaign. */
export const queueNameOf = (id: string): string => `stormdrain-${id}`;

export async function announceCampaign(redis: Redis, id: string, model: string): Promise<void> {
  await redis.set(keyOf(id), model, 'EX', WEEK_SECONDS);
  await redis.sadd(SET, id);
}

export async function withdrawCampaign(redis: Redis, id: string): Promise<void> {
  await redis.srem(SET, id);
  await redis.del(keyOf(id));
}

/** Id and model of each; what is no campaign of ours is passed over. */
export async function campaignsUnderWay(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const ids = (await redis.smembers(SET)).filter(isCampaignId).sort();
  const campaigns = new Map<string, string>();
  for (const id of ids) {
    const model = await redis.get(keyOf(id));
    if (model === null) await redis.srem(SET, id);
    else campaigns.set(id, model);
  }
  return campaigns;
}
