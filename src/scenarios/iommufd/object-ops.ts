/**
 * Object ops: recorded system calls on an iommufd and its objects.
 */
import type { Invalidated } from '../../iommufd/invalidation.ts';
import type { WithFile } from '../../iommufd/iommufd-calls.ts';
import {
  SELFTEST_EVENT_QUEUE,
  SELFTEST_HW_QUEUE,
  SELFTEST_HWPT,
  SELFTEST_INVALIDATE_DATA,
  SELFTEST_VIOMMU,
  SELFTEST_VIOMMU_DATA,
} from '../../iommufd/uapi.ts';
import { viewOf } from '../../iommufd/user-memory.ts';
import type { OpArguments } from './op-arguments.ts';
import {
  answered,
  done,
  hex,
  idOf,
  type OpAnswer,
  type OpTable,
  type Replay,
  USER_BUFFER,
} from './op-row.ts';

/** What the recorder gives a nested page table as its first translations. */
const IOTLB_INITIAL = 0xbadbeef;
/** A caller may claim more requests than any kernel takes. */
const CLAIMED_BYTES_MAX = 2 ** 23;

const madeBy = (id: number): OpAnswer => answered((names) => ({ id: names.nameOf(id) }));

function madeWithFile({ names }: Replay, given: OpArguments, { id, file }: WithFile): OpAnswer {
  names.bindFile(given.text('out'), file);
  return madeBy(id);
}

