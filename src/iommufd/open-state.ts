/**
 * Open state: the parts of a freshly opened iommufd, joined to one another.
 *
 * Kernel: drivers/iommu/iommufd/main.c, iommufd_fops_open().
 */
import type { Driver } from '../actors/driver.ts';
import { InvariantViolation } from '../core/invariant.ts';
import { AttachOperations } from './attach-operations.ts';
import { destroyObject } from './destroy.ts';
import { DeviceHandles } from './device-handles.ts';
import type { FaultSource } from './fault-source.ts';
import type { IommuGroup } from './iommu-group.ts';
import type { IommufdState } from './iommufd-state.ts';
import { ObjectTable } from './object-table.ts';
import type { AnyHwpt } from './objects.ts';
import { type PageResponse, ReportPath } from './report-path.ts';

/** `respond` hears every answer that reaches the driver. */
export function openState(driver: Driver, respond: (response: PageResponse) => void): IommufdState {
  const breaches: string[] = [];
  const breach = (sentence: string): void => {
    breaches.push(sentence);
  };
  const refuseBreaches = (): void => {
    const [first] = breaches.splice(0);
    if (first !== undefined) throw new InvariantViolation(first);
  };
  const handles = new DeviceHandles(breach);
  const groups = new Map<FaultSource, IommuGroup<AnyHwpt>>();
  const path = new ReportPath(driver, {
    lookUp: (source, pasid) => {
      const handle = groups.get(source)?.handle(pasid);
      if (handle === undefined) return undefined;
      const { hwpt } = handles.of(handle);
      return {
        handle,
        hasHandler: hwpt.fault !== undefined,
        isNested: hwpt.kind === 'hwpt-nested',
      };
    },
    deliver: (group) => handles.of(group.handle).hwpt.fault?.file.deliver(group),
    dereference: (handle) => handles.dereference(handle),
    respond,
    breach,
  });
  const state: IommufdState = {
    table: new ObjectTable(breach, (object) => destroyObject(state, object)),
    handles,
    groups,
    path,
    operations: new AttachOperations(driver, handles),
    breach,
    checked: (call) => {
      try {
        const answer = call();
        refuseBreaches();
        return answer;
      } catch (error) {
        // A machine's word weighs more than whatever error it led to.
        refuseBreaches();
        throw error;
      }
    },
  };
  return state;
}
