/**
 * Figures of the VMID layouts: how many VMIDs, lines and commands each takes, read off every state of its world.
 *
 * A number stands here because some state has it and no state of the same moment has another: `reached` asks the search
 * for each number in turn.
 */
import { invariant } from '../../../core/invariant.ts';
import { explore } from '../../../explore/search.ts';
import { type Read, where } from '../../../explore/wiring.ts';
import type { Figures } from '../explore-scenario.ts';
import { isRefused, type Layout, routeOf } from './layout.ts';
import { stagesOf } from './streams.ts';
import { kindsOf, unitsOf, vmidLayoutWorld } from './world.ts';

const NUMBERS = [0, 1, 2, 3, 4];

export const figuresOf = (layouts: readonly Layout[]): Figures => ({
  title:
    'one second stage, three devices of two guests: VMIDs and lines of a page by unit, commands to forget it',
  columns: [
    'layout',
    'stages of each device',
    'VMIDs',
    'lines of a page',
    'commands of an unmap',
    'invalidations by vIOMMU',
    'by device',
    'refused',
  ],
  rows: layouts.map((layout) => {
    const by = (route: 'viommu' | 'device'): number =>
      layout.devices.filter(
        (device) => !isRefused(layout, device) && routeOf(layout, device) === route,
      ).length;
    const { vmids, lines, commands } = counted(layout);
    return [
      layout.name,
      layout.devices
        .map((device) => (isRefused(layout, device) ? 'EINVAL' : stagesOf(device.way)))
        .join(', '),
      vmids.join(' + '),
      lines.join(' + '),
      commands,
      by('viommu'),
      by('device'),
      layout.devices.filter((device) => isRefused(layout, device)).length,
    ];
  }),
});

/** By unit; commands of all units. */
function counted(layout: Layout) {
  const world = vmidLayoutWorld(layout);
  const { vmids, lines, invalidation } = kindsOf(layout);
  /** Numbers that are met in some state in which all of `when` hold. */
  const reached = (number: (of: number) => readonly Read[]): readonly number[] => {
    const sightings = NUMBERS.map((of) => ({
      id: String(of),
      sentence: `the number is ${of}`,
      reads: number(of),
    }));
    const explored = explore({ ...world, sightings });
    invariant(explored.ok && explored.value.kind === 'complete', `${layout.name} is not clean`);
    const { unseen } = explored.value;
    return NUMBERS.filter((of) => !unseen.includes(String(of)));
  };
  const only = (numbers: readonly number[]): number => {
    const [one, ...others] = numbers;
    invariant(one !== undefined && others.length === 0, `${layout.name} has no one number`);
    return one;
  };
  const isUnmapping = vmidsAreAll(layout);
  return {
    vmids: unitsOf(layout).map((unit) =>
      only(
        reached((of) => [
          ...isUnmapping,
          where(vmids, unit, ({ context }) => context.grants.length === of),
        ]),
      ),
    ),
    /** The most that are there at once. */
    lines: unitsOf(layout).map((unit) =>
      Math.max(
        ...reached((of) => [where(lines, unit, ({ context }) => context.vmids.length === of)]),
      ),
    ),
    commands: only(
      reached((of) => [
        where(
          invalidation,
          0,
          ({ status, context }) => status === 'done' && context.commands === of,
        ),
      ]),
    ),
  };
}

/** Everybody who is not refused is attached. */
function vmidsAreAll(layout: Layout): readonly Read[] {
  const { attached } = kindsOf(layout);
  return layout.devices.flatMap((device, at) =>
    isRefused(layout, device) ? [] : [attached.isSet(at)],
  );
}
