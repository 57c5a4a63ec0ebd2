/**
 * Report path: from a fault that a device's driver reports to the group that a handler gets, and back to the response.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_report_device_fault(), iopf_group_response(), iopf_free_group();
 *         drivers/iommu/iommufd/eventq.c, iommufd_fault_iopf_handler().
 * Actor:  the page-request-thread machine live, once; fault-queue and fault-reporting once a device; a
 *         page-request-group for each slot that groups in flight have ever filled.
 *
 * The machines carry what decides; a request's exact bits wait here under its number, which is the PRG epoch that the
 * machines pass on and never look at.
 */
import { type Actor, createActor } from 'xstate';

import type { Driver } from '../actors/driver.ts';
import { MOCK_REQUESTS } from '../actors/mock-driver.ts';
import {
  type IovaPfn,
  type Pasid,
  type PrgIndex,
  type RequesterId,
  requesterId,
} from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import type { DeliveredGroup } from '../machines/deliver-list.ts';
import type { RequestRecord } from '../machines/page-request-queue.ts';
import type { pageRequestThreadMachine } from '../machines/page-request-thread.ts';
import type { Errno } from '../machines/wiring-types.ts';
import { type FaultSource, faultSource } from './fault-source.ts';
import {
  GROUP,
  type GroupActor,
  type GroupHands,
  groupOwners,
  THREAD,
  type ThreadHands,
  threadOwners,
} from './report-machines.ts';
import { nextThreadEvent } from './thread-events.ts';

/** A fault as a driver reports it; nothing of it is checked. */
export type ReportedFault = {
  readonly pasid: number;
  readonly groupId: number;
  readonly permissions: number;
  readonly address: bigint;
  readonly last: boolean;
};

/** What reached the driver's page-response callback. */
export type PageResponse = {
  readonly source: FaultSource;
  readonly pasid: number;
  readonly groupId: number;
  readonly code: PageResponseCode;
};

/** What a fault finds in the attach-handle store. */
export type FoundHandle = {
  readonly handle: number;
  readonly hasHandler: boolean;
  readonly isNested: boolean;
};

export type ReportPathHands = {
  readonly lookUp: (source: FaultSource, pasid: number) => FoundHandle | undefined;
  /** Appends to the deliver list behind the handle's domain. */
  readonly deliver: (group: DeliveredGroup) => void;
  readonly dereference: (handle: number) => void;
  readonly respond: (response: PageResponse) => void;
  readonly breach: (sentence: string) => void;
};

type Kept = { readonly source: FaultSource; readonly fault: ReportedFault };

export class ReportPath {
  readonly #driver: Driver;
  readonly #hands: ReportPathHands;
  readonly #thread: Actor<typeof pageRequestThreadMachine>;
  readonly #groups: GroupActor[] = [];
  readonly #freeGroups: number[] = [];
  readonly #sources: (FaultSource | undefined)[] = [];
  readonly #kept = new Map<number, Kept>();
  #next = 1;
  #errno: Errno = 0;

  constructor(driver: Driver, hands: ReportPathHands) {
    this.#driver = driver;
    this.#hands = hands;
    const thread = createActor(THREAD, {
      input: {
        unit: 0,
        rules: driver.rules,
        ...MOCK_REQUESTS,
        userPasidTable: true,
      },
    });
    this.#thread = threadOwners.enter(thread, this.#threadHands()).start();
  }

