/**
 * Function domain: what hangs on the domain of a function itself, where the unit is one whose PASIDs do.
 *
 * Kernel: drivers/iommu/amd/iommu.c, attach_device(), detach_device(), init_gcr3_table(), free_gcr3_tbl_level1().
 * Policy: a scenario that has no attachment for a function is one whose function has been attached all along.
 */
import { type Call, call } from '../../../explore/wiring.ts';
import type { Kinds } from './kinds.ts';
import type { Handle, Plan } from './plan-terms.ts';

/** The PASIDs of a device whose table comes and goes with the function's domain; none where it does not. */
export const hangingPasids = ({ driver, places }: Plan, device: number): readonly number[] =>
  driver.traits.pasidsHangOnFunction
    ? places.flatMap((place, at) =>
        place.device === device && place.pasid !== undefined ? [at] : [],
      )
    : [];

/** The attachments by which a device is counted on its fault queue. */
export const reportedPlaces = ({ driver, places }: Plan, device: number): readonly number[] =>
  places.flatMap((place, at) =>
    place.device === device && (!driver.traits.pasidsHangOnFunction || place.pasid === undefined)
      ? [at]
      : [],
  );

/** Whether what hangs there puts its device on the fault queue. */
export const isReported = (plan: Plan, { attachment, domain }: Handle): boolean =>
  plan.driver.traits.pasidsHangOnFunction
    ? plan.places[attachment]?.pasid === undefined
    : plan.handlesFaults(domain);

/** Devices on the fault queue from the start for the sake of a function that the scenario does not speak of. */
export const impliedFunctions = (plan: Plan): readonly number[] =>
  plan.driver.traits.pasidsHangOnFunction
    ? plan.scenario.devices.flatMap((_, device) =>
        reportedPlaces(plan, device).length === 0 ? [device] : [],
      )
    : [];

/** The entry of a function no longer translates: neither do its PASIDs, whatever their own entries say. */
export function functionBlocked(plan: Plan, { use }: Kinds, attachment: number): readonly Call[] {
  const place = plan.places[attachment];
  if (place === undefined || place.pasid !== undefined) return [];
  return hangingPasids(plan, place.device).map((at) =>
    call(use, at, { type: 'entry.written', translates: false, domain: undefined }),
  );
}
