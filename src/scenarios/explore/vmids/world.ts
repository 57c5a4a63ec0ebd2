/**
 * VMID world: devices of two guests attach to one second stage as a layout says, read a page of it, and lose the page
 * when the host unmaps it; then all is undone.
 *
 * S9: no line of a freed page is left, under whatever VMID. S11: a unit has as many VMIDs as the layout has holders
 * there, no more and no fewer, and a VMID stands for one of them.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { tagAllocatorHolds, tagAllocatorMachine, tagOf } from '../../../machines/tag-allocator.ts';
import {
  type VmidTarget,
  vmidInvalidationHolds,
  vmidInvalidationMachine,
} from '../../../machines/vmid-invalidation.ts';
import { flags } from '../flag.ts';
import { type Move, threadOf } from '../tags/thread.ts';
import { holderOf, holdersOf, isRefused, type Layout, routeOf, usersOf } from './layout.ts';
import { vmidLinesHolds, vmidLinesMachine, vmidReaderMachine } from './nouns.ts';

const FIRST = 1;
const LAST = 4;
const KERNEL = 0;
const GUEST = 1;

export const unitsOf = ({ devices }: Layout): readonly number[] =>
  Array.from({ length: 1 + Math.max(...devices.map(({ unit }) => unit)) }, (_, unit) => unit);

export function kindsOf(layout: Layout) {
  const units = unitsOf(layout);
  const users = usersOf(layout);
  const byKernel = holdersOf(layout).map((of) => ({ ...of, by: 'kernel' as const }));
  const byGuest = users.flatMap((device): readonly VmidTarget[] => {
    const by = routeOf(layout, device);
    return by === undefined ? [] : [{ unit: device.unit, holder: holderOf(layout, device), by }];
  });
  return {
    vmids: slotKind(
      'vmids',
      tagAllocatorMachine,
      tagAllocatorHolds,
      units.map((unit) => ({
        allocator: unit,
        first: FIRST,
        last: LAST,
        reserved: [],
        countsReserved: false,
      })),
    ),
    lines: alike('tlb', vmidLinesMachine, vmidLinesHolds, units.length),
    reader: alike('device', vmidReaderMachine, {}, users.length),
    invalidation: slotKind('invalidation', vmidInvalidationMachine, vmidInvalidationHolds, [
      { targets: byKernel },
      { targets: byGuest },
    ]),
    attached: flags('attached', layout.devices.length),
    refused: flags('refused', layout.devices.length),
    unmapped: flags('unmapped'),
  };
}

export function vmidLayoutWorld(layout: Layout): World {
  const { vmids, lines, reader, invalidation, attached, refused, unmapped } = kindsOf(layout);
  const users = usersOf(layout);
  const targets = holdersOf(layout);
  const get = (unit: number, holder: number) => call(vmids, unit, { type: 'tag.get', holder });
  const put = (unit: number, holder: number) => call(vmids, unit, { type: 'tag.put', holder });
  const isOver = (of: number) => where(invalidation, of, ({ status }) => status === 'done');

  const owner = threadOf(
    'vmm',
    ...layout.devices.map((device, at): Move => {
      const does = isRefused(layout, device)
        ? [refused.set(at)]
        : [get(device.unit, holderOf(layout, device)), attached.set(at)];
      return [`attach-${device.name}`, { does }];
    }),
    ['unmap', { does: [unmapped.set()] }],
    ['await', { when: [isOver(KERNEL), isOver(GUEST)] }],
    ['free-page', {}],
    ...users.map((device): Move => {
      const at = layout.devices.indexOf(device);
      const does = [attached.clear(at), put(device.unit, holderOf(layout, device))];
      return [`detach-${device.name}`, { does }];
    }),
  );
  const isFreed = owner.isAt(`detach-${users[0]?.name}`);

  return {
    name: `VMIDs, ${layout.name}`,
    properties: unitsOf(layout).flatMap((unit) => [
      {
        id: 'S9',
        sentence: 'a unit has a line of a page that was unmapped and freed',
        never: [isFreed, where(lines, unit, ({ context }) => context.vmids.length > 0)],
      },
      {
        id: 'S11',
        sentence: 'a unit has not as many VMIDs as there are holders on it',
        never: [
          owner.isAt('unmap'),
          where(
            vmids,
            unit,
            ({ context }) =>
              context.grants.length !== targets.filter((each) => each.unit === unit).length,
          ),
        ],
      },
      {
        id: 'S11',
        sentence: 'a VMID is kept that nobody uses any more',
        never: [owner.isDone(), where(vmids, unit, ({ context }) => context.grants.length > 0)],
      },
    ]),
    sightings: [
      {
        id: 'all-cached',
        sentence: 'every VMID has a line of the page',
        reads: unitsOf(layout).map((unit) => {
          const here = targets.filter((each) => each.unit === unit).length;
          return where(lines, unit, ({ context }) => context.vmids.length === here);
        }),
      },
    ],
    parts: [
      owner.part,
      actor(reader, {
        takes: (at) => {
          const device = users[at];
          if (device === undefined) return [];
          return [
            offerFrom(vmids, device.unit, ({ context }) => {
              const vmid = tagOf(context, holderOf(layout, device));
              return vmid === undefined ? undefined : { type: 'page.read' as const, vmid };
            }),
          ];
        },
        asks: {
          mayRead: (_, at) => {
            const device = users[at];
            return device === undefined
              ? false
              : [attached.isSet(layout.devices.indexOf(device)), unmapped.isClear()];
          },
        },
        effects: {
          fill: ({ vmid }, at) => [call(lines, users[at]?.unit ?? 0, { type: 'line.fill', vmid })],
        },
        mayRest: () => true,
      }),
      actor(invalidation, {
        takes: () =>
          targets.map(({ unit, holder }) =>
            offerFrom(vmids, unit, ({ context }) => {
              const vmid = tagOf(context, holder);
              return vmid === undefined
                ? { type: 'vmid.missing' as const, unit, holder }
                : { type: 'vmid.found' as const, unit, holder, vmid };
            }),
          ),
        asks: { mayBegin: () => [unmapped.isSet()] },
        effects: { flush: ({ unit, vmid }) => [call(lines, unit, { type: 'vmid.flush', vmid })] },
      }),
      object(vmids, {
        effects: { grant: unheard, release: unheard, refuse: unheard, ignore: unheard },
      }),
      object(lines),
      attached.part,
      refused.part,
      unmapped.part,
    ],
  };
}