  addSource(): FaultSource {
    const free = this.#sources.indexOf(undefined);
    const number = free < 0 ? this.#sources.length : free;
    const source = faultSource(requesterId(number), this.#driver, {
      fill: (group, filled) => this.#group(group).send({ type: 'group.filled', ...filled }),
      retire: (group, code) => this.#group(group).send({ type: 'group.retired', code }),
      forget: (requests) => this.#forget(requests),
      breach: this.#hands.breach,
    });
    this.#sources[number] = source;
    return source;
  }

  removeSource(source: FaultSource): void {
    this.#sources[source.rid] = undefined;
  }

  /** @returns what iommu_report_device_fault() does. */
  report(source: FaultSource, fault: ReportedFault): Errno {
    const request = this.#record(source, fault);
    const thread = this.#thread;
    const group = this.#freeGroups.at(-1) ?? this.#groups.length;
    thread.send({ type: 'interrupt.received' });
    for (let state = thread.getSnapshot(); !state.matches('idle'); state = thread.getSnapshot()) {
      thread.send(
        nextThreadEvent(state.value, {
          request,
          param: source.param,
          group,
          lookUp: (pasid) => this.#hands.lookUp(source, pasid ?? 0),
        }),
      );
    }
    return this.#errno;
  }

  /** The requests of a group that is not answered yet, in order of arrival. */
  faultsOf(group: number): readonly ReportedFault[] {
    return this.#group(group)
      .getSnapshot()
      .context.requests.map((request) => this.#keptOf(request).fault);
  }

  /** Somebody has read the group: the answer is theirs to give. */
  take(group: number): void {
    this.#group(group).send({ type: 'work.started' });
  }

  /** Answers the group and frees it. */
  answer(group: number, code: PageResponseCode): void {
    const actor = this.#group(group);
    const { param, requests } = actor.getSnapshot().context;
    const [request] = requests;
    invariant(param !== undefined && request !== undefined, 'a freed group is answered');
    const { source } = this.#keptOf(request);
    actor.send({ type: 'group.answered', code });
    actor.send({ type: 'group.freed' });
    source.putReference(param);
    this.#freeGroups.push(group);
    this.#forget(requests);
  }

  /** Groups, requests and sources that somebody still owes something. */
  get left(): { readonly groups: number; readonly requests: number; readonly sources: number } {
    return {
      groups: this.#groups.length - this.#freeGroups.length,
      requests: this.#kept.size,
      sources: this.#sources.filter((source) => source !== undefined).length,
    };
  }

  #record(source: FaultSource, fault: ReportedFault): RequestRecord {
    const prgEpoch = this.#next;
    this.#next += 1;
    this.#kept.set(prgEpoch, { source, fault });
    return {
      rid: source.rid,
      // The core compares these and passes them on; no width of the wire binds a report made in software.
      pasid: fault.pasid === 0 ? undefined : (fault.pasid as Pasid),
      prgi: fault.groupId as PrgIndex,
      iovaPfn: Number(fault.address >> 12n) as IovaPfn,
      access: {
        read: (fault.permissions & 1) !== 0,
        write: (fault.permissions & 2) !== 0,
        exec: (fault.permissions & 4) !== 0,
        privileged: (fault.permissions & 8) !== 0,
      },
      last: fault.last,
      owner: 0,
      prgEpoch,
    };
  }

  #threadHands(): ThreadHands {
    const source = (rid: RequesterId): FaultSource => {
      const found = this.#sources[rid];
      invariant(found !== undefined, 'a fault of a device that is gone is reported');
      return found;
    };
    return {
      source,
      respond: (request, code) => this.#respond(request, code),
      build: (rid, build) => {
        if (this.#freeGroups.at(-1) === build.group) this.#freeGroups.pop();
        source(rid).buildGroup(build);
      },
      group: (group) => this.#group(group),
      dereference: this.#hands.dereference,
      hand: (group, handle) => this.#hand(group, handle),
      finish: (errno) => {
        this.#errno = errno;
      },
      trace: (request) => {
        if (this.#errno !== 0) this.#forget([request]);
      },
    };
  }

  /** The handler: takes the group off the pending list first, then nobody else answers it. */
  #hand(group: number, handle: number): void {
    const actor = this.#group(group);
    const { param, requests } = actor.getSnapshot().context;
    const [request] = requests;
    invariant(param !== undefined && request !== undefined, 'an empty group is handed over');
    this.#keptOf(request).source.dequeue(param, group);
    actor.send({ type: 'group.queued' });
    this.#hands.deliver({ group, handle, records: requests.length });
  }

  #group(group: number): GroupActor {
    const found = this.#groups[group];
    if (found !== undefined) return found;
    const hands: GroupHands = {
      respond: (request, code) => this.#respond(request, code),
      breach: this.#hands.breach,
    };
    const actor = groupOwners.enter(createActor(GROUP), hands).start();
    this.#groups[group] = actor;
    return actor;
  }

  #respond(request: RequestRecord, code: PageResponseCode): void {
    const { source, fault } = this.#keptOf(request);
    this.#hands.respond({ source, pasid: fault.pasid, groupId: fault.groupId, code });
  }

  #keptOf({ prgEpoch }: RequestRecord): Kept {
    const kept = this.#kept.get(prgEpoch);
    invariant(kept !== undefined, `request ${prgEpoch} is forgotten`);
    return kept;
  }

  #forget(requests: readonly RequestRecord[]): void {
    for (const { prgEpoch } of requests) this.#kept.delete(prgEpoch);
  }
}
