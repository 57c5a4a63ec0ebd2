/** How the stories of spec 10 begin, and the question they all end with. */
import { RID } from '../report/harness.ts';
import type { RunningOperation } from './running-operation.ts';
import { UnitWorld } from './unit-world.ts';

export const drains = (operation: RunningOperation): boolean =>
  operation.effects.includes('submitDrain');

/** A process bound to the device under PASID 1. */
export function bound(name: string, ...quirks: readonly string[]) {
  const world = new UnitWorld(name, ...quirks);
  const process = world.process(1);
  return { world, process, attachment: world.attach(RID, 1, process.bond) };
}
