/**
 * did-reuse-before-flush, did-reserved-counted, did-count-underflow: domain ids counted by their assignments, and what
 * entries and the cache still hold under them (S11, S12).
 */
import { driverWith } from '../../../actors/drivers.ts';
import { invariant } from '../../../core/invariant.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { type Call, call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import {
  invalidationQueueHolds,
  invalidationQueueMachine,
} from '../../../machines/invalidation-queue.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import type { OperationStep } from '../../../machines/operation-steps.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import {
  type ReservedTag,
  tagAllocatorHolds,
  tagAllocatorMachine,
  tagOf,
} from '../../../machines/tag-allocator.ts';
import {
  type TaggedStateEvent,
  taggedStateHolds,
  taggedStateMachine,
} from '../../../machines/tagged-state.ts';
import { flags } from '../flag.ts';
import { hardwareOf, threadOf } from './thread.ts';

/** The first id that is handed out; those below are reserved. */
const FIRST = 2;
const RESERVED_TAG = 1;

/** An allocator of `count` ids, and the hidden state behind each. */
function domainTags(count: number, reserved: readonly ReservedTag[], countsReserved: boolean) {
  const allocator = slotKind('allocator', tagAllocatorMachine, tagAllocatorHolds, [
    { allocator: 0, first: FIRST, last: FIRST + count - 1, reserved, countsReserved },
  ]);
  const state = alike('tag', taggedStateMachine, taggedStateHolds, count);
  const tell = (tag: number, type: TaggedStateEvent['type']): Call =>
    call(state, tag - FIRST, { type });
  return {
    allocator,
    tell,
    get: (holder: number) => call(allocator, 0, { type: 'tag.get', holder }),
    put: (holder: number) => call(allocator, 0, { type: 'tag.put', holder }),
    parts: [
      object(allocator, {
        effects: {
          grant: ({ tag }) => [tell(tag, 'tag.granted')],
          release: ({ tag }) => [tell(tag, 'tag.released')],
          refuse: unheard,
          ignore: unheard,
        },
      }),
      object(state),
    ],
  };
}

const DETACH = 0;
const ATTACH = 1;

/** The list of the repaired driver; defective, the id is given back before its translations are flushed. */
function detachSteps(defective: boolean): readonly OperationStep[] {
  const steps = listOf('detach-pasid');
  if (!defective) return steps;
  const others: readonly OperationStep[] = steps.filter((step) => step !== 'untrack-pasid');
  return others.toSpliced(others.indexOf('invalidate-iotlb'), 0, 'untrack-pasid');
}

function listOf(operation: 'attach-pasid' | 'detach-pasid'): readonly OperationStep[] {
  const driver = driverWith('vtd', []);
  invariant(driver.ok, 'there is no driver vtd');
  return driver.value.operations[operation];
}

