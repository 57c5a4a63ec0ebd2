/**
 * Device release world: a device is unplugged while the page request thread reports a request of it.
 *
 * Kernel: drivers/iommu/intel/iommu.c, intel_iommu_release_device(); prq.c, prq_event_thread(): device_rbtree_find()
 *         and the report, both under iopf_lock.
 *
 * It is the VT-d world of one report and two more parts: the state a device has with its unit, and who frees that. The
 * thread's tag says how long it holds the lock.
 */
import { setup } from 'xstate';

import type { Driver } from '../../actors/driver.ts';
import { alike, slotKind } from '../../explore/slot-kind.ts';
import { call, offer, type Take, where } from '../../explore/wiring.ts';
import { actor, object, type Part, type World } from '../../explore/world.ts';
import { pageRequestThreadMachine } from '../../machines/page-request-thread.ts';
import { effect, question } from '../../machines/wiring-types.ts';
import { memoryMachine } from '../explore/lifetime/notes.ts';
import type { UnitScenario } from '../explore/unit/scenario.ts';
import { unitWorld } from '../explore/unit/world.ts';

type Rule = { readonly waits: boolean };

const release = setup({
  types: {
    context: {} as Rule,
    events: {} as { readonly type: 'step' },
    input: {} as Rule,
  },
  actions: { freeState: effect() },
  guards: {
    takesNoLock: ({ context }) => !context.waits,
    reportLockIsFree: question('reportLockIsFree'),
  },
});

const releaseMachine = release.createMachine({
  id: 'device-release',
  context: ({ input }) => input,
  initial: 'releasing',
  states: {
    releasing: {
      on: {
        step: [
          { guard: 'takesNoLock', target: 'released', actions: 'freeState' },
          { guard: 'reportLockIsFree', target: 'released', actions: 'freeState' },
        ],
      },
    },
    released: { type: 'final' },
  },
});

const REPORT: UnitScenario = {
  name: 'device-release',
  sentence: 'a device is unplugged while a request of it is reported',
  devices: [{ groups: [{ attachment: 0 }] }],
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [],
};

const THREAD = 'page-request-thread';
const FAULT_QUEUE = 'fault-queue';

export function deviceReleaseWorld(driver: Driver): World {
  const world = unitWorld(driver, REPORT);
  const state = slotKind('device-state', memoryMachine, {}, [
    { property: 'S8', sentence: 'nobody uses the state of a device that was released' },
  ]);
  const releasing = slotKind('release', releaseMachine, {}, [
    { waits: driver.lifetime.releaseWaitsForReport },
  ]);
  const thread = alike(THREAD, pageRequestThreadMachine, {}, 1);
  const use = call(state, 0, { type: 'memory.use' });
  /** The thread finds the device while it is there, and reads its fault parameter through its state. */
  const takenBy = (take: Take): Take => {
    if (take.from?.[0] === FAULT_QUEUE) return { ...take, calls: [...take.calls, use] };
    if (take.from !== undefined) return take;
    return {
      ...take,
      from: [state.name, 0],
      event: (snapshot) => {
        const event = take.event(snapshot);
        return event?.type === 'device.found' && snapshot.value === 'freed'
          ? { ...event, type: 'device.missing' }
          : event;
      },
    };
  };
  return {
    ...world,
    // Requests of a device that is gone are refused, as they should be: S24 speaks of devices that stay.
    properties: world.properties?.filter(({ id }) => id !== 'S24') ?? [],
    parts: [
      ...world.parts.map(
        (part): Part =>
          part.kind.name === THREAD
            ? { ...part, takes: (index) => part.takes(index).map(takenBy) }
            : part,
      ),
      object(state),
      actor(releasing, {
        takes: () => [offer({ type: 'step' })],
        asks: {
          reportLockIsFree: () => [where(thread, 0, (of) => !of.hasTag('holds-device-lock'))],
        },
        effects: { freeState: () => [call(state, 0, { type: 'memory.free' })] },
        mayRest: () => true,
      }),
    ],
  };
}
