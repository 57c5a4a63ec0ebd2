/**
 * Left-out steps: every step of the repaired driver's teardown lists, which property of which scenario notices when it
 * alone is left out, or why none does.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import { exitUnderDma, unmapBesideUnbind } from '../explore/lifetime/scenarios.ts';
import { CUT_REBIND, EXIT_REBIND, EXIT_UNBIND, UNMAP_VS_FAULT } from '../explore/unit/scenarios.ts';
import {
  DETACH_IN_MID_GROUP,
  PASID_DETACH,
  PASID_REPLACE,
  PASID_REPLACE_FAULTS,
  RID_DETACH,
  RID_REPLACE,
} from '../explore/unit/user-scenarios.ts';
import { accounted } from './accounted.ts';
import {
  DETACH_UNDER_DMA,
  EXIT_REBIND_UNDER_DMA,
  FUNCTION_DETACH_UNDER_DMA,
  FUNCTION_REPLACE_UNDER_DMA,
  REPLACE_UNDER_DMA,
  UNBIND_EXIT_REBIND,
} from './left-out-dma.ts';
import {
  BOUND_AGAIN,
  FUNCTION_AGAIN,
  FUNCTION_IN_MID_GROUP,
  FUNCTION_REPLACE_IN_MID_GROUP,
  faultFile,
  faultFileOfFunction,
  OVERFLOW_DETACH,
  OVERFLOW_FUNCTION_DETACH,
  OVERFLOW_FUNCTION_REPLACE,
  OVERFLOW_REPLACE,
  OVERFLOW_UNBIND,
  PASID_AGAIN,
  REPLACE_IN_MID_GROUP,
} from './left-out-scenarios.ts';
import { vtd } from './report-scenarios.ts';

/** How it is noticed that a step is left out. */
export type Noticed =
  /** `deadlock`: somebody waits for ever. `unexpected`: a machine meets what must not come. */
  | { readonly by: string; readonly in: ExploreScenario }
  /** Leaving it out is right as far as the model goes: something else does the same. */
  | {
      readonly redundant: string;
      /** Where one would most expect that it is noticed: it is not noticed there either. */
      readonly evenIn?: ExploreScenario;
    };

export type LeftOutStep = {
  readonly operation: OperationName;
  readonly step: OperationStep;
  readonly noticed: Noticed;
};

type Row = readonly [step: OperationStep, noticed: Noticed];

const by = (property: string, scenario: ExploreScenario): Noticed => ({
  by: property,
  in: scenario,
});

const pushed = (evenIn: ExploreScenario): Noticed => ({
  redundant: 'the invalidations before it have pushed what was on its way',
  evenIn,
});
const SETTLED: Noticed = { redundant: 'the fault queue has no thread of its own to wait for' };
const IN_WORKQUEUE: Noticed = {
  redundant: 'faults of an SVA domain go to the workqueue, never to a fault file',
};

const rows = (operation: OperationName, ...of: readonly Row[]): readonly LeftOutStep[] =>
  of.map(([step, noticed]) => ({ operation, step, noticed }));

/** The scenarios in which the steps of one detach or replace list are noticed. */
type Worlds = {
  readonly plain: ExploreScenario;
  /** The place is attached again, or goes on with another domain that handles faults. */
  readonly again: ExploreScenario;
  readonly cut: ExploreScenario;
  readonly counted: ExploreScenario;
  readonly dma: ExploreScenario;
  readonly file: ExploreScenario;
  readonly overflow: ExploreScenario;
};

const detachRows = (
  operation: OperationName,
  { plain, again, cut, counted, dma, file, overflow }: Worlds,
): readonly LeftOutStep[] =>
  rows(
    operation,
    ['block-entry-owing-drain', by('S6', plain)],
    ['invalidate-pasid-cache', by('S14', dma)],
    ['invalidate-iotlb', by('S9', dma)],
    ['invalidate-device-tlb', by('S9', dma)],
    ['zero-entry', by('unexpected', again)],
    ['drain-ring', by('S6', plain)],
    ['flush-workqueue', by('S8', plain)],
    ['drain-hardware', pushed(overflow)],
    ['drop-reporting', by('S15', plain)],
    ['await-reporting', SETTLED],
    ['untrack-pasid', by('S17', counted)],
    ['erase-slot', by('S15', plain)],
    ['discard-partials', by('S6', cut)],
    ['answer-invalid', by('S6', file)],
    ['put-domain', by('S17', counted)],
    ['free-handle', by('S17', counted)],
  );

const replaceRows = (
  operation: OperationName,
  { plain, again, cut, counted, dma, file, overflow }: Worlds,
): readonly LeftOutStep[] =>
  rows(
    operation,
    ['allocate-handle', by('S8', again)],
    ['get-domain', by('S17', counted)],
    ['track-pasid', by('S19', counted)],
    ['enable-reporting', by('S15', again)],
    ['await-reporting', SETTLED],
    ['block-entry-owing-drain', by('S6', plain)],
    ['invalidate-pasid-cache', by('S14', dma)],
    ['invalidate-iotlb', by('S9', dma)],
    ['invalidate-device-tlb', by('S9', dma)],
    ['zero-entry', by('unexpected', plain)],
    ['drain-ring', by('S6', plain)],
    ['flush-workqueue', by('S6', plain)],
    ['drain-hardware', pushed(overflow)],
    ['discard-partials', by('S6', cut)],
    ['drop-old-reporting', by('S15', plain)],
    ['replace-handle', by('S8', again)],
    ['program-entry', by('S19', counted)],
    ['untrack-old-pasid', by('S17', counted)],
    ['answer-invalid', by('S6', file)],
    ['put-old-domain', by('S17', counted)],
    ['free-handle', by('S17', counted)],
  );

