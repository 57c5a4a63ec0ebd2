/**
 * Fault file: the queue that faults of its page tables come to, and the file by which a VMM reads and answers them.
 *
 * Kernel: drivers/iommu/iommufd/eventq.c, iommufd_fault_fops_read(), iommufd_fault_fops_write(),
 *         iommufd_auto_response_faults(), iommufd_fault_destroy().
 * Actor:  the deliver-list, response-table and fault-file-reader machines live, once a queue.
 */
import { type Actor, createActor } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { type DeliveredGroup, deliverListMachine } from '../machines/deliver-list.ts';
import { faultFileReaderMachine } from '../machines/fault-file-reader.ts';
import { IOMMUFD_7_3 } from '../machines/iommufd-rules.ts';
import { freeCookie, responseTableMachine } from '../machines/response-table.ts';
import { type IommufdErrno, refuse, refuseIf } from './iommufd-error.ts';
import { Owners } from './owners.ts';
import type { ReportedFault, ReportPath } from './report-path.ts';
import {
  FAULT_LAST_PAGE,
  FAULT_PASID_VALID,
  FAULT_RECORD,
  FAULT_RESPONSE,
  highWord,
  lowWord,
} from './uapi.ts';
import { type PollEvents, type UserBuffer, viewOf } from './user-memory.ts';

/** The answers a user may give. */
const CODES: readonly PageResponseCode[] = ['success', 'invalid'];

type Copy = { readonly group: number; readonly handle: number; readonly cookie: number };

/** What the machines of a file do to it and to one another. */
type Hands = {
  readonly list: () => Actor<typeof deliverListMachine>;
  readonly table: () => Actor<typeof responseTableMachine>;
  readonly answer: (group: number, code: PageResponseCode) => void;
  readonly copy: (copy: Copy) => void;
  readonly refuse: () => void;
  readonly finish: (errno: IommufdErrno | 0) => void;
  readonly breach: (sentence: string) => void;
};

const owners = new Owners<Hands>();
const LIST = deliverListMachine.provide({
  actions: {
    answerAll: ({ self }, { groups }) => {
      for (const group of groups) owners.of(self).answer(group, 'invalid');
    },
    violate: ({ self }, { sentence }) => owners.of(self).breach(`a deliver list: ${sentence}`),
  },
});
const TABLE = responseTableMachine.provide({
  actions: {
    answer: ({ self }, { group, code }) => owners.of(self).answer(group, code),
    answerAll: ({ self }, { groups }) => {
      for (const group of groups) owners.of(self).answer(group, 'invalid');
    },
    refuse: ({ self }) => owners.of(self).refuse(),
    violate: ({ self }, { sentence }) => owners.of(self).breach(`a response table: ${sentence}`),
  },
});
const READER = faultFileReaderMachine.provide({
  actions: {
    restore: ({ self }, group) =>
      owners
        .of(self)
        .list()
        .send({ type: 'group.restore', ...group }),
    copyToUser: ({ self }, copy) => owners.of(self).copy(copy),
    allotCookie: ({ self }, of) =>
      owners
        .of(self)
        .table()
        .send({ type: 'cookie.allot', ...of }),
    eraseCookie: ({ self }, { group }) =>
      owners.of(self).table().send({ type: 'cookie.erase', group }),
    return: ({ self }, { errno }) => owners.of(self).finish(errno),
    violate: ({ self }, { unexpected }) => owners.of(self).breach(`a reader met ${unexpected}`),
  },
  guards: { mutexIsFree: () => true },
});

export class FaultFile {
  readonly #path: ReportPath;
  readonly #devIdOf: (handle: number) => number;
  readonly #list: Actor<typeof deliverListMachine>;
  readonly #table: Actor<typeof responseTableMachine>;
  readonly #reader: Actor<typeof faultFileReaderMachine>;
  #refused = false;
  /** The system call under way: where it copies to, what came out. */
  #buffer: UserBuffer;
  #copied = 0;
  #errno: IommufdErrno | 0 = 0;

  /** `devIdOf` follows an attach handle to the id of its device. */
  constructor(
    path: ReportPath,
    devIdOf: (handle: number) => number,
    breach: (sentence: string) => void,
  ) {
    this.#path = path;
    this.#devIdOf = devIdOf;
    const hands: Hands = {
      list: () => this.#list,
      table: () => this.#table,
      answer: (group, code) => path.answer(group, code),
      copy: (copy) => this.#copy(copy),
      refuse: () => {
        this.#refused = true;
      },
      finish: (errno) => {
        this.#errno = errno;
      },
      breach,
    };
    const table = createActor(TABLE, { input: { cookies: IOMMUFD_7_3.cookies } });
    const reader = createActor(READER, { input: { onCopyFault: IOMMUFD_7_3.onCopyFault } });
    this.#list = owners.enter(createActor(LIST), hands).start();
    this.#table = owners.enter(table, hands).start();
    this.#reader = owners.enter(reader, hands).start();
  }

  /** A group comes from the report path. */
  deliver(group: DeliveredGroup): void {
    this.#list.send({ type: 'group.deliver', ...group });
  }

