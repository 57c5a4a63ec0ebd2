/**
 * File ops: recorded operations on the files of fault and event queues, byte by byte.
 */
import { IommufdError, refuse } from '../../iommufd/iommufd-error.ts';
import type { OpenFile } from '../../iommufd/open-file.ts';
import {
  EVENT_HEADER,
  EVENT_LOST,
  FAULT_RECORD,
  FAULT_RESPONSE,
  join,
  SELFTEST_EVENT,
} from '../../iommufd/uapi.ts';
import { viewOf } from '../../iommufd/user-memory.ts';
import type { OpArguments } from './op-arguments.ts';
import { answered, done, hex, type OpTable, type Replay } from './op-row.ts';
import type { JsonObject } from './recorded-sequence.ts';
import type { SequenceNames } from './sequence-names.ts';

const EVENT_BYTES = EVENT_HEADER.bytes + SELFTEST_EVENT.bytes;
const POLL_IN = 1;
const POLL_OUT = 4;
const POLL_RDNORM = 64;

const fileOf = ({ names }: Replay, given: OpArguments, argument: string): OpenFile =>
  names.file(given.reference(argument)) ?? refuse('EBADF', 'no such file is open');

/** Reads `bytes`, or `n` records. */
function read(replay: Replay, given: OpArguments, argument: string, recordBytes: number) {
  const file = fileOf(replay, given, argument);
  const bytes = given.number('bytes', given.number('n', 1) * recordBytes);
  const buffer = given.memory(bytes);
  const ret = file.read(given.flag('badptr') ? undefined : buffer, bytes);
  return { ret, view: viewOf(buffer) };
}

export const FILE_OPS: OpTable = {
  fread: {
    ids: [],
    run: (replay, given) => {
      const { ret, view } = read(replay, given, 'fq', FAULT_RECORD.bytes);
      return answered((names) => ({ recs: faultRecords(view, ret, names) }), ret);
    },
  },
  fwrite: {
    ids: [],
    run: (replay, given) => {
      const file = fileOf(replay, given, 'fq');
      const answers = given.rows('resp', 2);
      const bytes = given.number('bytes', answers.length * FAULT_RESPONSE.bytes);
      const buffer = given.memory(Math.max(bytes, answers.length * FAULT_RESPONSE.bytes));
      for (const [index, [cookie = 0, code = 0]] of answers.entries()) {
        FAULT_RESPONSE.write(viewOf(buffer), index * FAULT_RESPONSE.bytes, { cookie, code });
      }
      return { result: { ret: file.write(given.flag('badptr') ? undefined : buffer, bytes) } };
    },
  },
  vread: {
    ids: [],
    run: (replay, given) => {
      const { ret, view } = read(replay, given, 'vq', EVENT_BYTES);
      return answered(() => ({ evs: events(view, ret) }), ret);
    },
  },
  poll: {
    ids: [],
    run: ({ names }, given) => {
      const file = names.file(given.reference('fd'));
      if (file === undefined) return answered(() => ({ revents: 0 }));
      const { readable, writeable } = file.poll();
      const revents = (readable ? POLL_IN | POLL_RDNORM : 0) | (writeable ? POLL_OUT : 0);
      return answered(() => ({ revents }), revents === 0 ? 0 : 1);
    },
  },
  close: {
    ids: [],
    run: (replay, given) => {
      fileOf(replay, given, 'fd').close();
      return done;
    },
  },
  close_ctx: {
    ids: [],
    run: ({ calls }) => {
      if (!calls.isOpen) throw new IommufdError('EBADF', 'the iommufd is closed');
      calls.close();
      return done;
    },
  },
};

function faultRecords(view: DataView, bytes: number, names: SequenceNames): readonly JsonObject[] {
  const count = Math.floor(bytes / FAULT_RECORD.bytes);
  return Array.from({ length: count }, (_, index) => {
    const record = FAULT_RECORD.read(view, index * FAULT_RECORD.bytes);
    return {
      flags: record.flags,
      dev: names.nameOf(record.devId),
      dev_id: record.devId,
      pasid: record.pasid,
      grpid: record.groupId,
      perm: record.permissions,
      addr: hex(join(record.address, record.addressHigh)),
      length: record.length,
      cookie: record.cookie,
      resv: record.reserved,
    };
  });
}

function events(view: DataView, bytes: number): readonly JsonObject[] {
  const found: JsonObject[] = [];
  for (let at = 0; at + EVENT_HEADER.bytes <= bytes; ) {
    const { flags, sequence } = EVENT_HEADER.read(view, at);
    at += EVENT_HEADER.bytes;
    const lost = (flags & EVENT_LOST) !== 0;
    if (lost || at + SELFTEST_EVENT.bytes > bytes) found.push({ flags, seq: sequence });
    else {
      found.push({ flags, seq: sequence, virt_id: SELFTEST_EVENT.read(view, at).virtId });
      at += SELFTEST_EVENT.bytes;
    }
  }
  return found;
}
