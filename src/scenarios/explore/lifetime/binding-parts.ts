/**
 * Binding parts: binds and unbinds with the driver's lists, and what they change.
 *
 * Lock: sva_lock, from the state after `locking` to the effect `unlockSva`.
 */
import { call, offer, offerFrom, type Read, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { droppedMm, heldMm, operationWiring, runTakes } from './operation-wiring.ts';
import type { LifetimeSlots } from './slots.ts';

type OfBond = { readonly device: number; readonly mm: number };

export function bindingParts(slots: LifetimeSlots): readonly Part[] {
  const { svaPresent, plan, rules, pairOf, mm, domain, notifier, file, mmData } = slots;
  const { entry, slot, handle, bond, pasid, lock, release } = slots;
  const { bind, attach, attachRun, unbind, detach, detachRun, releaseRun } = slots;
  const pair = ({ device, mm: of }: OfBond): number => pairOf({ device, process: of });
  const lockIsFree = where(lock, 0, ({ value }) => value === 'free');
  const lockSva = () => [call(lock, 0, { type: 'lock.take' })];
  const unlockSva = () => [call(lock, 0, { type: 'lock.drop' })];
  const mayUnbind = (of: number): Read => {
    const { after, process = 0 } = plan.unbinds[of] ?? {};
    return after === undefined
      ? where(file, process, ({ value }) => value === 'released')
      : where(bind, after, ({ value }) => value === 'bound');
  };
  const mayBind = (of: number): readonly Read[] => {
    const { after } = plan.binds[of] ?? {};
    return after === undefined ? [] : [where(bind, after, ({ value }) => value !== 'locking')];
  };

  const operations = operationWiring(slots);

  return [
    actor(bind, {
      takes: (index) => {
        const process = plan.binds[index]?.process ?? 0;
        const found = (position: number) =>
          offerFrom(domain, process, ({ value }) =>
            value === 'attached' && position === 0
              ? { type: 'domain.found' as const, position, domain: process }
              : { type: 'domain.missing' as const, position },
          );
        return [
          offer({ type: 'step' }),
          found(0),
          offerFrom(domain, process, ({ value }) =>
            value === 'idle' ? { type: 'domain.allocated' as const, domain: process } : undefined,
          ),
          offerFrom(attach, index, ({ status }) =>
            status === 'done' ? { type: 'attach.succeeded' as const } : undefined,
          ),
        ];
      },
      asks: {
        svaLockIsFree: (of) => [lockIsFree, ...mayBind(of.bind)],
        deviceHasNoGroup: () => false,
        tablesAreIncompatible: () => false,
        mmHasPasid: (of) => [where(mm, of.mm, ({ context }) => context.pasid !== undefined)],
        pasidIsTooLarge: () => false,
        pasidsAreExhausted: () => [where(pasid, 0, ({ value }) => value === 'held')],
        bondExists: (of) => [where(slot, of.device, ({ context }) => context.handle === pair(of))],
        bondIsOfAnotherMm: (of) => [
          where(
            slot,
            of.device,
            ({ context: { handle } }) => handle !== undefined && handle !== pair(of),
          ),
        ],
        slotHoldsAnotherType: () => false,
        driverHasNoSva: () => false,
        mmHasDomains: (of) => [where(domain, of.mm, ({ value }) => value === 'attached')],
      },
      effects: {
        lockSva,
        unlockSva,
        allocatePasid: (of) => [
          call(pasid, 0, { type: 'pasid.allocate' }),
          call(mm, of.mm, { type: 'pasid.assigned', pasid: 0 }),
        ],
        getBond: (of) => [call(bond, pair(of), { type: 'bond.get' })],
        allocateHandle: (of) => [call(handle, pair(of), { type: 'handle.allocate' })],
        attach: (of) => [call(attachRun, of.bind, { type: 'run.begin' })],
        getDomain: (of) => [call(domain, of.domain, { type: 'user.attached' })],
        allocateDomain: (of) => [
          call(domain, of.mm, { type: 'domain.allocate' }),
          call(notifier, of.mm, { type: 'notifier.register' }),
        ],
        takeStructure: (of) => [heldMm(slots, of.mm)],
        freeDomain: (of) => [call(domain, of.domain, { type: 'domain.free' })],
        linkDomain: unheard,
        linkMm: () => [svaPresent.set()],
        publishBond: (of) => [
          call(bond, pair(of), { type: 'bond.publish' }),
          ...(rules.setsBondDeviceUnderLock
            ? [call(bond, pair(of), { type: 'device.set' as const })]
            : []),
        ],
        setBondDevice: (of) => [call(bond, pair(of), { type: 'device.set' })],
        freeHandle: (of) => [call(handle, pair(of), { type: 'handle.free' })],
        return: unheard,
      },
    }),
    actor(attach, { ...operations, takes: runTakes(attachRun), mayRest: () => true }),
    actor(unbind, {
      takes: (index) => [
        offer({ type: 'step' }),
        offerFrom(detach, index, ({ status }) =>
          status === 'done' ? { type: 'detach.finished' as const } : undefined,
        ),
      ],
      asks: {
        svaLockIsFree: (of) => [lockIsFree, mayUnbind(of.unbind)],
        bondHasOtherUsers: (of) => [where(bond, pair(of), ({ context }) => context.users > 1)],
        domainHasOtherUsers: (of) => [where(domain, of.domain, ({ context }) => context.users > 1)],
        mmHasOtherDomains: () => false,
        otherMmsHaveDomains: () => false,
      },
      effects: {
        lockSva,
        unlockSva,
        putBond: (of) => [
          call(bond, pair(of), { type: 'bond.use' }),
          call(bond, pair(of), { type: 'bond.put' }),
        ],
        detach: (of) => [call(detachRun, of.unbind, { type: 'run.begin' })],
        putDomain: (of) => [call(domain, of.domain, { type: 'user.detached' })],
        unlinkDomain: (of) => [call(mmData, of.mm, { type: 'memory.use' })],
        unlinkMm: (of) => [call(mmData, of.mm, { type: 'memory.use' })],
        clearSvaPresent: () => [svaPresent.clear()],
        dropStructure: (of) => [droppedMm(slots, of.mm)],
        freeHandle: (of) => [call(handle, pair(of), { type: 'handle.free' })],
      },
    }),
    actor(detach, { ...operations, takes: runTakes(detachRun), mayRest: () => true }),
    actor(release, { ...operations, takes: runTakes(releaseRun), mayRest: () => true }),
    object(attachRun),
    object(detachRun),
    object(lock),
    svaPresent.part,
    object(bond),
    object(handle),
    object(slot, { effects: { storeSlot: unheard, clearSlot: unheard, refuse: unheard } }),
    object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
    object(pasid, {
      asks: {
        isProgrammed: () => [where(entry, 0, ({ value }) => value !== 'absent')],
        isPublished: () => [where(slot, 0, ({ context }) => context.handle !== undefined)],
      },
    }),
  ];
}
