/** Spec 02, section 3, "Driver side preconditions for SVA": each condition broken alone, and the order they fail in. */
import { expect, test } from 'vitest';

import {
  type AmdFacts,
  type SmmuFacts,
  SVA_PRECONDITIONS,
  type SvaFacts,
  svaErrno,
  type VtdFacts,
} from '../../../src/actors/sva-preconditions.ts';

const VTD: VtdFacts = {
  driver: 'vtd',
  scalableMode: true,
  pageWalkSnoop: true,
  cpuHasGigabytePages: true,
  unitHasGigabytePages: true,
  cpuHasFiveLevels: true,
  unitHasFiveLevels: true,
  pasidEnabled: true,
  atsEnabled: true,
  priSupported: true,
  priEnabled: true,
};
const AMD: AmdFacts = {
  driver: 'amd',
  replaces: false,
  pasid: 1,
  pasidsMax: 0x10000,
  pasidEnabled: true,
  ridDomain: 'v2',
};
const SMMU: SmmuFacts = {
  driver: 'smmuv3',
  svaFeature: true,
  mmHasUsers: true,
  sameUnit: true,
  ridDomain: 'context-table',
};

const ROWS: readonly { readonly row: string; readonly facts: SvaFacts; readonly errno: unknown }[] =
  [
    { row: 'VT-d, all well', facts: VTD, errno: 0 },
    { row: 'VT-d, legacy mode', facts: { ...VTD, scalableMode: false }, errno: 'ENODEV' },
    { row: 'VT-d, no page-walk snoop', facts: { ...VTD, pageWalkSnoop: false }, errno: 'ENODEV' },
    {
      row: 'VT-d, 1 GiB pages of the CPU only',
      facts: { ...VTD, unitHasGigabytePages: false },
      errno: 'ENODEV',
    },
    {
      row: 'VT-d, 1 GiB pages of neither',
      facts: { ...VTD, unitHasGigabytePages: false, cpuHasGigabytePages: false },
      errno: 0,
    },
    {
      row: 'VT-d, five levels of the CPU only',
      facts: { ...VTD, unitHasFiveLevels: false },
      errno: 'ENODEV',
    },
    {
      row: 'VT-d, five levels of the unit only',
      facts: { ...VTD, cpuHasFiveLevels: false },
      errno: 0,
    },
    { row: 'VT-d, PASID off', facts: { ...VTD, pasidEnabled: false }, errno: 'EINVAL' },
    { row: 'VT-d, ATS off', facts: { ...VTD, atsEnabled: false }, errno: 'EINVAL' },
    { row: 'VT-d, PRI there but off', facts: { ...VTD, priEnabled: false }, errno: 'EINVAL' },
    {
      row: 'VT-d, no PRI: device-specific fault handling is assumed',
      facts: { ...VTD, priSupported: false, priEnabled: false },
      errno: 0,
    },
    { row: 'AMD, all well', facts: AMD, errno: 0 },
    { row: 'AMD, PASID off', facts: { ...AMD, pasidEnabled: false }, errno: 'EINVAL' },
    { row: 'AMD, v1 domain', facts: { ...AMD, ridDomain: 'v1' }, errno: 'EINVAL' },
    { row: 'AMD, blocked function', facts: { ...AMD, ridDomain: 'blocked' }, errno: 'EINVAL' },
    { row: 'AMD, identity domain', facts: { ...AMD, ridDomain: 'identity' }, errno: 0 },
    { row: 'AMD, PASID 0', facts: { ...AMD, pasid: 0 }, errno: 'EINVAL' },
    { row: 'AMD, PASID at the maximum', facts: { ...AMD, pasid: 0x10000 }, errno: 'EINVAL' },
    { row: 'AMD, largest PASID', facts: { ...AMD, pasid: 0xffff }, errno: 0 },
    { row: 'AMD, old domain given', facts: { ...AMD, replaces: true }, errno: 'EOPNOTSUPP' },
    { row: 'SMMUv3, all well', facts: SMMU, errno: 0 },
    { row: 'SMMUv3, no SVA feature', facts: { ...SMMU, svaFeature: false }, errno: 'EOPNOTSUPP' },
    { row: 'SMMUv3, mm without users', facts: { ...SMMU, mmHasUsers: false }, errno: 'EINVAL' },
    { row: 'SMMUv3, another SMMU', facts: { ...SMMU, sameUnit: false }, errno: 'EINVAL' },
    {
      row: 'SMMUv3, function on identity',
      facts: { ...SMMU, ridDomain: 'identity' },
      errno: 0,
    },
    { row: 'SMMUv3, function blocked', facts: { ...SMMU, ridDomain: 'blocked' }, errno: 0 },
    {
      row: 'SMMUv3, function on a second stage',
      facts: { ...SMMU, ridDomain: 'second-stage' },
      errno: 'EINVAL',
    },
    { row: 'SMMUv3, function nested', facts: { ...SMMU, ridDomain: 'nested' }, errno: 'EINVAL' },
  ];

test.each(ROWS)('$row: $errno', ({ facts, errno }) => {
  expect(svaErrno(facts)).toBe(errno);
});

test('each condition is one labelled row, in the order it is checked', () => {
  const labels = Object.values(SVA_PRECONDITIONS).map((rows) =>
    rows.map(({ errno, checkedAt }) => `${errno} ${checkedAt}`),
  );

  expect(labels).toEqual([
    [
      'ENODEV allocation',
      'ENODEV allocation',
      'ENODEV allocation',
      'ENODEV allocation',
      'EINVAL allocation',
      'EINVAL allocation',
      'EINVAL allocation',
    ],
    ['EOPNOTSUPP attach', 'EINVAL attach', 'EINVAL attach', 'EINVAL attach'],
    ['EOPNOTSUPP allocation', 'EINVAL attach', 'EINVAL attach', 'EINVAL attach'],
  ]);
});

test('the first broken condition decides: VT-d’s capabilities before what the device has enabled', () => {
  expect(svaErrno({ ...VTD, pasidEnabled: false, scalableMode: false })).toBe('ENODEV');
  expect(svaErrno({ ...AMD, pasid: 0, replaces: true })).toBe('EOPNOTSUPP');
});