export const LEFT_OUT_STEPS: readonly LeftOutStep[] = [
  ...rows(
    'unbind-sva',
    [
      'await-release',
      { redundant: 'an absent entry is drained all the same; without both, S6 is broken' },
    ],
    ['block-entry-owing-drain', by('S9', unmapBesideUnbind)],
    ['invalidate-pasid-cache', by('S9', unmapBesideUnbind)],
    ['invalidate-iotlb', by('S9', vtd(UNBIND_EXIT_REBIND))],
    [
      'invalidate-device-tlb',
      {
        redundant: 'the hardware drain empties the device TLB once more',
        evenIn: vtd(UNBIND_EXIT_REBIND),
      },
    ],
    ['zero-entry', by('unexpected', vtd(BOUND_AGAIN))],
    ['drain-ring', by('S6', vtd(EXIT_UNBIND))],
    ['flush-workqueue', by('S8', vtd(EXIT_UNBIND))],
    ['drain-hardware', pushed(vtd(OVERFLOW_UNBIND))],
    ['drop-reporting', by('S15', vtd(EXIT_UNBIND))],
    ['await-reporting', SETTLED],
    ['untrack-pasid', by('S17', accounted(EXIT_UNBIND))],
    ['erase-slot', by('S15', vtd(EXIT_UNBIND))],
    ['discard-partials', by('S6', vtd(CUT_REBIND))],
    ['answer-invalid', IN_WORKQUEUE],
    ['put-domain', by('deadlock', vtd(EXIT_REBIND))],
    ['free-handle', by('S17', accounted(EXIT_UNBIND))],
  ),
  ...detachRows('detach-pasid', {
    plain: vtd(PASID_DETACH),
    again: vtd(PASID_AGAIN),
    cut: vtd(DETACH_IN_MID_GROUP),
    counted: accounted(PASID_DETACH),
    dma: vtd(DETACH_UNDER_DMA),
    file: faultFile,
    overflow: vtd(OVERFLOW_DETACH),
  }),
  ...detachRows('detach-rid', {
    plain: vtd(RID_DETACH),
    again: vtd(FUNCTION_AGAIN),
    cut: vtd(FUNCTION_IN_MID_GROUP),
    counted: accounted(RID_DETACH),
    dma: vtd(FUNCTION_DETACH_UNDER_DMA),
    file: faultFileOfFunction,
    overflow: vtd(OVERFLOW_FUNCTION_DETACH),
  }),
  ...replaceRows('replace-pasid', {
    plain: vtd(PASID_REPLACE),
    again: vtd(PASID_REPLACE_FAULTS),
    cut: vtd(REPLACE_IN_MID_GROUP),
    counted: accounted(PASID_REPLACE_FAULTS),
    dma: vtd(REPLACE_UNDER_DMA),
    file: faultFile,
    overflow: vtd(OVERFLOW_REPLACE),
  }),
  ...replaceRows('replace-rid', {
    plain: vtd(RID_REPLACE),
    again: vtd(RID_REPLACE),
    cut: vtd(FUNCTION_REPLACE_IN_MID_GROUP),
    counted: accounted(RID_REPLACE),
    dma: vtd(FUNCTION_REPLACE_UNDER_DMA),
    file: faultFileOfFunction,
    overflow: vtd(OVERFLOW_FUNCTION_REPLACE),
  }),
  ...rows(
    'mm-release',
    ['block-entry-owing-flush', by('S14', exitUnderDma)],
    ['invalidate-pasid-cache', by('S14', exitUnderDma)],
    ['invalidate-iotlb', by('S9', vtd(EXIT_REBIND_UNDER_DMA))],
    ['invalidate-device-tlb', by('S9', exitUnderDma)],
    ['mark-fault-disabled', by('S11', vtd(EXIT_REBIND))],
  ),
  ...rows(
    'mm-invalidate',
    ['invalidate-iotlb', by('S9', unmapBesideUnbind)],
    ['invalidate-device-tlb', by('S9', vtd(UNMAP_VS_FAULT))],
  ),
];

/** The scenarios that any row of an operation names, each once. */
export const scenariosOf = (operation: OperationName): readonly ExploreScenario[] =>
  LEFT_OUT_STEPS.flatMap(({ operation: of, noticed }) =>
    of === operation && 'in' in noticed ? [noticed.in] : [],
  ).filter(({ name }, at, all) => all.findIndex((each) => each.name === name) === at);

/** The driver with one step of one list left out. */
export const withoutStep = (
  driver: Driver,
  operation: OperationName,
  step: OperationStep,
): Driver => ({
  ...driver,
  operations: {
    ...driver.operations,
    [operation]: driver.operations[operation].filter((each) => each !== step),
  },
});
