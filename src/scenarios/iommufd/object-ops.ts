/**
 * Object ops: recorded system calls on an iommufd, and what the self-test does to it from below.
 */
import type { Invalidated } from '../../iommufd/invalidation.ts';
import type { WithFile } from '../../iommufd/iommufd-calls.ts';
import {
  SELFTEST_EVENT_QUEUE,
  SELFTEST_HW_QUEUE,
  SELFTEST_HWPT,
  SELFTEST_INVALIDATE_DATA,
  SELFTEST_VIOMMU,
} from '../../iommufd/uapi.ts';
import { viewOf } from '../../iommufd/user-memory.ts';
import type { OpArguments } from './op-arguments.ts';
import { answered, done, hex, idOf, type OpAnswer, type OpTable, type Replay } from './op-row.ts';

/** Where the recorder's buffer of 1 MiB lies. */
const USER_BUFFER = 0x2_0000_0000n;
/** What the recorder gives a nested page table as its first translations. */
const IOTLB_INITIAL = 0xbadbeef;
const MMAP_LENGTH = 8192;
/** A caller may claim more requests than any kernel takes. */
const CLAIMED_BYTES_MAX = 2 ** 23;
const NO_VALUES = [null, null, null, null];

const madeBy = (id: number): OpAnswer => answered((names) => ({ id: names.nameOf(id) }));
const attachedTo = (id: number): OpAnswer => answered((names) => ({ pt: names.nameOf(id) }));

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
  check_map: {
    ids: ['hwpt'],
    run: (replay, given) => {
      const user = USER_BUFFER + given.wide('off', 0n);
      const hwpt = idOf(replay, given, 'hwpt');
      replay.calls.checkMap(hwpt, given.wide('iova'), given.wide('len'), user);
      return done;
    },
  },
  mock_domain: {
    ids: ['pt'],
    run: (replay, given) => {
      const pt = idOf(replay, given, 'pt');
      const { devId, selftestId, hwptId } = replay.calls.mockDomain(pt, given.number('flags', 0));
      return answered((names) => ({
        dev: names.nameOf(devId),
        stdev: names.nameOf(selftestId),
        hwpt: names.nameOf(hwptId),
      }));
    },
  },
  replace: {
    ids: ['stdev', 'pt'],
    run: (replay, given) => {
      const stdev = idOf(replay, given, 'stdev');
      return attachedTo(replay.calls.replace(stdev, 0, idOf(replay, given, 'pt')));
    },
  },
  pasid_attach: {
    ids: ['stdev', 'pt'],
    run: (replay, given) => {
      const stdev = idOf(replay, given, 'stdev');
      const pt = idOf(replay, given, 'pt');
      return attachedTo(replay.calls.attach(stdev, given.number('pasid'), pt));
    },
  },
  pasid_replace: {
    ids: ['stdev', 'pt'],
    run: (replay, given) => {
      const stdev = idOf(replay, given, 'stdev');
      const pt = idOf(replay, given, 'pt');
      return attachedTo(replay.calls.replace(stdev, given.number('pasid'), pt));
    },
  },
  pasid_detach: {
    ids: ['stdev'],
    run: (replay, given) => {
      replay.calls.detach(idOf(replay, given, 'stdev'), given.number('pasid'));
      return done;
    },
  },
  pasid_check: {
    ids: ['stdev', 'hwpt'],
    run: (replay, given) => {
      const hwpt = given.has('hwpt') ? idOf(replay, given, 'hwpt') : 0;
      replay.calls.checkAttached(idOf(replay, given, 'stdev'), given.number('pasid'), hwpt);
      return done;
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
      const data = new Uint8Array(Math.max(dataLength, SELFTEST_HWPT.bytes));
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
  iopf: {
    ids: ['dev'],
    run: (replay, given) => {
      const errno = replay.calls.reportFault(idOf(replay, given, 'dev'), {
        pasid: given.number('pasid', 0),
        groupId: given.number('grpid', 0),
        permissions: given.number('perm', 3),
        address: given.wide('addr', 0n),
        last: !given.flag('partial'),
      });
      return { result: { ret: 0, report: errno === 0 ? 'OK' : errno } };
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
      const id = replay.calls.viommuAlloc({
        devId: idOf(replay, given, 'dev'),
        hwptId: idOf(replay, given, 'hwpt'),
        type: given.number('type', SELFTEST_VIOMMU),
        flags: given.number('flags', 0),
      });
      if (!given.has('data')) return madeBy(id);
      // The mock hands the caller's data back, with the length of a page to map.
      return answered((names) => ({
        id: names.nameOf(id),
        out_data: given.number('data'),
        mmap_len: MMAP_LENGTH,
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
  trigger_vevent: {
    ids: ['dev'],
    run: (replay, given) => {
      replay.calls.reportEvent(idOf(replay, given, 'dev'));
      return done;
    },
  },
  hwpt_invalidate: { ids: ['id'], run: (replay, given) => invalidate(replay, given, 2) },
  viommu_invalidate: { ids: ['id'], run: (replay, given) => invalidate(replay, given, 3) },
  iotlb: {
    ids: ['hwpt'],
    run: (replay, given) => {
      const vals = replay.calls.iotlb(idOf(replay, given, 'hwpt'));
      return answered(() => ({ vals }));
    },
    onError: () => () => ({ vals: NO_VALUES }),
  },
  cache: {
    ids: ['dev'],
    run: (replay, given) => {
      const vals = replay.calls.cache(idOf(replay, given, 'dev'));
      return answered(() => ({ vals }));
    },
    onError: () => () => ({ vals: NO_VALUES }),
  },
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
  const data = new Uint8Array(Math.max(rows.length * 4, claimed));
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
