/**
 * Page tables: hardware page tables made by a user or by an attach to an IOAS, paging and nested.
 *
 * Kernel: drivers/iommu/iommufd/hw_pagetable.c, iommufd_hwpt_alloc(), iommufd_hwpt_paging_alloc(),
 *         iommufd_hwpt_nested_alloc(), iommufd_viommu_alloc_hwpt_nested(); selftest.c, mock_domain_alloc_nested().
 */
import { type Actor, createActor } from 'xstate';

import { type DomainKind, domainMachine } from '../machines/domain.ts';
import type { Range } from './io-address-space.ts';
import { refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import type { Device, FaultQueue, HwptNested, HwptPaging, Ioas, Viommu } from './objects.ts';
import { Owners } from './owners.ts';
import {
  HWPT_DIRTY_TRACKING,
  HWPT_FAULT_ID_VALID,
  HWPT_NEST_PARENT,
  HWPT_PASID,
  SELFTEST_HWPT,
  SELFTEST_HWPT_DATA,
} from './uapi.ts';
import type { UserBuffer } from './user-memory.ts';
import { structFromUser } from './user-struct.ts';

/** What a mock domain can reach, and in what steps. */
const MOCK_APERTURE: Range = { first: 0x100_0000n, last: 0x7fff_ffffn };
const MOCK_PAGE = 2048n;
const IOTLB_ENTRIES = 4;

const domainOwners = new Owners<(sentence: string) => void>();
const DOMAIN = domainMachine.provide({
  actions: {
    refuse: ({ self }, { reason }) => domainOwners.of(self)(`a domain refused: ${reason}`),
    violate: ({ self }, { unexpected }) => domainOwners.of(self)(`a domain met ${unexpected}`),
  },
});

export type HwptAllocation = {
  readonly devId: number;
  readonly ptId: number;
  readonly flags?: number;
  readonly faultId?: number;
  readonly dataType?: number;
  readonly dataLength?: number;
  readonly data?: UserBuffer;
  readonly reserved?: number;
};

/** IOMMU_HWPT_ALLOC. @throws IommufdError EOPNOTSUPP, EINVAL, ENOENT, EFAULT, E2BIG, EADDRINUSE. */
export function hwptAlloc(state: IommufdState, wanted: HwptAllocation): HwptPaging | HwptNested {
  const { dataType = 0, dataLength = 0, reserved = 0 } = wanted;
  refuseIf(reserved !== 0, 'EOPNOTSUPP', 'a reserved field is not 0');
  const halfGiven = (dataType === 0) !== (dataLength === 0);
  refuseIf(halfGiven, 'EINVAL', 'driver data needs a type and a length, or neither');
  return state.table.using(wanted.devId, ['device'], (device) => {
    const target = state.table.find(wanted.ptId);
    switch (target?.kind) {
      case 'ioas':
        return allocPaging(state, target, device, wanted);
      case 'hwpt-paging':
        return allocNested(state, target, undefined, wanted);
      case 'viommu':
        return allocNested(state, target.parent, target, wanted);
      default:
        return refuse('EINVAL', `a page table cannot be made on id ${wanted.ptId}`);
    }
  });
}

/** A page table that an attach to `ioas` makes for itself; not in the IOAS yet. */
export function autoPageTable(state: IommufdState, id: number, ioas: Ioas): HwptPaging {
  return pagingOf(state, id, ioas, 0, undefined, true);
}

/** The page table maps what the IOAS maps from here on. @throws IommufdError EADDRINUSE. */
export function joinIoas({ table }: IommufdState, hwpt: HwptPaging): void {
  hwpt.ioas.space.addDomain(MOCK_APERTURE, MOCK_PAGE);
  hwpt.ioas.pageTables.push(hwpt);
  table.use(hwpt.ioas.id);
}

export function leaveIoas({ table }: IommufdState, hwpt: HwptPaging): void {
  const { space, pageTables, id } = hwpt.ioas;
  space.removeDomain(MOCK_APERTURE, MOCK_PAGE);
  pageTables.splice(pageTables.indexOf(hwpt), 1);
  table.unuse(id);
}

function allocPaging(
  state: IommufdState,
  ioas: Ioas,
  { mock }: Device,
  wanted: HwptAllocation,
): HwptPaging {
  const { flags = 0, faultId = 0, dataLength = 0 } = wanted;
  const known = HWPT_NEST_PARENT | HWPT_DIRTY_TRACKING | HWPT_FAULT_ID_VALID | HWPT_PASID;
  refuseIf(hasOthers(flags, known), 'EOPNOTSUPP', 'an unknown flag is set');
  const dirty = has(flags, HWPT_DIRTY_TRACKING);
  refuseIf(dirty && !mock.tracksDirty, 'EOPNOTSUPP', 'the device cannot track dirty pages');
  const parentWithFaults = has(flags, HWPT_FAULT_ID_VALID) && has(flags, HWPT_NEST_PARENT);
  refuseIf(parentWithFaults, 'EOPNOTSUPP', 'a nesting parent has no fault queue');
  if (dataLength > 0) mockData(wanted);
  return state.table.create((id) => {
    ioas.space.checkDomain(MOCK_APERTURE, MOCK_PAGE);
    const fault = faultQueueOf(state, flags, faultId);
    const hwpt = pagingOf(state, id, ioas, flags, fault, false);
    joinIoas(state, hwpt);
    return hwpt;
  });
}

function pagingOf(
  state: IommufdState,
  id: number,
  ioas: Ioas,
  flags: number,
  fault: FaultQueue | undefined,
  auto: boolean,
): HwptPaging {
  if (fault !== undefined) state.table.use(fault.id);
  return {
    kind: 'hwpt-paging',
    id,
    ioas,
    auto,
    nestParent: has(flags, HWPT_NEST_PARENT),
    tracksDirty: has(flags, HWPT_DIRTY_TRACKING),
    pasidCompatible: has(flags, HWPT_PASID),
    domain: startDomain(state, id, 'paging', fault !== undefined),
    fault,
  };
}

function allocNested(
  state: IommufdState,
  parent: HwptPaging,
  viommu: Viommu | undefined,
  wanted: HwptAllocation,
): HwptNested {
  const { flags = 0, faultId = 0, dataLength = 0 } = wanted;
  const others = hasOthers(flags, HWPT_FAULT_ID_VALID | HWPT_PASID);
  refuseIf(others, 'EOPNOTSUPP', 'an unknown flag is set');
  refuseIf(dataLength === 0, 'EOPNOTSUPP', 'a nested page table is made from data');
  const unfit = viommu === undefined && (parent.auto || !parent.nestParent);
  refuseIf(unfit, 'EINVAL', 'the page table was not made as a nesting parent');
  const { iotlb } = mockData(wanted);
  const fault = faultQueueOf(state, flags, faultId);
  const { table } = state;
  return table.create((id) => {
    table.use(viommu?.id ?? parent.id);
    if (fault !== undefined) table.use(fault.id);
    return {
      kind: 'hwpt-nested',
      id,
      parent,
      viommu,
      pasidCompatible: has(flags, HWPT_PASID),
      domain: startDomain(state, id, 'nested', fault !== undefined),
      fault,
      iotlb: Array.from({ length: IOTLB_ENTRIES }, () => iotlb),
    };
  });
}

/** What the mock's driver is told of the page table it is to make. */
function mockData({ dataType = 0, dataLength = 0, data }: HwptAllocation): {
  readonly iotlb: number;
} {
  const unknown = dataType !== SELFTEST_HWPT_DATA;
  refuseIf(unknown, 'EOPNOTSUPP', `the driver knows no data of type ${dataType}`);
  const { iotlb, pageTable } = structFromUser(SELFTEST_HWPT, 4, data, dataLength);
  refuseIf(pageTable !== 0, 'EOPNOTSUPP', `the driver has no page tables of kind ${pageTable}`);
  return { iotlb };
}

function faultQueueOf(state: IommufdState, flags: number, faultId: number): FaultQueue | undefined {
  return has(flags, HWPT_FAULT_ID_VALID) ? state.table.get(faultId, 'fault-queue') : undefined;
}

function startDomain(
  { breach }: IommufdState,
  domain: number,
  kind: DomainKind,
  handlesFaults: boolean,
): Actor<typeof domainMachine> {
  const made = createActor(DOMAIN, { input: { domain, kind, handlesFaults } });
  const actor = domainOwners.enter(made, breach).start();
  actor.send({ type: 'domain.allocate' });
  return actor;
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;
const hasOthers = (flags: number, known: number): boolean => (flags & ~known) !== 0;
