/**
 * Questions: of which operations all orders can be tried, and in which worlds.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { hasEffect, stepShape } from '../../machines/operation-steps.ts';
import { BIND_WORLDS, FUNCTION_ATTACH_WORLDS, PASID_ATTACH_WORLDS } from './attach-worlds.ts';
import { FUNCTION_DETACH_WORLDS, PASID_DETACH_WORLDS, UNBIND_WORLDS } from './detach-worlds.ts';
import { type OrderWorld, vendorOf } from './order-world.ts';
import { RELEASE_WORLDS } from './release-worlds.ts';
import { FUNCTION_REPLACE_WORLDS, PASID_REPLACE_WORLDS } from './replace-worlds.ts';

const WORLDS: Partial<Readonly<Record<OperationName, readonly OrderWorld[]>>> = {
  'bind-sva': BIND_WORLDS,
  'unbind-sva': UNBIND_WORLDS,
  'attach-pasid': PASID_ATTACH_WORLDS,
  'detach-pasid': PASID_DETACH_WORLDS,
  'replace-pasid': PASID_REPLACE_WORLDS,
  'attach-rid': FUNCTION_ATTACH_WORLDS,
  'detach-rid': FUNCTION_DETACH_WORLDS,
  'replace-rid': FUNCTION_REPLACE_WORLDS,
  'mm-release': RELEASE_WORLDS,
};

/** Operations that there are worlds for, in the order of {@link Driver}. */
export const ORDERED_OPERATIONS = Object.keys(WORLDS) as readonly OperationName[]; // keys of the table

/** What people say instead, and what is meant, the first that the driver has a list for. */
export const OPERATION_ALIASES: Readonly<Record<string, readonly OperationName[]>> = {
  attach: ['attach-pasid'],
  detach: ['unbind-sva'],
  replace: ['replace-pasid', 'replace-rid'],
};

/** Whether the driver does something in the operation; one that replaces nothing only refuses. */
export const carriesOut = ({ operations, ownSteps }: Driver, operation: OperationName): boolean =>
  operations[operation].some(
    (step) =>
      stepShape(step, ownSteps).kind === 'block-entry' ||
      hasEffect(step, ownSteps, 'programEntry', 'rewriteEntry', 'markFaultDisabled'),
  );

export const worldsFor = (driver: Driver, operation: OperationName): readonly OrderWorld[] => {
  const vendor = vendorOf(driver);
  return (WORLDS[operation] ?? []).filter(
    ({ vendors }) => vendor !== undefined && vendors.includes(vendor),
  );
};
