/**
 * VT-d scenario list: the small worlds of a unit that are explored by name.
 */

import * as domains from './domain-scenarios.ts';
import * as functions from './function-scenarios.ts';
import type { UnitScenario } from './scenario.ts';
import * as scenarios from './scenarios.ts';
import * as users from './user-scenarios.ts';

/** In the order lists show them. */
export const UNIT_SCENARIOS: readonly UnitScenario[] = [
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
  users.RID_DETACH,
  users.RID_REPLACE,
  users.PASID_DETACH,
  users.DETACH_IN_MID_GROUP,
  users.NO_HANDLER,
  users.BIND_OVER_DOMAIN,
  users.PASID_REPLACE,
  users.PASID_REPLACE_FAULTS,
  users.ATTACH_DETACH,
  users.TWO_DEVICES_DRAIN,
  scenarios.UNMAP_VS_FAULT,
  scenarios.BAD_REQUEST,
  scenarios.STOP_MARKER,
  scenarios.BIND_RACE,
  functions.FUNCTION_LIFE,
  functions.FUNCTION_DETACH,
  functions.FUNCTION_REPLACE,
  functions.PROCESS_REPLACE,
  functions.UNBIND_IN_MID_GROUP,
  functions.UNBIND_UNDERWAY,
  functions.REQUEST_WITHOUT_PASID,
  functions.RESPONSE_NEEDS_PASID,
  domains.NESTED_DOMAIN,
  domains.NESTED_BESIDE_PARENT,
  domains.DETACH_BESIDE_UNMAP,
  domains.DOMAIN_AT_THREE_PLACES,
  domains.SVA_ON_ANY_PASID,
];
