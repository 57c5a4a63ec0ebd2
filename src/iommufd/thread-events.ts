/**
 * Thread events: what the page request thread takes next when it reports one fault that a driver made in software.
 *
 * Kernel: drivers/iommu/iommufd/selftest.c, iommufd_test_trigger_iopf(): no ring, no overflow, a known device.
 */
import type { StateValue } from 'xstate';

import type { Pasid } from '../core/ids.ts';
import { InvariantViolation } from '../core/invariant.ts';
import type { RequestRecord } from '../machines/page-request-queue.ts';
import type { PageRequestThreadEvent } from '../machines/page-request-thread-terms.ts';

/** What the thread is told of others. */
export type ThreadWorld = {
  readonly request: RequestRecord;
  /** Undefined: the device is on no fault queue. */
  readonly param: number | undefined;
  /** The slot a new group would fill. */
  readonly group: number;
  readonly lookUp: (
    pasid: Pasid | undefined,
  ) =>
    | { readonly handle: number; readonly hasHandler: boolean; readonly isNested: boolean }
    | undefined;
};

/** The event that moves the thread out of the state `value`. */
export function nextThreadEvent(value: StateValue, world: ThreadWorld): PageRequestThreadEvent {
  const { request, param, group } = world;
  const { rid } = request;
  switch (leafOf(value)) {
    case 'reading':
      return { type: 'tail.read', tail: 1 };
    case 'fetching':
      return { type: 'entry.read', position: 0, request };
    case 'lookingUp':
      return { type: 'device.found', rid };
    case 'findingHandle': {
      const { pasid } = request;
      const found = world.lookUp(pasid);
      if (found === undefined) return { type: 'handle.missing', rid, pasid };
      const { handle, hasHandler } = found;
      return { type: 'handle.found', rid, pasid, handle, hasHandler };
    }
    case 'findingFunctionHandle': {
      const found = world.lookUp(undefined);
      // Of the function's domains, only a nested one leaves the PASID table to its user.
      if (found === undefined || !found.isNested) {
        return { type: 'handle.missing', rid, pasid: undefined };
      }
      const { handle, hasHandler } = found;
      return { type: 'handle.found', rid, pasid: undefined, handle, hasHandler };
    }
    case 'takingParam':
      return param === undefined
        ? { type: 'param.missing', rid }
        : { type: 'param.found', rid, param };
    case 'building':
      return { type: 'group.allocated', group };
    default:
      return { type: 'step' };
  }
}

function leafOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  const [inner] = Object.values(value);
  if (inner === undefined)
    throw new InvariantViolation('a compound state is in none of its states');
  return leafOf(inner);
}
