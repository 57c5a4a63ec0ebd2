/**
 * Domain lock: who goes through a domain's list of (device, PASID) from its first entry to its last.
 *
 * Kernel: drivers/iommu/amd/pasid.c, protection_domain.lock, held by sva_mn_release() and by the removal of a PASID.
 * Actor:  one a domain, the lock machine live; whoever waits for it looks again when it is dropped.
 */
import { type Actor, createActor } from 'xstate';

import { watched } from '../machines/actor-watch.ts';
import { lockMachine } from '../machines/lock.ts';
import type { LiveUnit } from './live-unit.ts';

/** `owner` says whose domain it is, `name` is what a watch hears the lock by. */
export function domainLock(unit: LiveUnit, owner: string, name: string): Actor<typeof lockMachine> {
  const lock = createActor(
    lockMachine.provide({
      actions: {
        violate: (_, { unexpected }) =>
          unit.breach('S8', `the lock of the domain of ${owner} met ${unexpected}`),
      },
    }),
    watched(unit.watch, name),
  ).start();
  lock.subscribe(() => unit.changes.poke());
  return lock;
}
