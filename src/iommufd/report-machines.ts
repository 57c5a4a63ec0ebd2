/**
 * Report machines: the page request thread and its groups as they run live for an iommufd, effects provided.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_report_device_fault(), iopf_group_response().
 */
import type { Actor } from 'xstate';

import type { RequesterId } from '../core/ids.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { pageRequestGroupMachine } from '../machines/page-request-group.ts';
import type { RequestRecord } from '../machines/page-request-queue.ts';
import { pageRequestThreadMachine } from '../machines/page-request-thread.ts';
import type { Errno } from '../machines/wiring-types.ts';
import type { FaultSource } from './fault-source.ts';
import { Owners } from './owners.ts';

export type GroupActor = Actor<typeof pageRequestGroupMachine>;

/** What a group's machine tells the path. */
export type GroupHands = {
  readonly respond: (request: RequestRecord, code: PageResponseCode) => void;
  readonly breach: (sentence: string) => void;
};

export const groupOwners = new Owners<GroupHands>();
export const GROUP = pageRequestGroupMachine.provide({
  actions: {
    respond: ({ self }, { request, code }) => groupOwners.of(self).respond(request, code),
    violate: ({ self }, { unexpected, state, sentence }) =>
      groupOwners.of(self).breach(`a group that is ${state} met ${unexpected}: ${sentence}`),
  },
});

/** What the reporting thread does to others. */
export type ThreadHands = {
  readonly source: (rid: RequesterId) => FaultSource;
  readonly respond: GroupHands['respond'];
  readonly build: (
    rid: RequesterId,
    build: {
      readonly param: number;
      readonly group: number;
      readonly request: RequestRecord;
      readonly onStack: boolean;
    },
  ) => void;
  readonly group: (group: number) => GroupActor;
  readonly dereference: (handle: number) => void;
  readonly hand: (group: number, handle: number) => void;
  readonly finish: (errno: Errno) => void;
  readonly trace: (request: RequestRecord) => void;
};

export const threadOwners = new Owners<ThreadHands>();
export const THREAD = pageRequestThreadMachine.provide({
  actions: {
    respond: ({ self }, { request, code }) => threadOwners.of(self).respond(request, code),
    takeReference: ({ self }, { rid, param }) =>
      threadOwners.of(self).source(rid).takeReference(param),
    putReference: ({ self }, { rid, param }) =>
      threadOwners.of(self).source(rid).putReference(param),
    storePartial: ({ self }, { rid, param, request }) =>
      threadOwners.of(self).source(rid).storePartial(param, request),
    buildGroup: ({ self }, { rid, ...build }) => threadOwners.of(self).build(rid, build),
    assignHandle: ({ self }, { group, handle }) =>
      threadOwners.of(self).group(group).send({ type: 'handle.assigned', handle }),
    dereferenceHandle: ({ self }, { handle }) => threadOwners.of(self).dereference(handle),
    hand: ({ self }, { group, handle }) => threadOwners.of(self).hand(group, handle),
    return: ({ self }, { errno }) => threadOwners.of(self).finish(errno),
    trace: ({ self }, { request }) => threadOwners.of(self).trace(request),
  },
  guards: { handlerRefuses: () => false, overflowIsSet: () => false, ringIsEmpty: () => true },
});
