/**
 * vIOMMU threads: a user and a driver who destroy a vDEVICE from both ends; a VM whose nesting parent goes.
 *
 * Kernel:  drivers/iommu/iommufd/viommu.c, iommufd_vdevice_destroy(), iommufd_vdevice_abort(); device.c,
 *          iommufd_device_remove_vdev(); drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-iommufd.c.
 * Actor:   active, one each.
 * Effects: as beside each machine.
 * Asks:    vdeviceIsLive, vdeviceIsGone, deviceIsIdle, isUnused, viommuIsLive, vmidIsFree.
 */
import { assign, setup } from 'xstate';

import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import { effect, question, type Violation } from '../../../machines/wiring-types.ts';

const NOTHING = {} as Record<string, never>;
const STEP = {} as { readonly type: 'step' };
const RULES = {} as { readonly rules: IommufdRules };

const vdeviceRemoval = setup({
  types: { context: NOTHING, events: STEP },
  actions: { remove: effect(), disconnect: effect(), free: effect() },
  guards: { vdeviceIsLive: question('vdeviceIsLive') },
});

/** A user destroys a vDEVICE: its id goes first, then its handler lets go of the device. */
export const vdeviceRemovalMachine = vdeviceRemoval.createMachine({
  id: 'vdevice-removal',
  context: {},
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [
          { guard: 'vdeviceIsLive', target: 'disconnecting', actions: 'remove' },
          { target: 'done' },
        ],
      },
    },
    disconnecting: { on: { step: { target: 'freeing', actions: 'disconnect' } } },
    freeing: { on: { step: { target: 'done', actions: 'free' } } },
    done: { type: 'final' },
  },
});

const unbind = setup({
  types: { context: RULES, events: STEP, input: RULES },
  actions: {
    revokeVdevice: effect(),
    disconnect: effect(),
    buryVdevice: effect(),
    revokeDevice: effect(),
    freeDevice: effect(),
  },
  guards: {
    vdeviceIsLive: question('vdeviceIsLive'),
    vdeviceIsGone: question('vdeviceIsGone'),
    looksUpId: ({ context }) => context.rules.vdeviceFoundBy === 'id',
  },
});

/** The driver unbinds the device: whatever vDEVICE it has goes first, by its hands or by the user's. */
export const unbindMachine = unbind.createMachine({
  id: 'device-unbind',
  context: ({ input }) => input,
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [
          { guard: 'vdeviceIsLive', target: 'disconnecting', actions: 'revokeVdevice' },
          // The id names nothing any more: that it is being destroyed right now, an id can't say.
          { guard: 'looksUpId', target: 'leaving' },
          { target: 'awaiting' },
        ],
      },
    },
    disconnecting: { on: { step: { target: 'burying', actions: 'disconnect' } } },
    burying: { on: { step: { target: 'leaving', actions: 'buryVdevice' } } },
    awaiting: { on: { step: { guard: 'vdeviceIsGone', target: 'leaving' } } },
    leaving: { on: { step: { target: 'freeing', actions: 'revokeDevice' } } },
    freeing: { on: { step: { target: 'unbound', actions: 'freeDevice' } } },
    unbound: { type: 'final' },
  },
});

const parentRemoval = setup({
  types: { context: NOTHING, events: STEP },
  actions: { remove: effect(), free: effect(), freeVmid: effect() },
  guards: { isUnused: question('isUnused') },
});

/** A user destroys the nesting parent of a vIOMMU; its VMID goes with it. */
export const parentRemovalMachine = parentRemoval.createMachine({
  id: 'parent-removal',
  context: {},
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [{ guard: 'isUnused', target: 'freeing', actions: 'remove' }, { target: 'refused' }],
      },
    },
    freeing: { on: { step: { target: 'removed', actions: ['freeVmid', 'free'] } } },
    removed: { type: 'final' },
    refused: { type: 'final' },
  },
});

const guest = setup({
  types: { context: NOTHING, events: STEP },
  actions: { invalidate: effect() },
});

/** A VM invalidates its own translations: the hardware is told the VMID that the vIOMMU copied. */
export const guestMachine = guest.createMachine({
  id: 'guest-invalidation',
  context: {},
  initial: 'invalidating',
  states: {
    invalidating: { on: { step: { target: 'done', actions: 'invalidate' } } },
    done: { type: 'final' },
  },
});

const otherVm = setup({
  types: { context: NOTHING, events: STEP },
  actions: { take: effect() },
  guards: { vmidIsFree: question('vmidIsFree') },
});

/** Another VM comes to the unit and takes the first VMID that is free. */
export const otherVmMachine = otherVm.createMachine({
  id: 'other-vm',
  context: {},
  initial: 'waiting',
  states: {
    waiting: { on: { step: { guard: 'vmidIsFree', target: 'running', actions: 'take' } } },
    running: { type: 'final' },
  },
});

const attach = setup({
  types: { context: RULES, events: STEP, input: RULES },
  actions: { take: effect() },
  guards: { follows: ({ context }) => context.rules.vmidFollowsParent },
});

/** The nesting parent is attached to a device behind another unit. */
export const otherUnitAttachMachine = attach.createMachine({
  id: 'other-unit-attach',
  context: ({ input }) => input,
  initial: 'beginning',
  states: {
    beginning: {
      on: {
        step: [{ guard: 'follows', target: 'attached', actions: 'take' }, { target: 'refused' }],
      },
    },
    attached: { type: 'final' },
    refused: { type: 'final' },
  },
});

/** Who may hold a VMID of one unit. */
export const MINE = 0;
export const OTHERS = 1;

const vmid = setup({
  types: {
    context: {} as { readonly holder: number | undefined },
    events: {} as
      | { readonly type: 'vmid.take'; readonly holder: number } //  from a VM, an attach
      | { readonly type: 'vmid.free' } //                           from its holder
      | { readonly type: 'vmid.use'; readonly holder: number }, //  from whoever names it to the hardware
  },
  actions: {
    hold: assign(({ event }) => ('holder' in event ? { holder: event.holder } : {})),
    drop: assign({ holder: undefined }),
    violate: effect<Violation>(),
  },
  guards: {
    isFree: ({ context }) => context.holder === undefined,
    isHolders: ({ context, event }) => 'holder' in event && context.holder === event.holder,
  },
});

const violated = (unexpected: string, property: string, sentence: string) =>
  ({ type: 'violate', params: { unexpected, property, sentence } }) as const;

/** One VMID number of one unit. */
export const vmidMachine = vmid.createMachine({
  id: 'vmid',
  context: { holder: undefined },
  on: {
    'vmid.take': [
      { guard: 'isFree', actions: 'hold' },
      { guard: 'isHolders' },
      { actions: violated('vmid.take', 'S11', 'a VMID is handed out while it is in use') },
    ],
    'vmid.free': { actions: 'drop' },
    'vmid.use': [
      { guard: 'isHolders' },
      { actions: violated('vmid.use', 'S11', 'a VMID is used by a VM that has lost it') },
    ],
  },
});