/** One id; the function that has it is detached while another one, of another domain, waits for an id. */
export function reuseBeforeFlushWorld(defective: boolean): World {
  const tags = domainTags(1, [], false);
  const operation = (name: string, steps: readonly OperationStep[], of: number) =>
    slotKind(name, operationMachine(name, steps), operationHolds, [
      { operation: of, device: of, attachment: of },
    ]);
  const detach = operation('detach', detachSteps(defective), DETACH);
  const attach = operation('attach', listOf('attach-pasid'), ATTACH);
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }, { entry: 1 }]);
  const queue = slotKind('queue', invalidationQueueMachine, invalidationQueueHolds, [
    { entriesMax: 4 },
  ]);
  const isPresent = (of: number) => where(entry, of, ({ value }) => value === 'present');
  const isSubmitted = where(queue, 0, ({ context }) => context.submissions.length > 0);
  const isDone = where(queue, 0, ({ context }) => context.submissions.length === 0);

  const wiring = (of: number) => ({
    asks: {
      entryIsPresent: () => [isPresent(of)],
      entryOwesDrain: () => false,
      // Nothing is in flight: draining is another race's business.
      reportingIsOff: () => true,
      reportingIsSettled: () => true,
      releaseIsIdle: () => true,
      invalidationIsDone: () => [isDone],
      ringHasMine: () => false,
      passIsComplete: () => true,
      workQueueIsFlushed: () => true,
      groupsAreFinished: () => true,
      overflowIsSet: () => false,
    },
    effects: {
      clearPresent: () => [call(entry, of, { type: 'present.clear' })],
      finishZeroing: () => [call(entry, of, { type: 'entry.zero' })],
      zeroEntry: () => [call(entry, of, { type: 'entry.zero' })],
      programEntry: () => [call(entry, of, { type: 'entry.program', domain: of })],
      trackPasid: () => [tags.get(of)],
      untrackPasid: () => [tags.put(of)],
      submitIotlbInvalidation: () => [
        call(queue, 0, { type: 'descriptors.submit', ticket: of, descriptors: 1, drain: false }),
      ],
      submitPasidCacheInvalidation: unheard,
      submitDeviceTlbInvalidation: unheard,
      submitDrain: unheard,
      notePass: unheard,
      noteWorkQueue: unheard,
      discardPartials: unheard,
      allocateHandle: unheard,
      reserveSlot: unheard,
      publishHandle: unheard,
      eraseSlot: unheard,
      answerInvalid: unheard,
      freeHandle: unheard,
      getDomain: unheard,
      putDomain: unheard,
      enableReporting: unheard,
      dropReporting: unheard,
    },
  });

  return {
    name: 'domain id reused before its flush',
    before: [tags.get(DETACH), call(entry, DETACH, { type: 'entry.program', domain: DETACH })],
    sightings: [
      {
        id: 'reused',
        sentence: 'the second function is attached under the id of the first',
        reads: [isPresent(ATTACH)],
      },
    ],
    parts: [
      actor(detach, { takes: () => [offer({ type: 'step' })], ...wiring(DETACH) }),
      // With no id free the attach would fail; it is begun again until there is one.
      actor(attach, {
        takes: () => [
          offerFrom(tags.allocator, 0, ({ context: { grants } }) =>
            grants.every(({ holder }) => holder === ATTACH) ? { type: 'step' as const } : undefined,
          ),
        ],
        ...wiring(ATTACH),
      }),
      hardwareOf(
        'unit',
        ...[DETACH, ATTACH].map(
          (of) =>
            [
              `cache-${of}`,
              { when: [isPresent(of)], does: [tags.tell(FIRST, 'translation.cached')] },
            ] as const,
        ),
        [
          'execute',
          {
            when: [isSubmitted],
            does: [
              tags.tell(FIRST, 'tag.flushed'),
              call(queue, 0, { type: 'wait.executed', ticket: DETACH }),
            ],
          },
        ],
      ),
      object(entry, {
        effects: {
          writeEntry: ({ as }) =>
            as === 'present'
              ? [tags.tell(FIRST, 'entry.programmed')]
              : as === 'cleared'
                ? [tags.tell(FIRST, 'entry.cleared')]
                : [],
          refuse: unheard,
        },
      }),
      object(queue, {
        effects: {
          writeDescriptors: unheard,
          complete: unheard,
          fail: unheard,
          restart: unheard,
          refuse: unheard,
        },
      }),
      ...tags.parts,
    ],
  };
}

const SVA = 0;
const PAGING = 1;

/** Two PASIDs of the reserved id are unbound while an ordinary domain is attached. */
export function reservedCountedWorld(defective: boolean): World {
  const tags = domainTags(1, [{ holder: SVA, tag: RESERVED_TAG }], defective);
  const unbind = (name: string) => threadOf(name, ['drop-id', { does: [tags.put(SVA)] }]);
  const attach = threadOf('attach', ['take-id', { does: [tags.get(PAGING)] }]);
  return {
    name: 'reserved domain id counted',
    before: [tags.get(SVA), tags.get(SVA)],
    sightings: [
      {
        id: 'handed-out',
        sentence: 'the ordinary domain has an id of its own',
        reads: [where(tags.allocator, 0, ({ context }) => tagOf(context, PAGING) === FIRST)],
      },
    ],
    parts: [unbind('first-unbind').part, unbind('second-unbind').part, attach.part, ...tags.parts],
  };
}

/** Two detaches of one pair; repaired, the one that finds it gone returns before it undoes anything. */
export function countUnderflowWorld(defective: boolean): World {
  const tags = domainTags(1, [], false);
  const pair = flags('pair');
  const detach = (name: string) =>
    threadOf(name, [
      'remove-pair',
      ...(defective ? [] : [{ when: [pair.isClear()], ends: true }]),
      { does: [pair.clear(), tags.put(PAGING)] },
    ]);
  const first = detach('first-detach');
  const second = detach('second-detach');
  return {
    name: 'domain id counted down twice for one pair',
    // Two assignments: of the pair, and of another function, whose entry stays programmed.
    before: [tags.get(PAGING), tags.get(PAGING), tags.tell(FIRST, 'entry.programmed'), pair.set()],
    sightings: [
      {
        id: 'kept',
        sentence: 'both detaches are over and the other function has its id',
        reads: [
          second.isDone(),
          where(tags.allocator, 0, ({ context }) => context.grants[0]?.users === 1),
        ],
      },
    ],
    parts: [
      first.part,
      second.part,
      pair.part,

      ...tags.parts,
    ],
  };
}
