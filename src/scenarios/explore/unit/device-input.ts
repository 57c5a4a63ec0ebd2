/**
 * Device input: what a device group of a scenario is to send.
 */
import { iovaPfn, prgIndex } from '../../../core/ids.ts';
import { invariant } from '../../../core/invariant.ts';
import type { Access } from '../../../core/page-request.ts';
import type { DeviceGroupInput } from '../../../machines/device-group.ts';
import type { Group, Plan } from './plan-terms.ts';
import type { GroupSpec } from './scenario.ts';

const READ: Access = { read: true, write: false, exec: false, privileged: false };
const ACCESS: Readonly<Record<NonNullable<GroupSpec['access']>, Access>> = {
  read: READ,
  write: { ...READ, read: false, write: true },
  'privileged-write': { read: false, write: true, exec: false, privileged: true },
};

export function deviceGroupInput(plan: Plan, group: Group): DeviceGroupInput {
  const place = plan.places[group.attachment];
  invariant(place !== undefined, `there is no attachment ${group.attachment}`);
  const { pages, onlyFirstLast, access } = group;
  const asking = (accessAt: (at: number) => Access) =>
    pages.map((page, at) => ({ iovaPfn: iovaPfn(page), access: accessAt(at) }));
  return {
    rid: place.rid,
    pasid: place.pasid,
    prgi: prgIndex(group.prgIndex),
    pages: asking((at) => (onlyFirstLast && at < pages.length - 1 ? READ : ACCESS[access])),
    ...(onlyFirstLast ? { laterPages: asking(() => READ) } : {}),
    usesMax: group.uses,
    reusesIndex: group.isRude,
    sendsStopMarker: group.sendsStopMarker,
  };
}
