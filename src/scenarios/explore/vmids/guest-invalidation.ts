/**
 * Guest invalidation: a guest takes pages back as far as it is told that their translations are gone (S9).
 *
 * Its list is bytes: three pages, then a command that is no guest's, in batches of two. What Linux would issue in
 * batches of 63 differs in numbers only.
 */
import { invariant } from '../../../core/invariant.ts';
import { slotKind } from '../../../explore/slot-kind.ts';
import { offer, where } from '../../../explore/wiring.ts';
import { actor, type World } from '../../../explore/world.ts';
import { encodeCommand, type SmmuCommand } from '../../../hw/smmuv3/commands.ts';
import { GUEST_COMMAND_BYTES, guestCommandOf } from '../../../hw/smmuv3/guest-command.ts';
import {
  guestInvalidationHolds,
  guestInvalidationMachine,
} from '../../../machines/guest-invalidation.ts';
import { flags } from '../flag.ts';

const VMID = 3;
const ASID = 1;
const PAGES = [0, 1, 2];
const BATCH = 2;

const page = (number: number): SmmuCommand => ({
  ...{ kind: 'invalidate-tlb', of: 'nh-va', vmid: 0, asid: ASID, page: number, leaf: true },
  ...{ num: 0, scale: 0, ttl: 0, tg: 0 },
});
const LIST: readonly SmmuCommand[] = [...PAGES.map(page), { kind: 'sync', signal: 'none' }];

/** The first entry that is refused. */
function firstBad(): number {
  const bytes = new DataView(new ArrayBuffer(LIST.length * GUEST_COMMAND_BYTES));
  for (const [at, command] of LIST.entries()) {
    encodeCommand(bytes, at * GUEST_COMMAND_BYTES, command);
  }
  const guest = { vmid: VMID, streamOf: () => undefined };
  const bad = LIST.findIndex((_, at) => !guestCommandOf(bytes, at * GUEST_COMMAND_BYTES, guest).ok);
  invariant(bad === PAGES.length, 'a guest may invalidate its pages, and nothing else in the list');
  return bad;
}

export function guestInvalidationWorld(tellsConverted: boolean): World {
  const invalidation = slotKind('call', guestInvalidationMachine, guestInvalidationHolds, [
    { entries: LIST.length, bad: firstBad(), batchMax: BATCH, tellsConverted },
  ]);
  const cached = flags('cached', PAGES.length);
  const freed = flags('freed', PAGES.length);

  return {
    name: "a guest's list of invalidations",
    before: PAGES.map((of) => cached.set(of)),
    properties: PAGES.map((of) => ({
      id: 'S9',
      sentence: `a device translates to page ${of}, which its guest was told is forgotten, and has freed`,
      never: [cached.isSet(of), freed.isSet(of)],
    })),
    sightings: [
      {
        id: 'told-in-part',
        sentence: 'the call fails, and some of the list is done',
        reads: [where(invalidation, 0, ({ status }) => status === 'done'), freed.isSet(0)],
      },
    ],
    parts: [
      actor(invalidation, {
        takes: () => [offer({ type: 'step' })],
        effects: {
          issue: ({ first, end }) => PAGES.slice(first, end).map((of) => cached.clear(of)),
          return: ({ told }) => PAGES.slice(0, told).map((of) => freed.set(of)),
        },
      }),
      cached.part,
      freed.part,
    ],
  };
}
