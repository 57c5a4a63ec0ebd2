/**
 * Plan: a scenario with everything settled that its own lists only imply: handles, operations, address spaces.
 */
import type { Driver } from '../../../actors/driver.ts';
import { pasid, type RequesterId, requesterId } from '../../../core/ids.ts';
import { invariant } from '../../../core/invariant.ts';
import type { Group, Place, Plan, TaskWork } from './plan-terms.ts';
import type { GroupSpec, UnitScenario } from './scenario.ts';
import { exiting, tasksOf } from './tasks.ts';

/** 00:05.0, 00:06.0, and so on. */
const ridOf = (device: number): RequesterId => requesterId(0x28 + 8 * device);

export function planOf(driver: Driver, told: UnitScenario): Plan {
  const scenario = onUnitOf(driver, told);
  const { domains, processes } = scenario;
  const places = scenario.attachments.map(
    (of): Place => ({
      device: of.device,
      rid: ridOf(of.device),
      pasid: of.pasid === undefined ? undefined : pasid(of.pasid),
    }),
  );
  const groups = scenario.devices.flatMap((device, number) =>
    device.groups.map((spec, index) => groupOf(spec, number, index)),
  );
  const domainOf = (process: number): number => {
    const found = domains.findIndex((each) => each.kind === 'sva' && each.process === process);
    invariant(found >= 0, `process ${process} has no domain`);
    return found;
  };
  const spaces = [
    ...processes.map(({ pages }) => pages ?? 1),
    ...domains.map((of) => (of.kind === 'paging' ? (of.pages ?? 1) : 0)),
  ];
  const pagesMax = 1 + Math.max(0, ...groups.flatMap(({ pages }) => pages));
  const { tasks, handles, lasts } = tasksOf(driver, scenario, domainOf);
  return {
    scenario,
    driver,
    places,
    handles,
    groups,
    tasks,
    lasts,
    domainOf,
    handleNumber: (handle) => handles.indexOf(handle),
    listPlace: ({ domain, attachment }) => domain * places.length + attachment,
    spaceOf: (domain) => {
      const of = domains[domain];
      switch (of?.kind) {
        case 'sva':
          return of.process;
        case 'nested':
          return processes.length + of.parent;
        default:
          return processes.length + domain;
      }
    },
    exits: exiting(scenario),
    retires: tasks.some(({ work }) => retires(work, scenario)),
    requestsMax: groups.reduce(
      (sum, { pages, uses, sendsStopMarker }) =>
        sum + uses * pages.length + Number(sendsStopMarker),
      0,
    ),
    pageCount: spaces.length * pagesMax,
    pagesMax,
    pageNumber: (space, page) => space * pagesMax + page,
    isMapped: (space, page) => page < (spaces[space] ?? 0),
    groupOf: ({ rid, pasid: of, prgi }) => {
      const found = groups.findIndex(({ attachment, prgIndex }) => {
        const place = places[attachment];
        return place?.rid === rid && place.pasid === of && prgIndex === prgi;
      });
      invariant(found >= 0, `no group of ${rid} has index ${prgi}`);
      return found;
    },
    handlesFaults: (domain) => {
      const of = domains[domain];
      return of?.kind === 'sva' || (of?.kind === 'paging' && of.handlesFaults);
    },
  };
}

/** A stall begins in the unit: nothing of it travels. */
const onUnitOf = ({ traits }: Driver, scenario: UnitScenario): UnitScenario =>
  traits.faults === 'stalls' ? { ...scenario, hasLink: false } : scenario;

const groupOf = (spec: GroupSpec, device: number, index: number): Group => ({
  attachment: spec.attachment,
  prgIndex: spec.prgIndex ?? 0,
  pages: spec.pages ?? [0],
  access: spec.access ?? 'read',
  onlyFirstLast: spec.onlyFirstLast ?? false,
  uses: spec.uses ?? 1,
  isRude: spec.isRude ?? false,
  mayCut: spec.mayCut ?? false,
  sendsStopMarker: spec.sendsStopMarker ?? false,
  device,
  index,
});

/** A process ends, or what its address space was attached to lets it go. */
function retires(work: TaskWork, { domains }: UnitScenario): boolean {
  switch (work.kind) {
    case 'list':
      return (
        work.operation !== 'mm-invalidate' &&
        work.going !== undefined &&
        domains[work.going.domain]?.kind === 'sva'
      );
    case 'act':
      return work.does.kind === 'put-users';
    default:
      return work.kind === 'sva-unbind';
  }
}
