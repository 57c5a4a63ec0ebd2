/**
 * Quirks: named edits that bring a defect back, one step of one list or one rule each.
 *
 * `linux-7.3` quirks are what Linux 7.3.4 does where `vtd` is repaired (spec: "What a real Linux 7.3.4 did");
 * `mutation` quirks are mistakes nobody made in 7.3: they prove that the ledger would see them.
 */
import type { OperationStep } from '../machines/operation-steps.ts';
import type { ReportRules } from '../machines/report-rules.ts';
import type { Driver, OperationName } from './driver.ts';

export type Quirk = {
  readonly id: string;
  readonly kind: 'linux-7.3' | 'mutation';
  /** What the driver does with it on. */
  readonly sentence: string;
  /** Why no storm can show it; its race is one for exploration. */
  readonly notInStorms?: string;
  readonly edit: (driver: Driver) => Driver;
};

type Steps = readonly OperationStep[];

/** Applies an edit to the lists of `names`, or to all lists. */
const inLists =
  (edit: (steps: Steps) => Steps, names?: readonly OperationName[]) =>
  (driver: Driver): Driver => ({
    ...driver,
    operations: Object.fromEntries(
      Object.entries(driver.operations).map(([name, steps]) => [
        name,
        names === undefined || names.some((each) => each === name) ? edit(steps) : steps,
      ]),
    ) as Driver['operations'], // fromEntries forgets which keys it was given
  });

const inRules =
  (rules: Partial<ReportRules>) =>
  (driver: Driver): Driver => ({ ...driver, rules: { ...driver.rules, ...rules } });

const replacing = (step: OperationStep, by: OperationStep) =>
  inLists((steps) => steps.map((each) => (each === step ? by : each)));
const without = (...skipped: OperationStep[]) =>
  inLists((steps) => steps.filter((each) => !skipped.includes(each)));
const toFront = (step: OperationStep) => (steps: Steps) =>
  steps.includes(step) ? [step, ...steps.filter((each) => each !== step)] : steps;

/** Moves `step` to just before the first of `anchors` where a list has both. */
const before =
  (step: OperationStep, ...anchors: OperationStep[]) =>
  (steps: Steps) => {
    const rest = steps.filter((each) => each !== step);
    const at = rest.findIndex((each) => anchors.includes(each));
    return rest.length === steps.length || at < 0 ? steps : rest.toSpliced(at, 0, step);
  };

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
    edit: without('flush-workqueue'),
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
];

/** Quirks among `ids` that change nothing in a storm, each as a sentence. */
export const withoutStormEffect = (ids: readonly string[]): string[] =>
  QUIRKS.flatMap(({ id, notInStorms }) =>
    ids.includes(id) && notInStorms !== undefined
      ? [`quirk ${id} changes nothing in a storm: ${notInStorms}`]
      : [],
  );
