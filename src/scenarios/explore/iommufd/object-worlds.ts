/**
 * Object worlds: one object of an iommufd made, used and destroyed by threads that know nothing of one another.
 *
 * S17: an object that is used isn't freed, one that isn't is freed once. S8: nobody touches a freed one. L8: what the
 * kernel destroys of its own accord is destroyed.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { iommufdObjectHolds, iommufdObjectMachine } from '../../../machines/iommufd-object.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import {
  allocationMachine,
  objectCallMachine,
  removalMachine,
  revocationMachine,
  taskWorkMachine,
} from './object-threads.ts';

const ID = 0;

const objectKind = () => alike('object', iommufdObjectMachine, iommufdObjectHolds, 1);
const step = () => [offer({ type: 'step' as const })];

/** A fault queue is allocated; telling its caller may fail, with the file open already. */
export function allocationWorld(rules: IommufdRules): World {
  const target = objectKind();
  const allocation = slotKind('allocation', allocationMachine, {}, [{ rules }]);
  const work = alike('task-work', taskWorkMachine, {}, 1);
  const dropFile = () => [call(target, ID, { type: 'users.put' })];
  return {
    name: 'iommufd-allocation',
    parts: [
      actor(allocation, {
        takes: () => [offer({ type: 'step' }), offer({ type: 'copy.failed' })],
        effects: {
          reserve: () => [call(target, ID, { type: 'object.reserve' })],
          openFile: () => [call(target, ID, { type: 'users.get' })],
          finalize: () => [call(target, ID, { type: 'object.finalize' })],
          dropFile,
          queueDrop: () => [],
          abort: () => [call(target, ID, { type: 'object.abort' })],
        },
      }),
      actor(work, {
        takes: step,
        asks: {
          // Queued work runs when the system call is over.
          workIsQueued: () =>
            rules.failedFileRelease === 'after-abort' && [
              where(allocation, 0, ({ value }) => value === 'failed'),
            ],
        },
        effects: { dropFile },
        mayRest: () => true,
      }),
      object(target, { effects: { refuse: unheard } }),
    ],
  };
}

/** System calls look an object up and let it go while a user destroys it. */
export function removalWorld(rules: IommufdRules, calls: number): World {
  const target = objectKind();
  const inputs = Array.from({ length: calls }, () => ({ rules }));
  const caller = slotKind('call', objectCallMachine, {}, inputs);
  const removal = slotKind('removal', removalMachine, {}, [{ rules }]);
  const isLive = where(target, ID, ({ value }) => value === 'live');
  const users = (count: number) =>
    where(target, ID, ({ value, context }) => value === 'live' && context.users === count);
  return {
    name: 'iommufd-removal',
    before: [
      call(target, ID, { type: 'object.reserve' }),
      call(target, ID, { type: 'object.finalize' }),
    ],
    parts: [
      actor(caller, {
        takes: step,
        asks: { isLive: () => [isLive] },
        effects: {
          get: () => [call(target, ID, { type: 'waits.get' })],
          put: () => [call(target, ID, { type: 'waits.put' })],
          touch: () => [call(target, ID, { type: 'object.touch' })],
        },
      }),
      actor(removal, {
        takes: step,
        asks: {
          isLive: () => [isLive],
          isUnused: () => [users(1)],
          isMine: () => [users(2)],
          isIdle: () => [where(target, ID, ({ context }) => context.waits === 0)],
        },
        effects: {
          getUser: () => [call(target, ID, { type: 'users.get' })],
          putUser: () => [call(target, ID, { type: 'users.put' })],
          remove: () => [call(target, ID, { type: 'object.remove' })],
          free: () => [call(target, ID, { type: 'object.free' })],
        },
      }),
      object(target, { effects: { refuse: unheard } }),
    ],
  };
}

/** The driver unbinds a device whose id a user tries to destroy. */
export function revocationWorld(rules: IommufdRules): World {
  const target = objectKind();
  const removal = slotKind('removal', removalMachine, {}, [{ rules }]);
  const revocation = alike('revocation', revocationMachine, {}, 1);
  const users = (count: number) =>
    where(target, ID, ({ value, context }) => value === 'live' && context.users === count);
  const isIdle = () => [where(target, ID, ({ context }) => context.waits === 0)];
  const free = () => [call(target, ID, { type: 'object.free' })];
  return {
    name: 'iommufd-revocation',
    before: [
      call(target, ID, { type: 'object.reserve' }),
      call(target, ID, { type: 'object.finalize' }),
      call(target, ID, { type: 'users.get' }),
    ],
    properties: [
      {
        id: 'L8',
        sentence: 'what the kernel destroys of its own accord is destroyed',
        never: [where(revocation, 0, ({ value }) => value === 'failed')],
      },
    ],
    parts: [
      actor(removal, {
        takes: step,
        asks: {
          isLive: () => [where(target, ID, ({ value }) => value === 'live')],
          isUnused: () => [users(1)],
          isMine: () => [users(2)],
          isIdle,
        },
        effects: {
          getUser: () => [call(target, ID, { type: 'users.get' })],
          putUser: () => [call(target, ID, { type: 'users.put' })],
          remove: () => [call(target, ID, { type: 'object.remove' })],
          free,
        },
      }),
      actor(revocation, {
        takes: () => [
          offerFrom(target, ID, ({ value }) =>
            value === 'empty' ? undefined : { type: 'step' as const },
          ),
        ],
        asks: { hasOnlyOwner: () => [users(2)], isIdle },
        effects: {
          putOwner: () => [call(target, ID, { type: 'users.put' })],
          revoke: () => [call(target, ID, { type: 'object.revoke' })],
          free,
        },
      }),
      object(target, { effects: { refuse: unheard } }),
    ],
  };
}
