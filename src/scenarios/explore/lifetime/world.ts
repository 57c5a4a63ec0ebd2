/**
 * Lifetime world: binds, unbinds and exits over one unit, without page requests.
 *
 *     process -> exit_mmap -> notifier -> the driver's release list -> PASID entry, caches
 *     bind, unbind -> the driver's attach and detach lists -> attachment, PASID entry, caches
 *
 * S8: address space data and handles. S9 and S14: pages and tables, against a device that reads on. S11: the number
 * of a PASID. S19: the bond that two threads share. L6: an exit ends.
 */
import type { Driver } from '../../../actors/driver.ts';
import { type Call, call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part, type World } from '../../../explore/world.ts';
import { bindingParts } from './binding-parts.ts';
import { faultParts, faultProperties, faultsBefore } from './fault-parts.ts';
import { CACHES, type CacheName, cacheOf } from './hardware.ts';
import { kernelTableParts, pathCacheFlush } from './kernel-table-parts.ts';
import { heldMm } from './operation-wiring.ts';
import type { LifetimePlan } from './plan.ts';
import { processParts } from './process-parts.ts';
import { type LifetimeSlots, lifetimeSlots } from './slots.ts';
import { unmapParts } from './unmap-parts.ts';

export function lifetimeWorld(driver: Driver, plan: LifetimePlan): World {
  const slots = lifetimeSlots(driver, plan);
  const { mm, process, bind, unbind } = slots;
  const parts = [
    ...processParts(slots),
    ...bindingParts(slots),
    ...hardwareParts(slots),
    ...kernelTableParts(slots),
    ...faultParts(slots),
    ...unmapParts(slots),
  ];
  const exiting = plan.processes.flatMap(({ exits }, of) => (exits ? [of] : []));
  return {
    name: `${plan.name}, ${driver.name}`,
    before: [
      ...plan.processes.flatMap((_, of) => boundFromTheStart(slots, of)),
      ...faultsBefore(slots),
      slots.mapping.set(),
    ],
    properties: faultProperties(slots),
    goals: exiting.map((of) => ({
      id: 'L6',
      sentence: `process ${of} exits, and its address space never ends`,
      whenever: [where(process, of, ({ value }) => value !== 'running')],
      goal: [where(mm, of, ({ value }) => value === 'empty' || value === 'dropped')],
    })),
    sightings: [
      ...plan.unbinds.map((_, of) => ({
        id: `unbind ${of} returns`,
        sentence: 'an unbind comes to its end',
        reads: [where(unbind, of, ({ status }) => status === 'done')],
      })),
      ...plan.binds.map((_, of) => ({
        id: `bind ${of} succeeds`,
        sentence: 'a bind comes to its end, and has bound',
        reads: [where(bind, of, ({ value }) => value === 'bound')],
      })),
    ],
    parts: parts.filter(({ kind }) => kind.inputs.length > 0),
  };
}

/** The device that reads, and the unit that empties its caches. */
function hardwareParts(slots: LifetimeSlots): readonly Part[] {
  const { walker, cache, queue, hardware, entry, pages, tables, mapping } = slots;
  const isHeld = (name: CacheName) =>
    where(cache, CACHES.indexOf(name), ({ value }) => value === 'cached');
  const fill = (name: CacheName) => call(cache, CACHES.indexOf(name), { type: 'translation.fill' });
  return [
    actor(walker, {
      takes: () => [offer({ type: 'step' })],
      asks: {
        deviceTlbIsHeld: () => [isHeld('device-tlb')],
        iotlbIsReached: () => [isHeld('pasid-cache'), isHeld('iotlb')],
        pageIsReached: () => [isHeld('pasid-cache'), mapping.isSet()],
        pasidCacheIsHeld: () => [isHeld('pasid-cache')],
        entryTranslates: () => [where(entry, 0, (of) => of.hasTag('translates'))],
      },
      effects: {
        fetchEntry: () => [fill('pasid-cache')],
        walk: () => [call(tables, 0, { type: 'memory.use' }), fill('iotlb'), fill('device-tlb')],
        refill: () => [fill('device-tlb')],
        useTranslation: () => [call(pages, 0, { type: 'memory.use' })],
      },
      mayRest: () => true,
    }),
    actor(hardware, {
      takes: () => [
        offerFrom(queue, 0, ({ context }) => {
          const oldest = context.submissions.find(({ done }) => !done);
          return oldest === undefined
            ? undefined
            : { type: 'submission.execute' as const, ticket: oldest.ticket };
        }),
      ],
      effects: {
        execute: ({ ticket }) => [
          call(cache, cacheOf(ticket), { type: 'translation.invalidate' }),
          // The IOTLB's invalidation takes the cached paths with it.
          ...(cacheOf(ticket) === CACHES.indexOf('iotlb') ? pathCacheFlush(slots) : []),
          call(queue, 0, { type: 'wait.executed', ticket }),
        ],
      },
      mayRest: () => true,
    }),
    object(cache),
    object(queue, {
      effects: {
        writeDescriptors: unheard,
        complete: unheard,
        fail: unheard,
        restart: unheard,
        refuse: unheard,
      },
    }),
  ];
}

/** What a bind would have left behind. */
function boundFromTheStart(slots: LifetimeSlots, of: number): readonly Call[] {
  const { mm, domain, notifier, pasid, handle, bond, slot, entry, plan, pairOf } = slots;
  const device = plan.processes[of]?.boundTo;
  if (device === undefined) return [];
  const pair = pairOf({ device, process: of });
  return [
    call(pasid, 0, { type: 'pasid.allocate' }),
    call(mm, of, { type: 'pasid.assigned', pasid: 0 }),
    call(handle, pair, { type: 'handle.allocate' }),
    call(domain, of, { type: 'domain.allocate' }),
    call(notifier, of, { type: 'notifier.register' }),
    heldMm(slots, of),
    call(slot, device, { type: 'slot.reserve' }),
    call(entry, device, { type: 'entry.program', domain: of }),
    call(slot, device, { type: 'handle.publish', handle: pair }),
    call(domain, of, { type: 'user.attached' }),
    call(bond, pair, { type: 'bond.publish' }),
    call(bond, pair, { type: 'device.set' }),
  ];
}
