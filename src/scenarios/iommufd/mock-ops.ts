/**
 * Mock ops: what a recording's self-test does to an iommufd from below: devices, attachments, faults, events, probes.
 */
import { answered, done, idOf, type OpAnswer, type OpTable, USER_BUFFER } from './op-row.ts';

const NO_VALUES = [null, null, null, null];

const attachedTo = (id: number): OpAnswer => answered((names) => ({ pt: names.nameOf(id) }));

export const MOCK_OPS: OpTable = {
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
  trigger_vevent: {
    ids: ['dev'],
    run: (replay, given) => {
      replay.calls.reportEvent(idOf(replay, given, 'dev'));
      return done;
    },
  },
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
};
