/** Storm memory as small as it can be, for tests of single parts. */
import {
  type StormMemory,
  type StormSizes,
  stormMemory,
} from '../../../src/workers/storm-memory.ts';
import type { UnitKind } from '../../../src/workers/unit-kind.ts';

const SIZES: StormSizes = {
  devices: 2,
  mms: 2,
  streams: 4,
  pasidSpace: 3,
  resolvers: 1,
  ringEntries: 128,
  groupsMax: 8,
  requestsMax: 8,
  tableFrames: 8,
  dataFrames: 8,
};

export const smallMemory = (sizes: Partial<StormSizes> = {}, unit: UnitKind = 'vtd'): StormMemory =>
  stormMemory(unit, { ...SIZES, ...sizes }, { starts: [0], kinds: [], pfns: [] });
