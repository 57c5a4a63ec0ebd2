/**
 * Teardown world: an unbind beside the exit of the process, with page requests on their way everywhere.
 *
 * The two operations are a driver's lists, run by the machine that runs them live. S6: when unbind returns, no
 * group is owed an answer. S8: nobody uses the attach handle after it was freed.
 *
 *     requester -> link -> port -> ring -> interrupt -> reader -> work queue -> worker
 *
 * Policy: invalidations complete when the link is empty, since their completion pushes what was sent before it.
 */
import type { StateValue } from 'xstate';

import type { Driver } from '../../../actors/driver.ts';
import { iovaPfn, pasid, prgIndex, requesterId } from '../../../core/ids.ts';
import { channels, received, sent } from '../../../explore/channel.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import {
  drainCompletionHolds,
  drainCompletionMachine,
} from '../../../machines/drain-completion.ts';
import { faultReportingHolds, faultReportingMachine } from '../../../machines/fault-reporting.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import {
  pageRequestQueueHolds,
  pageRequestQueueMachine,
  type RequestRecord,
} from '../../../machines/page-request-queue.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { oneOf, record, scalar } from '../../../machines/wiring-types.ts';
import { isFlushed, workQueueHolds, workQueueMachine } from '../../../machines/work-queue.ts';
import { debtMachine, passNoteMachine, slotMachine } from './notes.ts';
import { teardownReaderHolds, teardownReaderMachine } from './reader.ts';
import {
  teardownPortMachine,
  teardownRequesterHolds,
  teardownRequesterMachine,
} from './requester.ts';
import { teardownWorkerHolds, teardownWorkerMachine } from './worker.ts';

const UNBIND = 0;
const RELEASE = 1;
const OPERATIONS = [UNBIND, RELEASE];

