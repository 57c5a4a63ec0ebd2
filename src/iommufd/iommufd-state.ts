/**
 * Iommufd state: everything one opened iommufd holds, handed to the system calls that work on it.
 *
 * Kernel: drivers/iommu/iommufd/iommufd_private.h, struct iommufd_ctx.
 */
import type { AttachOperations } from './attach-operations.ts';
import type { DeviceHandles } from './device-handles.ts';
import type { FaultSource } from './fault-source.ts';
import type { IommuGroup } from './iommu-group.ts';
import type { ObjectTable } from './object-table.ts';
import type { AnyHwpt } from './objects.ts';
import type { ReportPath } from './report-path.ts';

export type IommufdState = {
  readonly table: ObjectTable;
  readonly handles: DeviceHandles;
  readonly path: ReportPath;
  readonly operations: AttachOperations;
  /** By where their faults come from. */
  readonly groups: Map<FaultSource, IommuGroup<AnyHwpt>>;
  readonly breach: (sentence: string) => void;
  /** @throws InvariantViolation when a machine met what must not happen since it was last asked. */
  readonly checked: <Result>(call: () => Result) => Result;
};