  /**
   * Copies whole groups to `buffer`, `count` bytes long.
   *
   * @returns the bytes copied; 0 when no group waits. @throws IommufdError ESPIPE, EINVAL, EFAULT.
   */
  read(buffer: UserBuffer, count: number, offset = 0): number {
    const misplaced = offset !== 0 || count % FAULT_RECORD.bytes !== 0;
    refuseIf(misplaced, 'ESPIPE', `a read takes whole records of ${FAULT_RECORD.bytes} bytes`);
    this.#buffer = buffer;
    this.#copied = 0;
    const reader = this.#reader;
    reader.send({ type: 'read.begin', room: count / FAULT_RECORD.bytes });
    for (let state = reader.getSnapshot(); !state.matches('idle'); state = reader.getSnapshot()) {
      if (state.matches('fetching')) this.#fetch();
      else if (state.matches('numbering')) this.#number();
      else if (state.matches('copying')) {
        reader.send({ type: buffer === undefined ? 'copy.failed' : 'copy.done' });
      } else reader.send({ type: 'step' });
    }
    const errno = this.#errno;
    if (errno !== 0) refuse(errno, READ_REASONS[errno] ?? 'the read failed');
    return this.#copied;
  }

  /**
   * Takes answers from `buffer`, `count` bytes long, in order, up to the first that is wrong.
   *
   * @returns the bytes taken, however the next answer failed. @throws IommufdError ESPIPE, EFAULT, EINVAL.
   */
  write(buffer: UserBuffer, count: number, offset = 0): number {
    const misplaced = offset !== 0 || count % FAULT_RESPONSE.bytes !== 0;
    refuseIf(misplaced, 'ESPIPE', `a write takes whole answers of ${FAULT_RESPONSE.bytes} bytes`);
    const view = buffer && viewOf(buffer);
    for (let at = 0; at < count; at += FAULT_RESPONSE.bytes) {
      const fault = this.#answer(view, at);
      if (fault === undefined) continue;
      if (at > 0) return at;
      refuse(...fault);
    }
    return count;
  }

  poll(): PollEvents {
    return { readable: this.#list.getSnapshot().context.groups.length > 0, writeable: true };
  }

  /** Answers what the attachment behind `handle` still owes: its hardware is off already. */
  sweep(handle: number): void {
    this.#list.send({ type: 'handle.sweep', handle });
    this.#table.send({ type: 'handle.sweep', handle });
  }

  /** The queue is destroyed: every group it holds is answered. */
  sweepAll(): void {
    this.#list.send({ type: 'list.sweep' });
    this.#table.send({ type: 'table.sweep' });
  }

  #fetch(): void {
    const { context } = this.#list.getSnapshot();
    const [oldest] = context.groups;
    if (oldest === undefined) {
      this.#reader.send({ type: 'list.empty' });
      return;
    }
    this.#list.send({ type: 'group.fetch' });
    this.#reader.send({ type: 'group.found', ...oldest });
  }

  #number(): void {
    const cookie = freeCookie(this.#table.getSnapshot().context);
    this.#reader.send({ type: 'cookie.free', cookie });
  }

  #answer(view: DataView | undefined, at: number): [IommufdErrno, string] | undefined {
    if (view === undefined || view.byteLength < at + FAULT_RESPONSE.bytes) {
      return ['EFAULT', 'an answer is not in mapped memory'];
    }
    const { cookie, code: number } = FAULT_RESPONSE.read(view, at);
    const code = CODES[number];
    if (code === undefined) return ['EINVAL', `an answer has code ${number}, which is not 0 or 1`];
    this.#refused = false;
    this.#table.send({ type: 'cookie.answer', cookie, code, meant: undefined });
    return this.#refused
      ? ['EINVAL', `no group awaits an answer under cookie ${cookie}`]
      : undefined;
  }

  #copy({ group, handle, cookie }: Copy): void {
    invariant(this.#buffer !== undefined, 'a group is copied to memory that is not there');
    const view = viewOf(this.#buffer);
    const devId = this.#devIdOf(handle);
    for (const fault of this.#path.faultsOf(group)) {
      FAULT_RECORD.write(view, this.#copied, recordOf(fault, devId, cookie));
      this.#copied += FAULT_RECORD.bytes;
    }
    this.#path.take(group);
  }
}

const READ_REASONS: { readonly [Errno in IommufdErrno]?: string } = {
  EINVAL: 'the oldest group has more records than the buffer holds',
  EFAULT: 'the buffer is not mapped',
};

const recordOf = (fault: ReportedFault, devId: number, cookie: number) => ({
  flags: (fault.pasid === 0 ? 0 : FAULT_PASID_VALID) | (fault.last ? FAULT_LAST_PAGE : 0),
  devId,
  pasid: fault.pasid,
  groupId: fault.groupId,
  permissions: fault.permissions,
  reserved: 0,
  address: lowWord(fault.address),
  addressHigh: highWord(fault.address),
  length: 0,
  cookie,
});
