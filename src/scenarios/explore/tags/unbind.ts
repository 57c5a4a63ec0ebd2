/**
 * Unbind without a hardware drain: a driver's unbind beside the exit of the process, with page requests on their way.
 *
 * The operations are the driver's lists, run by the machine that runs them live. S6: when unbind returns, no group is
 * owed an answer. S8: nobody uses the attach handle after it was freed.
 *
 *     function -> link -> ring -> thread (one entry at a time, out of the ring first) -> workqueue -> worker
 *
 * Policy: the function is stopped before the unbind begins. A device TLB invalidation completes when the link is empty,
 * since its completion, which the function sends, pushes what was sent before it.
 */
import type { Driver } from '../../../actors/driver.ts';
import { iovaPfn, pasid, prgIndex, requesterId } from '../../../core/ids.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { faultReportingHolds, faultReportingMachine } from '../../../machines/fault-reporting.ts';
import {
  NOT_BEGUN,
  operationHolds,
  operationMachine,
  type Submitted,
} from '../../../machines/operation.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
  type RequestRecord,
} from '../../../machines/page-request-queue.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { isFlushed, workQueueHolds, workQueueMachine } from '../../../machines/work-queue.ts';
import { flags } from '../flag.ts';
import { threadOf } from './thread.ts';

export type UnbindSetting = {
  readonly groups: number;
  /**
   * A page request travels, and is recorded whatever the entry of its PASID says: it is the function's entry that lets
   * it in. A stall begins in the unit, and only through a live entry.
   */
  readonly faults: 'page-requests' | 'stalls';
};

const UNBIND = 0;
const RELEASE = 1;

