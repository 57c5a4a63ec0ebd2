/**
 * Left-out steps: every step of the repaired driver's teardown lists, which property of which scenario notices when it
 * alone is left out, or why none does.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import { exitUnderDma, unmapBesideUnbind } from '../explore/lifetime/scenarios.ts';
import {
  CUT_REBIND,
  DETACH_IN_MID_GROUP,
  EXIT_REBIND,
  EXIT_UNBIND,
  PASID_DETACH,
  PASID_REPLACE,
  PASID_REPLACE_FAULTS,
  RID_DETACH,
  RID_REPLACE,
  UNMAP_VS_FAULT,
} from '../explore/vtd/scenarios.ts';
import { accounted } from './accounted.ts';
import {
  BOUND_AGAIN,
  FUNCTION_AGAIN,
  FUNCTION_IN_MID_GROUP,
  FUNCTION_REPLACE_IN_MID_GROUP,
  PASID_AGAIN,
  REPLACE_IN_MID_GROUP,
} from './left-out-scenarios.ts';
import { vtd } from './report-scenarios.ts';

/** How it is noticed that a step is left out. */
export type Noticed =
  /** `deadlock`: somebody waits for ever. `unexpected`: a machine meets what must not come. */
  | { readonly by: string; readonly in: ExploreScenario }
  /** Leaving it out is right as far as the model goes: something else does the same. */
  | { readonly redundant: string }
  /** Leaving it out would be wrong, and nothing here shows that. */
  | { readonly hole: string };

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

const PUSHED: Noticed = {
  redundant:
    'the invalidations before it have pushed what was on its way; no scenario overflows beside a detach',
};
const SETTLED: Noticed = { redundant: 'the fault queue has no thread of its own to wait for' };
const NO_FAULT_FILE: Noticed = { hole: 'no handler here keeps groups in a fault file' };
const UNLISTED: Noticed = { hole: "a domain's list of its attachments is not modelled" };
const UNCACHED: Noticed = {
  hole: 'pages of these domains are never given back; the same step of unbind-sva is noticed',
};
const NEXT_OWNER: Noticed = {
  hole: 'an IOTLB entry is reached through the PASID cache, and no next owner of the PASID does DMA here',
};

const rows = (operation: OperationName, ...of: readonly Row[]): readonly LeftOutStep[] =>
  of.map(([step, noticed]) => ({ operation, step, noticed }));

const detachRows = (
  operation: OperationName,
  plain: ExploreScenario,
  again: ExploreScenario,
  cut: ExploreScenario,
  counted: ExploreScenario,
): readonly LeftOutStep[] =>
  rows(
    operation,
    ['block-entry-owing-drain', by('S6', plain)],
    ['invalidate-pasid-cache', UNCACHED],
    ['invalidate-iotlb', UNCACHED],
    ['invalidate-device-tlb', UNCACHED],
    ['zero-entry', by('unexpected', again)],
    ['drain-ring', by('S6', plain)],
    ['flush-workqueue', by('S8', plain)],
    ['drain-hardware', PUSHED],
    ['discard-partials', by('S6', cut)],
    ['drop-reporting', by('S15', plain)],
    ['await-reporting', SETTLED],
    ['untrack-pasid', UNLISTED],
    ['erase-slot', by('S15', plain)],
    ['answer-invalid', NO_FAULT_FILE],
    ['put-domain', by('S17', counted)],
    ['free-handle', by('S17', counted)],
  );

const replaceRows = (
  operation: OperationName,
  plain: ExploreScenario,
  faults: ExploreScenario,
  cut: ExploreScenario,
  counted: ExploreScenario,
): readonly LeftOutStep[] =>
  rows(
    operation,
    ['allocate-handle', by('S8', faults)],
    ['get-domain', by('S17', counted)],
    ['track-pasid', UNLISTED],
    ['enable-reporting', by('S15', faults)],
    ['await-reporting', SETTLED],
    ['block-entry-owing-drain', by('S6', plain)],
    ['invalidate-pasid-cache', UNCACHED],
    ['invalidate-iotlb', UNCACHED],
    ['invalidate-device-tlb', UNCACHED],
    ['zero-entry', by('unexpected', plain)],
    ['drain-ring', by('S6', plain)],
    ['flush-workqueue', by('S6', plain)],
    ['drain-hardware', PUSHED],
    ['discard-partials', by('S6', cut)],
    ['drop-old-reporting', by('S15', plain)],
    ['replace-handle', by('S8', faults)],
    ['program-entry', by('S19', counted)],
    ['untrack-old-pasid', UNLISTED],
    ['answer-invalid', NO_FAULT_FILE],
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
    ['invalidate-iotlb', NEXT_OWNER],
    ['invalidate-device-tlb', { redundant: 'the hardware drain empties the device TLB once more' }],
    ['zero-entry', by('unexpected', vtd(BOUND_AGAIN))],
    ['drain-ring', by('S6', vtd(EXIT_UNBIND))],
    ['flush-workqueue', by('S8', vtd(EXIT_UNBIND))],
    ['drain-hardware', PUSHED],
    ['discard-partials', by('S6', vtd(CUT_REBIND))],
    ['drop-reporting', by('S15', vtd(EXIT_UNBIND))],
    ['await-reporting', SETTLED],
    ['untrack-pasid', UNLISTED],
    ['erase-slot', by('S15', vtd(EXIT_UNBIND))],
    ['answer-invalid', NO_FAULT_FILE],
    ['put-domain', by('deadlock', vtd(EXIT_REBIND))],
    ['free-handle', by('S17', accounted(EXIT_UNBIND))],
  ),
  ...detachRows(
    'detach-pasid',
    vtd(PASID_DETACH),
    vtd(PASID_AGAIN),
    vtd(DETACH_IN_MID_GROUP),
    accounted(PASID_DETACH),
  ),
  ...detachRows(
    'detach-rid',
    vtd(RID_DETACH),
    vtd(FUNCTION_AGAIN),
    vtd(FUNCTION_IN_MID_GROUP),
    accounted(RID_DETACH),
  ),
  ...replaceRows(
    'replace-pasid',
    vtd(PASID_REPLACE),
    vtd(PASID_REPLACE_FAULTS),
    vtd(REPLACE_IN_MID_GROUP),
    accounted(PASID_REPLACE_FAULTS),
  ),
  ...replaceRows(
    'replace-rid',
    vtd(RID_REPLACE),
    vtd(RID_REPLACE),
    vtd(FUNCTION_REPLACE_IN_MID_GROUP),
    accounted(RID_REPLACE),
  ),
  ...rows(
    'mm-release',
    ['block-entry-owing-flush', by('S14', exitUnderDma)],
    ['invalidate-pasid-cache', by('S14', exitUnderDma)],
    ['invalidate-iotlb', NEXT_OWNER],
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
