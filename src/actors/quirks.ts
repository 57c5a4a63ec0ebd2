/**
 * Quirks: named edits that bring a defect back, one step of one list or one rule each.
 *
 * `linux-7.3` quirks are what Linux 7.3.4 does where `vtd` is repaired (spec: "What a real Linux 7.3.4 did");
 * `mutation` quirks are mistakes nobody made in 7.3: they prove that ledger and explorer would see them; `history`
 * quirks are what an earlier kernel did, as its fix, its source or its review says.
 */
import type { OperationStep } from '../machines/operation-steps.ts';
import { HISTORY_QUIRKS } from './history-quirks.ts';
import { CONVERTED_TOLD_AS_DONE, COOKIES_WITHOUT_USE, PART_QUIRKS } from './part-quirks.ts';
import {
  answeringFirst,
  before,
  blockingLast,
  inCount,
  inLists,
  inRules,
  puttingFirst,
  type Quirk,
  replacing,
  toFront,
  without,
} from './quirk.ts';
import { FAILURE_7_3 } from './unit-traits.ts';

const REPLACES_NOTHING = 'storms replace no domain';
const COUNTS_NOTHING = 'a storm knows by the places of its groups in the queues which are answered';
const RING_DRAINS = ['drain-ring', 'drain-ring-by-completion'] as const;
const FLUSHES = ['flush-workqueue', 'flush-groups'] as const;

const BLOCKS = [
  'block-entry-owing-drain',
  'block-entry-owing-flush',
  'block-entry',
] as const satisfies readonly OperationStep[];

/**
 * 7.3's way with a function: untagged before its entry is blocked, tagged once reporting is enabled; and where a domain is
 * replaced, that of the next is enabled once the old one is drained.
 */
const untaggedFirst = (steps: readonly OperationStep[]): readonly OperationStep[] =>
  [
    before('untrack-pasid', ...BLOCKS),
    before('untrack-old-pasid', ...BLOCKS),
    before('enable-reporting', 'drop-old-reporting'),
    before('await-reporting', 'drop-old-reporting'),
    before('track-pasid', 'program-entry'),
  ].reduce((list, edit) => edit(list), steps);