export function teardownWorld(driver: Driver, groupCount: number): World {
  const groups = Array.from({ length: groupCount }, (_, of) => of);
  const unbindSteps = driver.operations['unbind-sva'];
  const releaseSteps = driver.operations['mm-release'];

  const requester = slotKind('requester', teardownRequesterMachine, teardownRequesterHolds, [
    { groups: groupCount },
  ]);
  const link = channels('link', groupCount, record({ type: oneOf(['request']), group: scalar }));
  const port = alike('port', teardownPortMachine, {}, 1);
  const ring = slotKind('ring', pageRequestQueueMachine, pageRequestQueueHolds, [
    { unit: 0, capacity: groupCount, answersDroppedLast: false },
  ]);
  const interrupt = channels('interrupt', 1, record({ type: oneOf(['interrupt']) }));
  const reader = alike('reader', teardownReaderMachine, teardownReaderHolds, 1);
  const work = alike('work', workQueueMachine, workQueueHolds, 1);
  const worker = alike('worker', teardownWorkerMachine, teardownWorkerHolds, 1);
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const completion = alike('completion', drainCompletionMachine, drainCompletionHolds, 1);
  const reporting = slotKind('reporting', faultReportingMachine, faultReportingHolds, [
    { device: 0, pri: true },
  ]);
  const handle = alike('handle', attachHandleMachine, attachHandleHolds, 1);
  const slot = alike('slot', slotMachine, {}, 1);
  const debt = alike('debt', debtMachine, {}, groupCount);
  const pass = alike('pass', passNoteMachine, {}, OPERATIONS.length);
  const operation = (of: number) => ({ operation: of, device: 0, attachment: 0 });
  const unbind = slotKind('unbind', operationMachine('unbind', unbindSteps), operationHolds, [
    operation(UNBIND),
  ]);
  const release = slotKind('release', operationMachine('release', releaseSteps), operationHolds, [
    operation(RELEASE),
  ]);

  const answered = (of: { readonly group: number }) => [
    call(debt, of.group, { type: 'request.answered' }),
  ];
  const dereference = () => [call(handle, 0, { type: 'handle.dereference' })];
  const zero = () => [call(entry, 0, { type: 'entry.zero' })];
  const operations = {
    takes: () => [offer({ type: 'step' as const })],
    asks: {
      entryIsPresent: () => [where(entry, 0, ({ value }) => value === 'present')],
      entryOwesDrain: () => [where(entry, 0, (of) => of.hasTag('owes-drain'))],
      reportingIsOff: () => [where(reporting, 0, ({ value }) => value === 'off')],
      ringHasMine: () => [where(ring, 0, ({ context }) => context.entries.length > 0)],
      passIsComplete: (of: { readonly operation: number }) => [
        where(pass, of.operation, ({ value }) => value === 'ended'),
      ],
      completionIsDone: () => [where(completion, 0, ({ value }) => value === 'done')],
      workQueueIsFlushed: (of: { readonly operation: number }) => [
        where(work, 0, ({ context }) => isFlushed(context, of.operation)),
      ],
      invalidationIsDone: () => [where(link, 0, ({ context }) => context.messages.length === 0)],
      overflowIsSet: () => [where(ring, 0, (of) => of.matches({ overflow: 'set' }))],
      releaseIsIdle: () => [
        where(
          release,
          0,
          ({ status, value }) => status === 'done' || hasNotBegun(value, releaseSteps),
        ),
      ],
      reportingIsSettled: () => true,
    },
    effects: {
      clearPresent: () => [call(entry, 0, { type: 'present.clear' })],
      finishZeroing: zero,
      zeroEntry: zero,
      markFaultDisabled: () => [call(entry, 0, { type: 'fault-disable.mark' })],
      markFaultDisabledIfPresent: () => [call(entry, 0, { type: 'fault-disable.mark-if-present' })],
      rearmCompletion: () => [call(completion, 0, { type: 'completion.rearm' })],
      consumeCompletion: () => [call(completion, 0, { type: 'completion.consume' })],
      notePass: (of: { readonly operation: number }) => [
        call(pass, of.operation, { type: 'pass.noted' }),
      ],
      noteWorkQueue: (of: { readonly operation: number }) => [
        call(work, 0, { type: 'flush.begin', operation: of.operation }),
      ],
      dropReporting: () => [call(reporting, 0, { type: 'reporting.disable' })],
      eraseSlot: () => [call(slot, 0, { type: 'slot.erase' })],
      freeHandle: () => [call(handle, 0, { type: 'handle.free' })],
      submitPasidCacheInvalidation: unheard,
      submitIotlbInvalidation: unheard,
      submitDeviceTlbInvalidation: unheard,
      submitDrain: unheard,
      discardPartials: unheard,
      untrackPasid: unheard,
      answerInvalid: unheard,
      putDomain: unheard,
    },
  } as const;

  return {
    name: `teardown, ${driver.name}`,
    before: [
      call(handle, 0, { type: 'handle.allocate' }),
      call(reporting, 0, { type: 'reporting.enable' }),
      call(entry, 0, { type: 'entry.program', domain: 0 }),
    ],
    properties: groups.map((of) => ({
      id: 'S6',
      sentence: `an unbind returns while group ${of} is in flight`,
      never: [
        where(unbind, 0, ({ status }) => status === 'done'),
        where(debt, of, ({ value }) => value === 'owed'),
      ],
    })),
    parts: [
      actor(requester, {
        takes: () => [offer({ type: 'step' })],
        asks: { mayUse: () => [where(unbind, 0, ({ value }) => hasNotBegun(value, unbindSteps))] },
        effects: {
          send: ({ group }) => [
            call(debt, group, { type: 'request.sent' }),
            sent(link, 0, { type: 'request', group }),
          ],
        },
        mayRest: () => true,
      }),
      actor(port, {
        takes: () =>
          groups.map((group) =>
            received(link, 0, (message) =>
              'group' in message && message.group === group
                ? { type: 'request' as const, group }
                : undefined,
            ),
          ),
        asks: { entryTranslates: () => [where(entry, 0, (of) => of.hasTag('translates'))] },
        effects: {
          accept: ({ group }) => [
            call(ring, 0, { type: 'page-request.received', request: requestOf(group) }),
          ],
          refuse: answered,
        },
        mayRest: () => true,
      }),
      actor(reader, {
        takes: () => [
          offer({ type: 'step' }),
          received(interrupt, 0, () => ({ type: 'interrupt' as const })),
          offerFrom(ring, 0, ({ context }) => ({
            type: 'tail.read' as const,
            tail: context.entries.length,
          })),
          ...groups.map((position) =>
            offerFrom(ring, 0, ({ context: { entries } }) =>
              entries[position] === undefined
                ? undefined
                : { type: 'entry.read' as const, position, group: entries[position].prgi },
            ),
          ),
        ],
        asks: { slotHasHandle: () => [where(slot, 0, ({ value }) => value === 'published')] },
        effects: {
          acknowledge: () => [call(ring, 0, { type: 'pending.acknowledge' })],
          dereferenceHandle: dereference,
          queue: ({ group }) => [call(work, 0, { type: 'work.queued', group })],
          refuse: answered,
          advance: ({ count }) => [call(ring, 0, { type: 'head.advance', count })],
          complete: () => [
            call(completion, 0, { type: 'completion.complete' }),
            ...OPERATIONS.map((of) => call(pass, of, { type: 'pass.ended' })),
          ],
        },
        mayRest: ({ value }) => value === 'idle',
      }),
      actor(worker, {
        takes: () => [
          offer({ type: 'step' }),
          ...groups.map((group) =>
            offerFrom(work, 0, ({ context }) =>
              context.queued.includes(group) ? { type: 'work.take' as const, group } : undefined,
            ),
          ),
        ],
        effects: {
          takeWork: ({ group }) => [call(work, 0, { type: 'work.taken', group })],
          dereferenceHandle: dereference,
          respond: answered,
          finishWork: ({ group }) => [call(work, 0, { type: 'work.finished', group })],
        },
        mayRest: ({ value }) => value === 'idle',
      }),
      actor(unbind, operations),
      actor(release, operations),
      object(link),
      object(ring, {
        effects: {
          raiseEvent: () => [sent(interrupt, 0, { type: 'interrupt' })],
          answerDropped: ({ request }) => answered({ group: request.prgi }),
          drop: unheard,
          ignore: unheard,
        },
      }),
      object(interrupt),
      object(work),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
      object(completion),
      object(reporting, {
        effects: { addDevice: unheard, removeDevice: unheard, refuse: unheard, warn: unheard },
      }),
      object(handle),
      object(slot),
      object(debt, { mayRest: ({ value }) => value !== 'owed' }),
      object(pass),
    ],
  };
}

/** Whether an operation has yet to take its first step. */
const hasNotBegun = (value: StateValue, steps: readonly string[]): boolean => value === steps[0];

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
