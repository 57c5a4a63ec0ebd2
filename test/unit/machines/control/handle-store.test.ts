/**
 * Spec 01, section 3: the look-up rules and the table of store operations, through pasid-attachment.ts.
 *
 * Not here, because types or callers rule them out before a slot hears of it: null domains and handles, groups on
 * another domain, ops mismatch, reset and recovery, PASIDs out of range.
 */
import { expect, test } from 'vitest';

import {
  type PasidAttachmentEvent,
  pasidAttachmentMachine,
} from '../../../../src/machines/pasid-attachment.ts';
import { listOf } from './lists.ts';
import { Recording } from './recorder.ts';

const slotAfter = (...events: readonly PasidAttachmentEvent[]) =>
  new Recording(pasidAttachmentMachine, { slot: 5 }).send(...events);
const RESERVE = { type: 'slot.reserve' } as const;
const ERASE = { type: 'slot.erase' } as const;
const publish = (handle: number) => ({ type: 'handle.publish', handle }) as const;
const replace = (handle: number) => ({ type: 'handle.replace', handle }) as const;
const PLAIN: readonly PasidAttachmentEvent[] = [RESERVE, { type: 'domain.publish' }];
const ATTACHED: readonly PasidAttachmentEvent[] = [RESERVE, publish(7)];

const refusal = (slot: Recording<typeof pasidAttachmentMachine>) => slot.performed.at(-1);

test.each([
  { slot: 'an empty slot', events: [], handle: undefined },
  { slot: 'a reserved slot', events: [RESERVE], handle: undefined },
  { slot: 'a slot with a plain domain', events: PLAIN, handle: undefined },
  { slot: 'an attached slot', events: ATTACHED, handle: 7 },
  { slot: 'an erased slot', events: [...ATTACHED, ERASE], handle: undefined },
])('look-up: $slot gives $handle', ({ events, handle }) => {
  expect(slotAfter(...events).context).toEqual({ slot: 5, handle });
});

test('a handle being installed is invisible until the final store', () => {
  const slot = slotAfter(RESERVE);
  expect(slot.effects()).toEqual([]);

  slot.send(publish(7));
  expect(slot.performed).toEqual([{ type: 'storeSlot', params: { slot: 5, handle: 7 } }]);
});

test('attach RID with a handle, and attach PASID: reserve, hardware, store', () => {
  for (const operation of ['attach-rid', 'attach-pasid'] as const) {
    const steps = listOf('vtd@7.3', operation);
    const order = ['reserve-slot', 'program-entry', 'publish-handle'];
    expect(steps.filter((step) => order.includes(step))).toEqual(order);
  }
});

test('a failed attach releases the reservation, and the next attach finds the slot free', () => {
  const slot = slotAfter(RESERVE, { type: 'slot.release' }, RESERVE, publish(8));
  expect(slot.effects()).toEqual(['storeSlot']);
});

test.each([
  { slot: 'is reserved', events: [RESERVE] },
  { slot: 'holds a domain', events: PLAIN },
  { slot: 'holds a handle', events: ATTACHED },
])('attach of a slot that $slot: EBUSY', ({ events, slot }) => {
  expect(refusal(slotAfter(...events, RESERVE))).toEqual({
    type: 'refuse',
    params: { errno: 'EBUSY', reason: `the slot ${slot}` },
  });
});

test('replace stores the new handle over the old one, with no moment between them', () => {
  const slot = slotAfter(...ATTACHED, replace(8));
  expect(slot.performed).toEqual([
    { type: 'storeSlot', params: { slot: 5, handle: 7 } },
    { type: 'storeSlot', params: { slot: 5, handle: 8 } },
  ]);
});

test('replace of a plain domain gives the slot a handle', () => {
  expect(slotAfter(...PLAIN, replace(8)).context).toEqual({ slot: 5, handle: 8 });
});

test('replace PASID with nothing attached: EINVAL', () => {
  expect(refusal(slotAfter(replace(8)))).toEqual({
    type: 'refuse',
    params: { errno: 'EINVAL', reason: 'nothing is attached' },
  });
});

test('replace PASID with the same handle: EINVAL, readers hold it without a lock', () => {
  const slot = slotAfter(...ATTACHED, replace(7));
  expect(refusal(slot)).toMatchObject({ type: 'refuse', params: { errno: 'EINVAL' } });
  expect(slot.context).toEqual({ slot: 5, handle: 7 });
});

test('replace RID reserves where nothing is attached: that is an attach', () => {
  expect(slotAfter(RESERVE, publish(7)).context).toEqual({ slot: 5, handle: 7 });
});

test('detach erases the slot, last of all', () => {
  expect(slotAfter(...ATTACHED, ERASE).performed.at(-1)).toEqual({
    type: 'clearSlot',
    params: { slot: 5 },
  });
  for (const operation of ['detach-rid', 'detach-pasid'] as const) {
    const steps = listOf('vtd@7.3', operation);
    expect(steps.indexOf('erase-slot')).toBeGreaterThan(steps.indexOf('drop-reporting'));
    expect(steps.indexOf('erase-slot')).toBeLessThan(steps.indexOf('free-handle'));
  }
});

test('detach of a plain domain stores nothing', () => {
  expect(slotAfter(...PLAIN, ERASE).effects()).toEqual([]);
});

test.each([
  { what: 'erasing an empty slot', events: [ERASE] },
  { what: 'publishing without a reservation', events: [publish(7)] },
  { what: 'replacing under a reservation', events: [RESERVE, replace(7)] },
  { what: 'releasing an attached slot', events: [...ATTACHED, { type: 'slot.release' } as const] },
])('$what is a violation', ({ events }) => {
  expect(refusal(slotAfter(...events))).toEqual({
    type: 'violate',
    params: { unexpected: events.at(-1)?.type },
  });
});
