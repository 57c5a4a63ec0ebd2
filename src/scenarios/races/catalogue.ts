/**
 * Catalogue: every race, in the order of the race catalogue.
 */
import { CACHE_RACES } from './cache-races.ts';
import { DETACH_RACES } from './detach-races.ts';
import { IOMMUFD_RACES } from './iommufd-races.ts';
import { LIFETIME_RACES } from './lifetime-races.ts';
import { OWNERSHIP_RACES } from './ownership-races.ts';
import type { Race } from './race.ts';
import { REPORT_RACES } from './report-races.ts';

export const RACES: readonly Race[] = [
  ...REPORT_RACES,
  ...DETACH_RACES,
  ...LIFETIME_RACES,
  ...CACHE_RACES,
  ...IOMMUFD_RACES,
  ...OWNERSHIP_RACES,
];
