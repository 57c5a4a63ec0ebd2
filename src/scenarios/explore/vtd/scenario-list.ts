/**
 * VT-d scenario list: the small worlds of a unit that are explored by name.
 */
import type { VtdScenario } from './scenario.ts';
import * as scenarios from './scenarios.ts';

/** In the order lists show them. */
export const VTD_SCENARIOS: readonly VtdScenario[] = [
  scenarios.REPORT,
  scenarios.UNBIND_LIVE,
  scenarios.EXIT_UNBIND,
  scenarios.EXIT_BESIDE_UNBIND,
  scenarios.EXIT_REBIND,
  scenarios.EXIT_TRANSLATIONS,
  scenarios.CUT_REBIND,
  scenarios.TWO_PASIDS_ONE_INDEX,
  scenarios.OVERFLOW,
  scenarios.OVERFLOW_PARTIALS,
  scenarios.RID_DETACH,
  scenarios.RID_REPLACE,
  scenarios.PASID_DETACH,
  scenarios.DETACH_IN_MID_GROUP,
  scenarios.NO_HANDLER,
  scenarios.PASID_REPLACE,
  scenarios.PASID_REPLACE_FAULTS,
  scenarios.ATTACH_DETACH,
  scenarios.TWO_DEVICES_DRAIN,
  scenarios.UNMAP_VS_FAULT,
  scenarios.BAD_REQUEST,
  scenarios.STOP_MARKER,
  scenarios.BIND_RACE,
];
