/**
 * Group attach world: two threads attach domains to one PASID of a group of three, whose second member has no PASIDs
 * and whose third may fail; and a third thread attaches to the function of one member.
 *
 * S19: a handle is found only when every member that can has switched. S14: what failed leaves nobody on the domain,
 * which its owner frees. S20: one domain on the PASID of a group.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, type Read, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { groupAttachHolds, groupAttachMachine } from '../../../machines/group-attach.ts';
import {
  pasidAttachmentHolds,
  pasidAttachmentMachine,
} from '../../../machines/pasid-attachment.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { flags } from '../flag.ts';
import { hardwareOf, threadOf } from '../tags/thread.ts';

const PASIDS_MAX = [8, 0, 8];
const PASID = 5;
const CALLS = [0, 1];
const RID_CALL = 2;
const FALLIBLE = 2;
const capable = PASIDS_MAX.flatMap((max, member) => (max > 0 ? [member] : []));

export function groupAttachWorld(keepsOnFailure: boolean): World {
  const slot = slotKind('slot', pasidAttachmentMachine, pasidAttachmentHolds, [{ slot: PASID }]);
  const entry = slotKind(
    'entry',
    pasidEntryMachine,
    pasidEntryHolds,
    PASIDS_MAX.map((_, member) => ({ entry: member })),
  );
  const handle = alike('handle', attachHandleMachine, attachHandleHolds, CALLS.length);
  const attach = slotKind('attach', groupAttachMachine, groupAttachHolds, [
    ...CALLS.map((each) => ({
      call: each,
      pasid: PASID,
      pasidsMax: PASIDS_MAX,
      mayFail: [FALLIBLE],
      keepsOnFailure,
    })),
    { call: RID_CALL, pasid: undefined, pasidsMax: PASIDS_MAX, mayFail: [], keepsOnFailure },
  ]);
  const freed = flags('freed', CALLS.length);
  const isAt = (of: number, state: string): Read =>
    where(attach, of, ({ value }) => value === state);
  const holds = (member: number, domain: number): Read =>
    where(entry, member, ({ value, context }) => value === 'present' && context.domain === domain);
  const isPublished = where(slot, 0, ({ value }) => value === 'attached');

  /** A caller that was refused frees what it wanted to attach. */
  const owners = CALLS.map((of) =>
    threadOf(`owner-${of}`, [
      'free',
      {
        when: [isAt(of, 'refused')],
        does: [freed.set(of), call(handle, of, { type: 'handle.free' })],
      },
      { when: [isAt(of, 'attached')], ends: true },
    ]),
  );

  return {
    name: 'attach to a group',
    before: CALLS.map((of) => call(handle, of, { type: 'handle.allocate' })),
    properties: [
      ...capable.map((member) => ({
        id: 'S19',
        sentence: `a handle can be found while member ${member} of its group has not switched`,
        never: [isPublished, where(entry, member, ({ value }) => value !== 'present')],
      })),
      ...CALLS.flatMap((of) =>
        PASIDS_MAX.map((_, member) => ({
          id: 'S14',
          sentence: `member ${member} translates through a domain whose attach failed, and which is freed`,
          never: [freed.isSet(of), holds(member, of)],
        })),
      ),
      ...PASIDS_MAX.flatMap((max, member) =>
        max === 0
          ? [
              {
                id: 'S15',
                sentence: `member ${member}, which has no PASIDs, is programmed`,
                never: [where(entry, member, ({ value }) => value !== 'absent')],
              },
            ]
          : [],
      ),
      {
        id: 'S20',
        sentence: 'two attaches to one PASID of a group have both succeeded',
        never: CALLS.map((of) => isAt(of, 'attached')),
      },
      {
        id: 'S20',
        sentence: 'the function of a member is attached by itself, though its group has others',
        never: [isAt(RID_CALL, 'attached')],
      },
    ],
    sightings: [
      { id: 'attached', sentence: 'an attach succeeds', reads: [isAt(0, 'attached')] },
      {
        id: 'one-refused',
        sentence: 'one attach succeeds and the other is refused',
        reads: [isAt(0, 'attached'), isAt(1, 'refused')],
      },
      {
        id: 'reverted',
        sentence: 'an attach fails half-way and the other one succeeds after it',
        reads: [isAt(0, 'refused'), isAt(1, 'attached')],
      },
      {
        id: 'rid-refused',
        sentence: 'an attach to the function of one member is refused',
        reads: [isAt(RID_CALL, 'refused')],
      },
    ],
    parts: [
      actor(attach, {
        takes: () => [offer({ type: 'step' }), offer({ type: 'member.failed' })],
        asks: { slotIsTaken: () => [where(slot, 0, ({ value }) => value !== 'empty')] },
        effects: {
          reserveSlot: () => [call(slot, 0, { type: 'slot.reserve' })],
          programMember: ({ call: of, member }) => [
            call(entry, member, { type: 'entry.program', domain: of }),
          ],
          revertMember: ({ member }) => [call(entry, member, { type: 'entry.zero' })],
          publishHandle: ({ call: of }) => [call(slot, 0, { type: 'handle.publish', handle: of })],
          releaseSlot: () => [call(slot, 0, { type: 'slot.release' })],
          return: unheard,
        },
      }),
      ...owners.map(({ part }) => part),
      // Whoever reports a fault of a member uses what it finds in the slot.
      hardwareOf(
        'report',
        ...CALLS.map(
          (of) =>
            [
              `look-up-${of}`,
              {
                when: [where(slot, 0, ({ context }) => context.handle === of)],
                does: [call(handle, of, { type: 'handle.dereference' })],
              },
            ] as const,
        ),
      ),
      object(slot, { effects: { storeSlot: unheard, clearSlot: unheard, refuse: unheard } }),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
      object(handle),
      freed.part,
    ],
  };
}
