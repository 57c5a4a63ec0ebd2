/**
 * vIOMMU worlds: what hangs on a vIOMMU when its device, or its nesting parent, is taken away.
 *
 * S18: no child outlives its parent. S11: no VMID is in two hands.
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { iommufdObjectHolds, iommufdObjectMachine } from '../../../machines/iommufd-object.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import { count, maybe } from '../../../machines/wiring-types.ts';
import {
  guestMachine,
  MINE,
  OTHERS,
  otherUnitAttachMachine,
  otherVmMachine,
  parentRemovalMachine,
  unbindMachine,
  vdeviceRemovalMachine,
  vmidMachine,
} from './viommu-threads.ts';

const DEVICE = 0;
const VDEVICE = 1;
const PARENT = 0;

const step = () => [offer({ type: 'step' as const })];

/** A user destroys a vDEVICE while the driver unbinds the device behind it. */
export function vdeviceWorld(rules: IommufdRules): World {
  const target = alike('object', iommufdObjectMachine, iommufdObjectHolds, 2);
  const removal = alike('vdevice-removal', vdeviceRemovalMachine, {}, 1);
  const unbind = slotKind('unbind', unbindMachine, {}, [{ rules }]);
  const vdeviceIsLive = () => [where(target, VDEVICE, ({ value }) => value === 'live')];
  // Its handler looks at the device by its back pointer, then puts it.
  const disconnect = () => [
    call(target, DEVICE, { type: 'object.touch' }),
    call(target, DEVICE, { type: 'users.put' }),
  ];
  return {
    name: 'iommufd-vdevice',
    before: [
      call(target, DEVICE, { type: 'object.reserve' }),
      call(target, DEVICE, { type: 'object.finalize' }),
      call(target, VDEVICE, { type: 'object.reserve' }),
      call(target, DEVICE, { type: 'users.get' }),
      call(target, VDEVICE, { type: 'object.finalize' }),
    ],
    properties: [
      {
        id: 'S18',
        sentence: 'a vDEVICE outlives its device',
        never: [
          where(target, DEVICE, ({ value }) => value === 'empty'),
          where(target, VDEVICE, ({ value }) => value === 'live' || value === 'removed'),
        ],
      },
    ],
    parts: [
      actor(removal, {
        takes: step,
        asks: { vdeviceIsLive },
        effects: {
          remove: () => [call(target, VDEVICE, { type: 'object.remove' })],
          disconnect,
          free: () => [call(target, VDEVICE, { type: 'object.free' })],
        },
      }),
      actor(unbind, {
        takes: step,
        asks: {
          vdeviceIsLive,
          vdeviceIsGone: () => [
            where(target, VDEVICE, ({ value }) => value === 'empty' || value === 'tombstone'),
          ],
        },
        effects: {
          revokeVdevice: () => [call(target, VDEVICE, { type: 'object.revoke' })],
          disconnect,
          buryVdevice: () => [call(target, VDEVICE, { type: 'object.bury' })],
          revokeDevice: () => [call(target, DEVICE, { type: 'object.revoke' })],
          freeDevice: () => [call(target, DEVICE, { type: 'object.free' })],
        },
      }),
      object(target, { effects: { refuse: unheard } }),
    ],
  };
}

/** A nesting parent's VMID on two units: its user destroys it, a VM invalidates by it, other VMs want numbers. */
export function vmidWorld(rules: IommufdRules): World {
  const target = alike('object', iommufdObjectMachine, iommufdObjectHolds, 1);
  const vmid = alike('vmid', vmidMachine, { holder: maybe(count(OTHERS)) }, 2);
  const removal = alike('parent-removal', parentRemovalMachine, {}, 1);
  const guest = alike('guest', guestMachine, {}, 1);
  const other = alike('other-vm', otherVmMachine, {}, 2);
  const attach = slotKind('attach', otherUnitAttachMachine, {}, [{ rules }]);
  const here = 0;
  const there = 1;
  return {
    name: 'iommufd-vmid',
    before: [
      call(target, PARENT, { type: 'object.reserve' }),
      call(target, PARENT, { type: 'object.finalize' }),
      call(vmid, here, { type: 'vmid.take', holder: MINE }),
      ...(rules.viommuKeepsParent ? [call(target, PARENT, { type: 'users.get' })] : []),
    ],
    parts: [
      actor(removal, {
        takes: step,
        asks: {
          isUnused: () => [
            where(target, PARENT, ({ value, context }) => value === 'live' && context.users === 1),
          ],
        },
        effects: {
          remove: () => [call(target, PARENT, { type: 'object.remove' })],
          freeVmid: () => [call(vmid, here, { type: 'vmid.free' })],
          free: () => [call(target, PARENT, { type: 'object.free' })],
        },
      }),
      actor(guest, {
        takes: step,
        effects: { invalidate: () => [call(vmid, here, { type: 'vmid.use', holder: MINE })] },
      }),
      actor(other, {
        takes: step,
        asks: {
          vmidIsFree: (_, index) => [
            where(vmid, index, ({ context }) => context.holder === undefined),
          ],
        },
        effects: {
          take: (_, index) => [call(vmid, index, { type: 'vmid.take', holder: OTHERS })],
        },
        mayRest: () => true,
      }),
      actor(attach, {
        takes: step,
        effects: { take: () => [call(vmid, there, { type: 'vmid.take', holder: MINE })] },
      }),
      object(target, { effects: { refuse: unheard } }),
      object(vmid),
    ],
  };
}