export const OBJECT_OPS: OpTable = {
  ioas_alloc: {
    ids: [],
    run: ({ calls }, given) => madeBy(calls.ioasAlloc(given.number('flags', 0))),
  },
  ioas_map: {
    ids: ['ioas'],
    run: (replay, given) => {
      const iova = replay.calls.ioasMap({
        ioasId: idOf(replay, given, 'ioas'),
        flags: given.number('flags', 7),
        userAddress: USER_BUFFER + given.wide('off', 0n),
        length: given.wide('len', 4096n),
        iova: given.wide('iova', 0n),
      });
      return answered(() => ({ iova: hex(iova) }));
    },
  },
  ioas_unmap: {
    ids: ['ioas'],
    run: (replay, given) => {
      const ioas = idOf(replay, given, 'ioas');
      const length = replay.calls.ioasUnmap(ioas, given.wide('iova'), given.wide('len'));
      return answered(() => ({ len: hex(length) }));
    },
  },
  ioas_copy: {
    ids: ['dst', 'src'],
    run: (replay, given) => {
      const iova = replay.calls.ioasCopy({
        flags: given.number('flags', 7),
        dstIoasId: idOf(replay, given, 'dst'),
        srcIoasId: idOf(replay, given, 'src'),
        length: given.wide('len'),
        dstIova: given.wide('dst_iova'),
        srcIova: given.wide('src_iova'),
      });
      return answered(() => ({ iova: hex(iova) }));
    },
  },
  iova_ranges: {
    ids: ['ioas'],
    run: (replay, given) => {
      const { ranges, alignment } = replay.calls.iovaRanges(idOf(replay, given, 'ioas'));
      return answered(() => ({
        ranges: ranges.map(({ first, last }) => [hex(first), hex(last)]),
        align: Number(alignment),
      }));
    },
  },
  fault_alloc: {
    ids: [],
    run: (replay, given) =>
      madeWithFile(replay, given, replay.calls.faultQueueAlloc(given.number('flags', 0))),
  },
  hwpt_alloc: {
    ids: ['dev', 'pt', 'fault'],
    run: (replay, given) => {
      const dataLength = given.number('dlen', 0);
      const data = given.memory(Math.max(dataLength, SELFTEST_HWPT.bytes));
      SELFTEST_HWPT.write(viewOf(data), 0, {
        iotlb: IOTLB_INITIAL,
        pageTable: given.number('pgt', 0),
      });
      const id = replay.calls.hwptAlloc({
        devId: idOf(replay, given, 'dev'),
        ptId: idOf(replay, given, 'pt'),
        flags: given.number('flags', 0),
        faultId: given.has('fault') ? idOf(replay, given, 'fault') : 0,
        dataType: given.number('dtype', 0),
        dataLength,
        data: given.flag('dnull') ? undefined : data,
        reserved: given.number('resv', 0),
      });
      return madeBy(id);
    },
  },
  destroy: {
    ids: ['id'],
    run: (replay, given) => {
      replay.calls.destroy(idOf(replay, given, 'id'));
      return done;
    },
  },
  viommu_alloc: {
    ids: ['dev', 'hwpt'],
    run: (replay, given) => {
      const data = new Uint8Array(SELFTEST_VIOMMU_DATA.bytes);
      const inData = given.number('data', 0);
      viewOf(data).setUint32(0, inData, true);
      const id = replay.calls.viommuAlloc({
        devId: idOf(replay, given, 'dev'),
        hwptId: idOf(replay, given, 'hwpt'),
        type: given.number('type', SELFTEST_VIOMMU),
        flags: given.number('flags', 0),
        data,
        dataLength: given.has('data') ? data.length : 0,
      });
      if (!given.has('data')) return madeBy(id);
      const { outData, mmapLength } = SELFTEST_VIOMMU_DATA.read(viewOf(data), 0);
      return answered((names) => ({
        id: names.nameOf(id),
        out_data: outData,
        mmap_len: mmapLength,
      }));
    },
  },
  vdevice_alloc: {
    ids: ['viommu', 'dev'],
    run: (replay, given) =>
      madeBy(
        replay.calls.vdeviceAlloc({
          viommuId: idOf(replay, given, 'viommu'),
          devId: idOf(replay, given, 'dev'),
          virtId: given.wide('virt_id'),
        }),
      ),
  },
  veventq_alloc: {
    ids: ['viommu'],
    run: (replay, given) =>
      madeWithFile(
        replay,
        given,
        replay.calls.veventqAlloc({
          viommuId: idOf(replay, given, 'viommu'),
          type: given.number('type', SELFTEST_EVENT_QUEUE),
          depth: given.number('depth', 2),
          flags: given.number('flags', 0),
        }),
      ),
  },
  hw_queue_alloc: {
    ids: ['viommu'],
    run: (replay, given) =>
      madeBy(
        replay.calls.hwQueueAlloc({
          viommuId: idOf(replay, given, 'viommu'),
          type: given.number('type', SELFTEST_HW_QUEUE),
          index: given.number('index'),
          iova: given.wide('iova'),
          length: given.wide('len', 4096n),
        }),
      ),
  },
  hwpt_invalidate: { ids: ['id'], run: (replay, given) => invalidate(replay, given, 2) },
  viommu_invalidate: { ids: ['id'], run: (replay, given) => invalidate(replay, given, 3) },
  set_dirty: {
    ids: ['hwpt'],
    run: (replay, given) => {
      replay.calls.setDirtyTracking(idOf(replay, given, 'hwpt'), given.number('flags', 0));
      return done;
    },
  },
  hw_info: {
    ids: ['dev'],
    run: (replay, given) => {
      const dev = idOf(replay, given, 'dev');
      const info = replay.calls.hwInfo(dev, given.number('flags', 0), given.number('dtype', 0));
      return answered(() => ({
        type: info.type,
        max_pasid_log2: info.pasidBits,
        caps: info.capabilities,
        flags: info.flags,
        reg: info.register,
        len: info.length,
      }));
    },
  },
};

/** Requests of `words` words each, one behind the other whatever length the caller claims for them. */
function invalidate(replay: Replay, given: OpArguments, words: number): OpAnswer {
  const rows = given.rows('ents', words).flat();
  const entryCount = given.number('num', rows.length / words);
  const entryLength = given.number('elen', words * 4);
  const claimed = Math.min(entryCount * entryLength, CLAIMED_BYTES_MAX);
  const data = given.memory(Math.max(rows.length * 4, claimed));
  for (const [index, word] of rows.entries()) viewOf(data).setUint32(index * 4, word, true);
  const { processed, error }: Invalidated = replay.calls.invalidate({
    id: idOf(replay, given, 'id'),
    dataType: given.number('dtype', SELFTEST_INVALIDATE_DATA),
    entryLength,
    entryCount,
    data: given.flag('dnull') ? undefined : data,
  });
  const result = error === undefined ? { ret: 0 } : { ret: -1, err: error.errno };
  return { result, out: () => ({ num: processed }) };
}
