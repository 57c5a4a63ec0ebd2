/**
 * Unit kind: which vendor's bytes the threads of a unit speak. Chosen once, when a thread starts.
 */
import { invariant } from '../core/invariant.ts';

export const UNIT_KINDS = ['vtd', 'amd', 'smmuv3'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/**
 * The unit a driver drives: drivers are named after it, with the kernel they are of behind an @.
 *
 * @throws InvariantViolation when there is no such unit.
 */
export function unitKindOf(driver: string): UnitKind {
  const kind = UNIT_KINDS.find((each) => driver === each || driver.startsWith(`${each}@`));
  invariant(kind !== undefined, `no thread speaks the bytes of ${driver}`);
  return kind;
}
