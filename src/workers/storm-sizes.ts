/**
 * Storm sizes: what a plan needs of shared memory, and whether it fits.
 *
 * Units: pages and frames of 4 KiB; a page-table entry names a frame in 20 bits, so there are fewer than 2^20.
 */
import { PRG_INDICES } from '../core/limits.ts';
import { MAGAZINE_MAX } from './free-list.ts';
import { powerOfTwo } from './lines.ts';
import type { StormSizes } from './storm-memory.ts';
import type { ProcessScript, StormPlan } from './storm-plan.ts';
import { unitKindOf } from './unit-kind.ts';
import { unitSizes } from './unit-sizes.ts';

const FRAMES_MAX = 2 ** 20;
/** Windows of an active stream that may hold pages: two in use, one that was left when its stream was stopped. */
const WINDOWS_RESIDENT = 3;
/** Rather smaller windows than fewer processes in turn. */
const ACTIVE_LEAST = 2;
const SPARE_FRAMES = 1024;

/** How the processes of a plan are laid out over its devices. */
export type StormLayout = {
  readonly sizes: StormSizes;
  /** Pages of a window, at most what the plan asks; fewer when many devices must share the frames. */
  readonly windowPages: number;
  /** Streams a device works on at a time; fewer than it has when all of theirs would not fit the frames. */
  readonly activeStreams: number;
  readonly streamsPerDevice: number;
  /** First page of the windows of every synthetic process. */
  readonly basePfn: number;
};

const BASE_PFN = 2 ** 30;

/** The layout, or undefined when the plan's pages cannot fit into physical memory. */
export function stormLayout(plan: StormPlan): StormLayout | undefined {
  const recorded = plan.processes.length > 0;
  const streams = plan.devices * plan.pasids;
  const mms = recorded ? streams : plan.pasids;
  const resolvers = Math.max(1, plan.workers);
  const flood = plan.misbehaviour?.how === 'floods' ? PRG_INDICES : 0;
  const groupsMax = plan.devices * Math.min(plan.creditsPerDevice, PRG_INDICES) + flood;
  const pasidSpace = mms + 1;
  const unit = unitSizes(unitKindOf(plan.driver));
  if (pasidSpace > unit.pasidsMax) return undefined;
  const fixedTables = 1 + unit.tableFrames(plan.devices, pasidSpace) + resolvers * MAGAZINE_MAX;

  for (const { windowPages, activeStreams } of workingSets(plan, recorded)) {
    const pages = recorded
      ? scriptPages(plan, mms)
      : WINDOWS_RESIDENT * windowPages * plan.devices * activeStreams;
    const tables =
      fixedTables +
      (recorded ? scriptTables(plan, mms) : mms * windowTables(plan.devices * 2 * windowPages));
    const dataFrames = pages + resolvers * MAGAZINE_MAX + SPARE_FRAMES;
    if (tables + dataFrames >= FRAMES_MAX) continue;
    return {
      windowPages,
      activeStreams,
      streamsPerDevice: plan.pasids,
      basePfn: BASE_PFN,
      sizes: {
        devices: plan.devices,
        mms,
        streams,
        pasidSpace,
        resolvers,
        ringEntries: plan.ringEntries,
        groupsMax,
        requestsMax: plan.devices * plan.creditsPerDevice + flood * plan.groupPagesMax,
        tableFrames: tables,
        dataFrames,
        recordedEvents: plan.recordedEvents ?? 0,
      },
    };
  }
  return undefined;
}

type WorkingSet = { readonly windowPages: number; readonly activeStreams: number };

/** What devices may work on at a time, the largest first. */
function workingSets(plan: StormPlan, recorded: boolean): readonly WorkingSet[] {
  const { windowPages, pasids } = plan;
  if (recorded) return [{ windowPages, activeStreams: pasids }];
  const halves = (from: number, least: number): number[] =>
    from <= least ? [from] : [from, ...halves(Math.ceil(from / 2), least)];
  const actives = halves(pasids, ACTIVE_LEAST);
  const fewest = actives.at(-1) ?? pasids;
  const least = powerOfTwo(plan.groupPagesMax);
  return [
    ...actives.map((activeStreams) => ({ windowPages, activeStreams })),
    ...halves(windowPages, least).map((smaller) => ({
      windowPages: smaller,
      activeStreams: fewest,
    })),
  ].filter((set) => set.windowPages >= least);
}

/** Tables of an address space with one run of pages: the leaves, two levels above them with spares, the root. */
const windowTables = (pages: number): number =>
  Math.ceil(pages / 512) + 1 + (Math.ceil(pages / 2 ** 18) + 1) + 2 + 1;

/** The script a process lives. */
export const scriptOf = (plan: StormPlan, process: number): ProcessScript | undefined =>
  plan.processes[process % plan.processes.length];

function scriptPages(plan: StormPlan, mms: number): number {
  return sum(plan, mms, (script) => distinct(script, 0));
}

function scriptTables(plan: StormPlan, mms: number): number {
  return sum(
    plan,
    mms,
    (script) => distinct(script, 9) + distinct(script, 18) + distinct(script, 27) + 1,
  );
}

const sum = (plan: StormPlan, mms: number, of: (script: ProcessScript) => number): number => {
  const each = plan.processes.map(of);
  return Array.from({ length: mms }, (_, process) => each[process % each.length] ?? 0).reduce(
    (total, pages) => total + pages,
    0,
  );
};

/** Different values of a script's touched pages without their low `shift` bits. */
const distinct = (script: ProcessScript, shift: number): number =>
  new Set(
    script.operations
      .filter(({ kind }) => kind === 'touch')
      .map(({ pfn }) => Math.floor(pfn / 2 ** shift)),
  ).size;