export function unbindWorld(driver: Driver, { groups: groupCount, faults }: UnbindSetting): World {
  const groups = Array.from({ length: groupCount }, (_, of) => of);
  const operation = (name: 'unbind-sva' | 'mm-release', of: number) => {
    const steps = driver.operations[name];
    const kind = slotKind(name, operationMachine(name, steps), operationHolds, [
      { operation: of, device: 0, attachment: 0 },
    ]);
    return {
      kind,
      isDone: where(kind, 0, ({ status }) => status === 'done'),
      hasNotBegun: where(kind, 0, (of) => of.hasTag(NOT_BEGUN)),
      hasBegun: where(kind, 0, (of) => !of.hasTag(NOT_BEGUN)),
      isIdle: where(kind, 0, (of) => of.status === 'done' || of.hasTag(NOT_BEGUN)),
    };
  };
  const unbind = operation('unbind-sva', UNBIND);
  const release = operation('mm-release', RELEASE);

  const ring = slotKind('ring', pageRequestQueueMachine, pageRequestQueueHolds, [
    { unit: 0, capacity: groupCount, answersDroppedLast: false, recordsWhileOverflowed: true },
  ]);
  const work = alike('work', workQueueMachine, workQueueHolds, 1);
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const reporting = slotKind('reporting', faultReportingMachine, faultReportingHolds, [
    { device: 0, pri: true },
  ]);
  const handle = alike('handle', attachHandleMachine, attachHandleHolds, 1);
  const published = flags('published');
  const owed = flags('owed', groupCount);
  const threadBusy = flags('thread-busy');
  const workerBusy = flags('worker-busy');

  const translates = where(entry, 0, (of) => of.hasTag('translates'));
  const ringIsEmpty = where(ring, 0, ({ context }) => context.entries.length === 0);
  const dereference = call(handle, 0, { type: 'handle.dereference' });
  const stalls = faults === 'stalls';
  const courseOf = (group: number) => {
    const owe = owed.set(group);
    const request = requestOf(group);
    const record = call(ring, 0, { type: 'page-request.received', request });
    return threadOf(
      `group-${group}`,
      ['send', { when: [unbind.hasNotBegun], does: stalls ? [] : [owe] }, { ends: true }],
      [
        'arrive',
        stalls ? { when: [translates], does: [owe, record] } : { does: [record] },
        { ends: true },
      ],
      [
        'take',
        {
          when: [
            threadBusy.isClear(),
            where(ring, 0, ({ context }) => context.entries[0]?.prgi === group),
          ],
          does: [threadBusy.set(), call(ring, 0, { type: 'head.advance', count: 1 })],
        },
      ],
      [
        'look-up',
        { when: [published.isSet()] },
        { does: [owed.clear(group), threadBusy.clear()], ends: true },
      ],
      [
        'queue',
        {
          does: [dereference, call(work, 0, { type: 'work.queued', group }), threadBusy.clear()],
        },
      ],
      [
        'work',
        {
          when: [workerBusy.isClear()],
          does: [workerBusy.set(), call(work, 0, { type: 'work.taken', group })],
        },
      ],
      ['handle', { does: [dereference] }],
      ['respond', { does: [owed.clear(group)] }],
      ['finish', { does: [workerBusy.clear(), call(work, 0, { type: 'work.finished', group })] }],
    );
  };
  const courses = groups.map(courseOf);

  const zero = () => [call(entry, 0, { type: 'entry.zero' })];
  const operations = {
    takes: () => [offer({ type: 'step' as const })],
    asks: {
      entryIsPresent: () => [where(entry, 0, ({ value }) => value === 'present')],
      entryOwesDrain: () => [where(entry, 0, (of) => of.hasTag('owes-drain'))],
      reportingIsOff: () => [where(reporting, 0, ({ value }) => value === 'off')],
      reportingIsSettled: () => true,
      releaseIsIdle: () => [release.isIdle],
      ringHasMine: () => [where(ring, 0, ({ context }) => context.entries.length > 0)],
      passIsComplete: () => [ringIsEmpty],
      threadIsIdle: () => [threadBusy.isClear()],
      workQueueIsFlushed: (of: { readonly operation: number }) => [
        where(work, 0, ({ context }) => isFlushed(context, of.operation)),
      ],
      invalidationIsDone: ({ submitted }: Submitted) =>
        stalls || submitted !== 'submitDeviceTlbInvalidation'
          ? true
          : courses.map((course) => course.isNotAt('arrive')),
    },
    effects: {
      clearPresent: () => [call(entry, 0, { type: 'present.clear' })],
      finishZeroing: zero,
      zeroEntry: zero,
      markFaultDisabled: () => [call(entry, 0, { type: 'fault-disable.mark' })],
      noteWorkQueue: (of: { readonly operation: number }) => [
        call(work, 0, { type: 'flush.begin', operation: of.operation }),
      ],
      dropReporting: () => [call(reporting, 0, { type: 'reporting.disable' })],
      eraseSlot: () => [published.clear()],
      freeHandle: () => [call(handle, 0, { type: 'handle.free' })],
      notePass: unheard,
      submitPasidCacheInvalidation: unheard,
      submitIotlbInvalidation: unheard,
      submitDeviceTlbInvalidation: unheard,
      discardPartials: unheard,
      untrackPasid: unheard,
      answerInvalid: unheard,
      putDomain: unheard,
    },
  } as const;

  return {
    name: `unbind, ${driver.name}`,
    before: [
      call(handle, 0, { type: 'handle.allocate' }),
      call(reporting, 0, { type: 'reporting.enable' }),
      call(entry, 0, { type: 'entry.program', domain: 0 }),
      published.set(),
    ],
    properties: groups.map((of) => ({
      id: 'S6',
      sentence: `an unbind returns while group ${of} is in flight`,
      never: [unbind.isDone, owed.isSet(of)],
    })),
    sightings: courses.map((course, of) => ({
      id: 'late-work',
      sentence: `group ${of} is being handled while the unbind is under way`,
      reads: [course.isAt('handle'), unbind.hasBegun],
    })),
    parts: [
      ...courses.map(({ part }) => part),
      actor(unbind.kind, operations),
      actor(release.kind, operations),
      object(ring, {
        effects: { raiseEvent: unheard, answerDropped: unheard, drop: unheard, ignore: unheard },
      }),
      object(work),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
      object(reporting, {
        effects: { addDevice: unheard, removeDevice: unheard, refuse: unheard, warn: unheard },
      }),
      object(handle),
      published.part,
      owed.part,
      threadBusy.part,
      workerBusy.part,
    ],
  };
}

/** A group of one page, read. */
const requestOf = (group: number): RequestRecord => ({
  rid: requesterId(0),
  pasid: pasid(1),
  prgi: prgIndex(group),
  iovaPfn: iovaPfn(0),
  access: { read: true, write: false, exec: false, privileged: false },
  last: true,
  owner: 0,
  prgEpoch: 0,
});
