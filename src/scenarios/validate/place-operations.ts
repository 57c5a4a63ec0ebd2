/**
 * Operations of a place: the driver's lists, each an actor behind a gate, and what their steps do to everybody else.
 *
 * The ring never holds a request of the place when a drain looks: waiting for it shows nothing, and requests that
 * come later are no matter of the drain's.
 */
import { type Call, call, offerFrom, unheard, where } from '../../explore/wiring.ts';
import { actor, type Part } from '../../explore/world.ts';
import { NOT_BEGUN } from '../../machines/operation-terms.ts';
import { isFlushed, isIdle } from '../../machines/work-queue.ts';
import {
  gateOf,
  type PlaceKinds,
  type PlaceOperation,
  type PlaceShape,
  UNKNOWN,
} from './place-kinds.ts';

const STEP = { type: 'step' } as const;

export const operationParts = (shape: PlaceShape, kinds: PlaceKinds): readonly Part[] =>
  shape.operations.map((operation, number) => listPart(shape, kinds, operation, number));

function listPart(
  shape: PlaceShape,
  kinds: PlaceKinds,
  operation: PlaceOperation,
  number: number,
): Part {
  const kind = kinds.lists[number];
  if (kind === undefined) throw new RangeError(`there is no list ${number}`);
  const { gate, domainLock, mm, slot, entry, reporting, faultQueue, work, unknown, thread, held } =
    kinds;
  const { coming, going } = operation;
  const ownGate = gateOf(operation);
  const begun = [call(gate, ownGate, { type: 'list.begun' })];
  const reports = (domain: number | undefined): boolean =>
    shape.hasPri &&
    domain !== undefined &&
    (shape.allReport || shape.domains[domain]?.hasHandler === true);
  const report = (domain: number | undefined, type: 'reporting.enable' | 'reporting.disable') =>
    reports(domain) ? [call(reporting, 0, { type })] : [];
  const of = (domain: number | undefined, say: (domain: number) => readonly Call[]) => () =>
    domain === undefined ? [] : say(domain);
  const zero = () => [call(entry, 0, { type: 'entry.zero' })];
  const releases = shape.operations.flatMap(({ list }, at) => (list === 'mm-release' ? [at] : []));

  return actor(kind, {
    takes: () => [
      operation.list === 'mm-release'
        ? offerFrom(mm, 0, ({ value }) => (value === 'exiting' ? STEP : undefined), begun)
        : offerFrom(
            gate,
            ownGate,
            ({ context }) => (context.list === number ? STEP : undefined),
            begun,
          ),
    ],
    asks: {
      entryIsPresent: () => [where(entry, 0, ({ value }) => value === 'present')],
      entryOwesDrain: () => [where(entry, 0, (one) => one.hasTag('owes-drain'))],
      reportingIsOff: () => [where(reporting, 0, ({ value }) => value === 'off')],
      ringHasMine: () => false,
      passIsComplete: () => true,
      completionIsDone: () => true,
      workQueueIsFlushed: () => [where(work, 0, ({ context }) => isFlushed(context, number))],
      // What is queued as work here is of one handle, and never of a fault file's.
      groupsAreFinished: () => [where(work, 0, ({ context }) => isIdle(context))],
      invalidationIsDone: () => true,
      overflowIsSet: () => [where(unknown, UNKNOWN.overflow, ({ value }) => value === 'yes')],
      releaseIsIdle: () =>
        releases.flatMap((at) => {
          const release = kinds.lists[at];
          return release === undefined || at === number
            ? []
            : [where(release, 0, (of) => of.status === 'done' || of.hasTag(NOT_BEGUN))];
        }),
      threadIsIdle: () => [where(thread, 0, (of) => !of.hasTag('in-pass'))],
      pasidsAreAttached: () => false,
      attachmentIsUnlisted: () => false,
      domainLockIsFree: () => [where(domainLock, 0, ({ value }) => value === 'free')],
      reportingIsSettled: () => true, // the fault queue has no thread of its own here
    },
    effects: {
      clearPresent: () => [call(entry, 0, { type: 'present.clear' })],
      finishZeroing: zero,
      zeroEntry: zero,
      markFaultDisabled: () => [call(entry, 0, { type: 'fault-disable.mark' })],
      markFaultDisabledIfPresent: () => [call(entry, 0, { type: 'fault-disable.mark-if-present' })],
      programEntry: of(coming, (domain) => [call(entry, 0, { type: 'entry.program', domain })]),
      rewriteEntry: of(coming, (domain) => [call(entry, 0, { type: 'entry.rewrite', domain })]),
      allocateHandle: unheard, // a handle is known by its domain
      freeHandle: unheard,
      reserveSlot: () => [call(slot, 0, { type: 'slot.reserve' })],
      publishHandle: of(coming, (handle) => [call(slot, 0, { type: 'handle.publish', handle })]),
      replaceHandle: of(coming, (handle) => [call(slot, 0, { type: 'handle.replace', handle })]),
      eraseSlot: () => [call(slot, 0, { type: 'slot.erase' })],
      getDomain: unheard,
      putDomain: unheard,
      putOldDomain: unheard,
      trackPasid: unheard, // seen as cache tags
      untrackPasid: unheard,
      untrackOldPasid: unheard,
      enableReporting: () => report(coming, 'reporting.enable'),
      dropReporting: () => report(going, 'reporting.disable'),
      dropOldReporting: () => report(going, 'reporting.disable'),
      answerInvalid: of(going, (handle) => [call(held, 0, { type: 'file.close', handle })]),
      noteWorkQueue: () => [call(work, 0, { type: 'flush.begin', operation: number })],
      rearmCompletion: unheard,
      consumeCompletion: unheard,
      notePass: unheard,
      lockDomain: () => [call(domainLock, 0, { type: 'lock.take' })],
      unlockDomain: () => [call(domainLock, 0, { type: 'lock.drop' })],
      buildPasidTable: unheard,
      freePasidTable: unheard,
      discardPartials: () => [
        call(faultQueue, 0, { type: 'partials.discard-pasid', pasid: undefined }),
      ],
      submitContextInvalidation: unheard, // seen as commands
      submitPasidCacheInvalidation: unheard,
      submitIotlbInvalidation: unheard,
      submitDeviceTlbInvalidation: unheard,
      submitDrain: unheard,
    },
  });
}
