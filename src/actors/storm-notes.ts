/**
 * Storm notes: what a user should know of a plan before it runs, because not everything in it makes a difference.
 */
import { ANSWER_BEFORE_UNLINK } from '../workers/quirk-flags.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import { unitKindOf } from '../workers/unit-kind.ts';
import { unitSizes } from '../workers/unit-sizes.ts';
import type { Driver, OperationName } from './driver.ts';
import { driverFlags } from './driver-flags.ts';
import { driverWith } from './drivers.ts';
import { QUIRKS } from './quirks.ts';

/** One sentence each, without a full stop. */
export function stormNotes(plan: StormPlan): string[] {
  return [...plan.quirks.flatMap((id) => noteOnQuirk(id, plan.driver)), ...noteOnGroups(plan)];
}

function noteOnQuirk(id: string, name: string): string[] {
  const quirk = QUIRKS.find((each) => each.id === id);
  const driver = driverWith(name, []);
  if (quirk === undefined || !driver.ok) return [];
  if (quirk.notInStorms !== undefined) {
    return [`quirk ${id} changes nothing in a storm: ${quirk.notInStorms}`];
  }
  const isFelt = feltBy(quirk.edit(driver.value)) !== feltBy(driver.value);
  // A quirk that is on already is no news of the unit.
  return isFelt || name.includes('@')
    ? []
    : [`quirk ${id} changes nothing in a storm with driver ${name}: it has no such step or rule`];
}

/** Operations that a storm carries out. */
const OPERATIONS: readonly OperationName[] = [
  'bind-sva',
  'unbind-sva',
  'mm-release',
  'mm-invalidate',
];

/** What a storm notices of a driver, as a text to compare. */
function feltBy({ operations, traits, ...driver }: Driver): string {
  const stalls = traits.faults === 'stalls';
  // Accesses that stall one by one have no partial requests, and come from devices that keep no translations.
  const flags =
    driverFlags({ operations, traits, ...driver }) & (stalls ? ANSWER_BEFORE_UNLINK : -1);
  const steps = OPERATIONS.map((name) =>
    operations[name].filter((step) => !stalls || step !== 'invalidate-device-tlb'),
  );
  return JSON.stringify({ flags, steps, timeOut: traits.timeOut });
}

function noteOnGroups({ driver, groupPagesMin, groupPagesMax }: StormPlan): string[] {
  const most = unitSizes(unitKindOf(driver)).groupPagesMax;
  if (groupPagesMax <= most) return [];
  const sizes =
    groupPagesMin === groupPagesMax ? groupPagesMax : `${groupPagesMin} to ${groupPagesMax}`;
  return [
    `with driver ${driver} each access that faults is a group of its own, so groups of ${sizes} pages are of ${most}`,
  ];
}
