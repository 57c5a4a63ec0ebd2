/**
 * Hardware info: what the mock's driver tells a user of a device.
 *
 * Kernel: drivers/iommu/iommufd/device.c, iommufd_get_hw_info(); selftest.c, mock_domain_hw_info().
 */
import { refuseIf } from './iommufd-error.ts';
import type { IommufdState } from './iommufd-state.ts';
import { MOCK_PASID_BITS } from './mock-device.ts';
import { SELFTEST_HW_INFO } from './uapi.ts';

export type HwInfo = {
  readonly type: number;
  readonly pasidBits: number;
  readonly capabilities: number;
  readonly flags: number;
  readonly register: number;
  readonly length: number;
};

const CAP_DIRTY_TRACKING = 1;
/** The mock's devices have no ATS. */
const CAP_NO_ATS = 8;
const FLAG_INPUT_TYPE = 1;
const TEST_REGISTER = 0xdeadbeef;
const TEST_INFO_BYTES = 8;

/** IOMMU_GET_HW_INFO. @throws IommufdError EOPNOTSUPP, ENOENT. */
export function hwInfo(
  { table }: IommufdState,
  devId: number,
  flags: number,
  dataType: number,
): HwInfo {
  refuseIf((flags & ~FLAG_INPUT_TYPE) !== 0, 'EOPNOTSUPP', 'an unknown flag is set');
  return table.using(devId, ['device'], ({ mock }) => {
    const wanted = (flags & FLAG_INPUT_TYPE) === 0 ? 0 : dataType;
    const unknown = wanted !== 0 && wanted !== SELFTEST_HW_INFO;
    refuseIf(unknown, 'EOPNOTSUPP', `the driver has no info of type ${wanted}`);
    return {
      type: SELFTEST_HW_INFO,
      pasidBits: mock.pasidsMax === 0 ? 0 : MOCK_PASID_BITS,
      capabilities: CAP_NO_ATS | (mock.tracksDirty ? CAP_DIRTY_TRACKING : 0),
      flags: 0,
      register: TEST_REGISTER,
      length: TEST_INFO_BYTES,
    };
  });
}
