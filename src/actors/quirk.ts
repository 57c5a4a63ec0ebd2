/**
 * Quirk: a named edit that brings a defect back, one step of one list or one rule.
 */
import type { LifetimeRules } from '../machines/lifetime-rules.ts';
import type { OperationStep } from '../machines/operation-steps.ts';
import type { ReportRules } from '../machines/report-rules.ts';
import type { Driver, GroupsCounted, OperationName } from './driver.ts';

export type Quirk = {
  readonly id: string;
  readonly kind: 'linux-7.3' | 'mutation' | 'history';
  /** What the driver does with it on. */
  readonly sentence: string;
  /** Why no storm can show it; its race is one for exploration. */
  readonly notInStorms?: string;
  readonly edit: (driver: Driver) => Driver;
};

type Steps = readonly OperationStep[];

/** Applies an edit to the lists of `names`, or to all lists. */
export const inLists =
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

export const inRules =
  (rules: Partial<ReportRules>) =>
  (driver: Driver): Driver => ({ ...driver, rules: { ...driver.rules, ...rules } });

export const inCount =
  (groupsCounted: GroupsCounted) =>
  (driver: Driver): Driver => ({ ...driver, groupsCounted });

export const inLifetime =
  (lifetime: Partial<LifetimeRules>) =>
  (driver: Driver): Driver => ({ ...driver, lifetime: { ...driver.lifetime, ...lifetime } });

/** Worlds that have the part ask the driver for the defect by the quirk's id. */
export const inParts =
  (id: string) =>
  (driver: Driver): Driver =>
    driver.defects.includes(id) ? driver : { ...driver, defects: [...driver.defects, id] };

export const replacing = (step: OperationStep, by: OperationStep) =>
  inLists((steps) => steps.map((each) => (each === step ? by : each)));
export const without = (...skipped: OperationStep[]) =>
  inLists((steps) => steps.filter((each) => !skipped.includes(each)));
export const toFront = (step: OperationStep) => (steps: Steps) =>
  steps.includes(step) ? [step, ...steps.filter((each) => each !== step)] : steps;

/** Moves `step` to just before the first of `anchors` where a list has both. */
export const before =
  (step: OperationStep, ...anchors: OperationStep[]) =>
  (steps: Steps) => {
    const rest = steps.filter((each) => each !== step);
    const at = rest.findIndex((each) => anchors.includes(each));
    return rest.length === steps.length || at < 0 ? steps : rest.toSpliced(at, 0, step);
  };

const BLOCKING: readonly OperationStep[] = [
  'block-entry-owing-drain',
  'block-entry',
  'invalidate-pasid-cache',
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'zero-entry',
];
/** What waits for requests, or drops them. */
export const DRAINS: readonly OperationStep[] = [
  'drain-ring',
  'drain-ring-by-completion',
  'flush-workqueue',
  'flush-groups',
  'drain-hardware',
  'drain-hardware-by-completion',
  'discard-partials',
];

const ANSWERS: readonly OperationStep[] = ['erase-slot', 'answer-invalid', 'free-handle'];

/** Moves `moved`, in their order, to where `placeIn` says in what is left; below 0: nowhere. */
const moving =
  (moved: readonly OperationStep[], placeIn: (rest: Steps) => number) =>
  (steps: Steps): Steps => {
    const rest = steps.filter((step) => !moved.includes(step));
    const at = placeIn(rest);
    return at < 0 ? steps : rest.toSpliced(at, 0, ...steps.filter((step) => moved.includes(step)));
  };

/** What stops the hardware comes after what waits for it. */
export const blockingLast = moving(BLOCKING, (rest) => {
  const last = rest.findLastIndex((step) => DRAINS.includes(step));
  return last < 0 ? last : last + 1;
});

/** Whose last reference frees the PASID goes before what waits for its requests. */
export const puttingFirst = moving(['erase-slot', 'put-domain'], (rest) =>
  rest.findIndex((step) => DRAINS.includes(step)),
);

/** What answers in a handler's place, and frees the handle, comes before what waits for the handler. */
export const answeringFirst = moving(ANSWERS, (rest) =>
  rest.findIndex((step) => DRAINS.includes(step)),
);
