/**
 * Explore scenarios: every world that can be explored by name.
 */

import { RACE_SCENARIOS } from '../races/report-scenarios.ts';
import { AMD_SCENARIOS } from './amd/scenarios.ts';
import { benchScenarios } from './bench-protocol/scenarios.ts';
import type { ExploreScenario } from './explore-scenario.ts';
import { GROUP_SCENARIOS } from './groups/scenarios.ts';
import { IOMMUFD_SCENARIOS } from './iommufd/scenarios.ts';
import { LIFETIME_SCENARIOS } from './lifetime/scenarios.ts';
import { TAG_SCENARIOS } from './tags/scenarios.ts';
import { unitExploreScenarios } from './unit/explore-scenarios.ts';
import { VMID_SCENARIOS } from './vmids/scenarios.ts';

/** In the order lists show them. */
export const EXPLORE_SCENARIOS: readonly ExploreScenario[] = [
  ...unitExploreScenarios,
  ...LIFETIME_SCENARIOS,
  ...RACE_SCENARIOS,
  ...TAG_SCENARIOS,
  ...GROUP_SCENARIOS,
  ...AMD_SCENARIOS,
  ...VMID_SCENARIOS,
  ...IOMMUFD_SCENARIOS,
  ...benchScenarios,
];
