/**
 * Drivers by name, and what a storm or an exploration runs once quirks are applied.
 */
import { err, ok, type Result } from '../core/result.ts';
import { AMD, AMD_7_3 } from './amd-driver.ts';
import type { Driver } from './driver.ts';
import { flushingItsGroups } from './pasid-flush.ts';
import { QUIRKS } from './quirks.ts';
import { SMMUV3, SMMUV3_7_3 } from './smmuv3-driver.ts';
import { VTD } from './vtd-driver.ts';

const edited = (driver: Driver, kinds: (quirk: (typeof QUIRKS)[number]) => boolean): Driver =>
  QUIRKS.filter(kinds).reduce((partly, quirk) => quirk.edit(partly), driver);

/** Linux 7.3.4 as it is: the repaired driver with every 7.3 quirk on. */
const VTD_7_3: Driver = { ...edited(VTD, ({ kind }) => kind === 'linux-7.3'), name: 'vtd@7.3' };

const DRIVERS: readonly Driver[] = [
  VTD,
  VTD_7_3,
  flushingItsGroups(VTD),
  AMD,
  AMD_7_3,
  flushingItsGroups(AMD),
  SMMUV3,
  SMMUV3_7_3,
  flushingItsGroups(SMMUV3),
];

/** A driver with quirks on, applied in the order of the quirk table. */
export const withQuirks = (driver: Driver, quirks: readonly string[]): Driver =>
  edited(driver, ({ id }) => quirks.includes(id));

export const driverNames: readonly string[] = DRIVERS.map(({ name }) => name);
export const quirkIds: readonly string[] = QUIRKS.map(({ id }) => id);

export type DriverError =
  | { readonly code: 'unknown-driver'; readonly name: string }
  | { readonly code: 'unknown-quirk'; readonly id: string };

/** The driver of that name with those quirks on, applied in the order of the quirk table. */
export function driverWith(name: string, quirks: readonly string[]): Result<Driver, DriverError> {
  const driver = DRIVERS.find((each) => each.name === name);
  if (driver === undefined) return err({ code: 'unknown-driver', name });
  const unknown = quirks.find((id) => !quirkIds.includes(id));
  if (unknown !== undefined) return err({ code: 'unknown-quirk', id: unknown });
  return ok(withQuirks(driver, quirks));
}