export const QUIRKS: readonly Quirk[] = [
  {
    id: 'fault-disable-not-marked',
    kind: 'linux-7.3',
    sentence:
      'mm release clears P before it asks whether the entry is present, so the mark that owes a drain is lost',
    edit: replacing('mark-fault-disabled', 'mark-fault-disabled-if-present'),
  },
  {
    id: 'absent-entry-not-drained',
    kind: 'linux-7.3',
    sentence: 'a detach that finds the entry absent returns without draining',
    edit: replacing('block-entry-owing-drain', 'block-entry'),
  },
  {
    id: 'release-not-awaited',
    kind: 'linux-7.3',
    sentence: 'an unbind does not wait for an mm release that is tearing the same entry down',
    notInStorms: 'a live process exits and unbinds one after the other',
    edit: without('await-release'),
  },
  {
    id: 'reporting-dropped-first',
    kind: 'linux-7.3',
    sentence:
      'blocking a function, or replacing the domain of a PASID, drops the fault reporting before the drain, which then does nothing',
    notInStorms: 'storms bind processes, they attach nothing to a function',
    edit: (driver) =>
      inLists(before('drop-old-reporting', 'block-entry-owing-drain', 'block-entry'), [
        'replace-pasid',
      ])(inLists(toFront('drop-reporting'), ['detach-rid'])(driver)),
  },
  {
    id: 'function-untagged-first',
    kind: 'linux-7.3',
    sentence:
      'the caches of a function leave the lists of its domain before its entry is blocked, so that an unmap in between tells them nothing',
    notInStorms: 'storms bind processes, they attach nothing to a function',
    edit: inLists(untaggedFirst, ['attach-rid', 'detach-rid', 'replace-rid']),
  },
  {
    id: 'partials-matched-by-index',
    kind: 'linux-7.3',
    sentence: 'partial requests join a group by PRG index alone, whatever their PASID',
    edit: inRules({ matchPartialsBy: 'index' }),
  },
  {
    id: 'partials-answered-without-handler',
    kind: 'linux-7.3',
    sentence:
      'a request without a handler is answered INVALID even if it is not the last of its group',
    edit: inRules({ answerPartialsWithoutHandler: true }),
  },
  {
    id: 'rejects-strand-partials',
    kind: 'linux-7.3',
    sentence: 'a rejected last request leaves the earlier requests of its group behind',
    edit: inRules({ cancelPartialsOnReject: false }),
  },
  {
    id: 'partial-list-dangles',
    kind: 'linux-7.3',
    sentence: 'a device that leaves the fault queue leaves a partial list whose requests are freed',
    notInStorms: 'the live partial list is no freed memory',
    edit: inRules({ resetPartialsOnRemove: false }),
  },
  {
    id: 'partials-survive-drain',
    kind: 'linux-7.3',
    sentence: 'a drain leaves the partial requests of the PASID to its next owner',
    edit: without('discard-partials'),
  },
  {
    id: 'drains-share-completion',
    kind: 'linux-7.3',
    sentence: 'all drains of a unit re-arm and sleep on one completion',
    notInStorms: 'sva_lock keeps the drains of a storm apart',
    edit: (driver) =>
      replacing(
        'drain-hardware',
        'drain-hardware-by-completion',
      )(replacing('drain-ring', 'drain-ring-by-completion')(driver)),
  },
  {
    id: 'torn-entry-not-flushed',
    kind: 'linux-7.3',
    sentence:
      'an mm release passes by an entry that an unbind has made non-present and not yet invalidated',
    notInStorms: 'a live process exits and unbinds one after the other',
    edit: replacing('block-entry-owing-flush', 'block-entry'),
  },
  {
    id: 'handle-replaced-last',
    kind: 'linux-7.3',
    sentence:
      'a replace programs the new domain first, so that its requests find the handle of the old one',
    notInStorms: 'storms bind processes, they replace no domain',
    edit: inLists(before('replace-handle', 'answer-invalid')),
  },
  {
    id: 'failure-sent-as-two',
    kind: 'linux-7.3',
    sentence: 'a failure goes to the function as Linux’s own code 2, which PCIe has no meaning for',
    notInStorms: 'a function takes either code for a failure',
    edit: (driver) => ({
      ...driver,
      traits: { ...driver.traits, failureOnWire: FAILURE_7_3 },
    }),
  },
  {
    id: 'time-out-ends-looker',
    kind: 'linux-7.3',
    sentence:
      'whoever looks at the time-out of a function that is gone goes on, with its own invalidation not done',
    edit: (driver) =>
      driver.traits.timeOut === 'restarts'
        ? { ...driver, traits: { ...driver.traits, timeOut: 'ends-looker' } }
        : driver,
  },
  COOKIES_WITHOUT_USE,
  CONVERTED_TOLD_AS_DONE,
  {
    id: 'skip-ring-drain',
    kind: 'mutation',
    sentence:
      'detach waits for its requests neither in the page request queue nor in the hardware before it',
    edit: without(
      'drain-ring',
      'drain-ring-by-completion',
      'drain-hardware',
      'drain-hardware-by-completion',
    ),
  },
  {
    id: 'skip-workqueue-flush',
    kind: 'mutation',
    sentence: 'detach does not wait for queued groups to be handled',
    edit: without('flush-workqueue', 'flush-groups'),
  },
  {
    id: 'release-flushes',
    kind: 'mutation',
    sentence: 'an mm release waits for the work queue, from where it may itself be running',
    notInStorms: 'the address space of a live process never ends inside a fault worker',
    edit: inLists((steps) => [...steps, 'flush-workqueue'], ['mm-release']),
  },
  {
    id: 'skip-device-tlb-invalidation',
    kind: 'mutation',
    sentence: 'detach, mm release and unmap leave the translations that devices cached',
    edit: without('invalidate-device-tlb'),
  },
  {
    id: 'free-handle-first',
    kind: 'mutation',
    sentence: 'the attach handle is freed before anything is drained',
    edit: inLists(toFront('free-handle')),
  },
  {
    id: 'publish-before-hardware',
    kind: 'mutation',
    sentence: 'attach publishes the handle before the hardware has switched',
    edit: inLists(before('publish-handle', 'program-entry')),
  },
  {
    id: 'answer-before-unlink',
    kind: 'mutation',
    sentence: 'a group is answered first and taken off the pending list later',
    edit: (driver) => ({ ...driver, unlinksBeforeAnswer: false }),
  },
  {
    id: 'keep-partials-on-overflow',
    kind: 'mutation',
    sentence: 'after an overflow the partial requests stay and join a later group of their index',
    edit: inRules({ discardOnOverflow: false }),
  },
  {
    id: 'flush-before-ring',
    kind: 'mutation',
    sentence: 'a drain flushes the workqueue before the ring that feeds it',
    edit: inLists((steps) =>
      FLUSHES.reduce((list, flush) => before(flush, ...RING_DRAINS)(list), steps),
    ),
  },
  {
    id: 'counts-when-taken-up',
    kind: 'mutation',
    sentence:
      'an attach handle counts a group from when a worker takes it up, so that a flush of its groups passes by what is queued',
    notInStorms: COUNTS_NOTHING,
    edit: inCount('while-worked-on'),
  },
  {
    id: 'uncounts-when-taken-up',
    kind: 'mutation',
    sentence:
      'an attach handle counts a group until a worker takes it up, so that a flush of its groups passes by what is handled',
    notInStorms: COUNTS_NOTHING,
    edit: inCount('while-waiting'),
  },
  {
    id: 'uncounts-when-answered',
    kind: 'mutation',
    sentence:
      'an attach handle counts a group until it is answered, so that a flush of its groups passes by what is about to be freed',
    notInStorms: COUNTS_NOTHING,
    edit: inCount('until-answered'),
  },
  {
    id: 'put-domain-first',
    kind: 'mutation',
    sentence: 'an unbind puts its domain, and so the notifier, before the entry is blocked',
    edit: inLists(toFront('put-domain'), ['unbind-sva']),
  },
  {
    id: 'block-entry-last',
    kind: 'mutation',
    sentence: 'an unbind drains while the entry still translates, and blocks it afterwards',
    edit: inLists(blockingLast, ['unbind-sva', 'detach-pasid']),
  },
  {
    id: 'answer-before-drain',
    kind: 'mutation',
    sentence:
      'a detach erases its slot, answers what it finds and frees its handle, and then drains',
    edit: inLists(answeringFirst, ['unbind-sva', 'detach-pasid', 'detach-rid']),
  },
  {
    id: 'free-pasid-before-drain',
    kind: 'mutation',
    sentence: 'an unbind erases its slot and puts its domain, and drains afterwards',
    edit: inLists(puttingFirst, ['unbind-sva']),
  },
  {
    id: 'drop-before-enable',
    kind: 'mutation',
    sentence: 'a replace drops the old fault reporting before it enables the new',
    notInStorms: REPLACES_NOTHING,
    edit: inLists(before('drop-old-reporting', 'enable-reporting'), [
      'replace-pasid',
      'replace-rid',
    ]),
  },
  ...HISTORY_QUIRKS,
  ...PART_QUIRKS,
];
