/**
 * vmid-lifetime: a vIOMMU invalidates by a VMID that it copied from the second stage (S11, S18).
 *
 * Two units, each with its own VMIDs, and two guests. Unpinned, the second stage may go while its vIOMMU lives, and
 * with it the VMID. Copied across, a device behind the other unit is attached with the number of the first.
 */
import { slotKind } from '../../../explore/slot-kind.ts';
import { call, unheard, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { tagAllocatorHolds, tagAllocatorMachine, tagOf } from '../../../machines/tag-allocator.ts';
import { flags } from '../flag.ts';
import { hardwareOf, threadOf } from './thread.ts';

/** A guest, as whoever its VMIDs stand for. */
const MINE = 0;
const OTHER = 1;
/** Units, by number. */
const HERE = 0;
const THERE = 1;
const FIRST = 1;

export type VmidDefects = { readonly isUnpinned: boolean; readonly isCopiedAcross: boolean };

export function vmidWorld({ isUnpinned, isCopiedAcross }: VmidDefects): World {
  const allocator = slotKind(
    'vmids',
    tagAllocatorMachine,
    tagAllocatorHolds,
    [
      { unit: HERE, last: FIRST },
      { unit: THERE, last: FIRST + 1 },
    ].map(({ unit, last }) => ({
      allocator: unit,
      first: FIRST,
      last,
      reserved: [],
      countsReserved: false,
    })),
  );
  const get = (unit: number, holder: number) => call(allocator, unit, { type: 'tag.get', holder });
  const put = (unit: number, holder: number) => call(allocator, unit, { type: 'tag.put', holder });
  const otherHas = (unit: number) =>
    where(allocator, unit, ({ context }) => tagOf(context, OTHER) === FIRST);
  const viommu = flags('viommu');
  /** The guest's translations under its VMID here. */
  const cached = flags('cached');
  const attachedThere = flags('attached-by-number');

  const user = threadOf('user', ['destroy-viommu', { does: [viommu.clear()] }]);
  const owner = threadOf(
    'owner',
    [
      'flush-by-vmid',
      { ...(isUnpinned ? {} : { when: [viommu.isClear()] }), does: [cached.clear()] },
    ],
    ['destroy-second-stage', { does: [put(HERE, MINE)] }],
  );
  const attach = threadOf('attach', [
    'attach-there',
    { does: isCopiedAcross ? [attachedThere.set()] : [get(THERE, MINE)] },
  ]);
  // With no VMID free the allocation would fail; it is begun again until there is one.
  const isFree = where(allocator, HERE, ({ context }) => context.grants.length === 0);
  const here = threadOf('guest-here', ['take-vmid', { when: [isFree], does: [get(HERE, OTHER)] }]);
  const there = threadOf('guest-there', ['take-vmid', { does: [get(THERE, OTHER)] }]);

  return {
    name: 'VMIDs of two units',
    before: [get(HERE, MINE), viommu.set(), cached.set()],
    properties: [
      {
        id: 'S11',
        sentence: 'another guest has the VMID by which a vIOMMU still invalidates',
        never: [viommu.isSet(), otherHas(HERE)],
      },
      {
        id: 'S11',
        sentence: 'a VMID is handed out while translations are cached under it',
        never: [cached.isSet(), otherHas(HERE)],
      },
      {
        id: 'S11',
        sentence: 'a stream is programmed with a VMID that belongs to another guest on its unit',
        never: [attachedThere.isSet(), otherHas(THERE)],
      },
    ],
    sightings: [
      {
        id: 'reused',
        sentence: 'the other guest has the VMID that was given back',
        reads: [otherHas(HERE), here.isDone()],
      },
    ],
    parts: [
      user.part,
      owner.part,
      attach.part,
      here.part,
      there.part,
      hardwareOf('unit', ['cache', { when: [viommu.isSet()], does: [cached.set()] }]),
      object(allocator, {
        effects: { grant: unheard, release: unheard, refuse: unheard, ignore: unheard },
      }),
      viommu.part,
      cached.part,
      attachedThere.part,
    ],
  };
}
