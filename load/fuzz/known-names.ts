/** The names that readers are handed: all there are. */
import { driverNames, quirkIds } from '../../src/actors/drivers.ts';
import type { CampaignNames } from '../../src/campaign/campaign-file.ts';
import { EXPLORE_SCENARIOS } from '../../src/scenarios/explore/scenarios.ts';

export const KNOWN = { drivers: driverNames, quirks: quirkIds };

export const NAMES: CampaignNames = {
  ...KNOWN,
  scenarios: EXPLORE_SCENARIOS,
};
