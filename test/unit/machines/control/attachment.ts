/** One (device, PASID) of the test world: its slot, its entry, and the bonds that come and go on it. */
import { type Actor, createActor } from 'xstate';

import type { Pasid, RequesterId } from '../../../../src/core/ids.ts';
import { attachHandleMachine } from '../../../../src/machines/attach-handle.ts';
import { domainMachine } from '../../../../src/machines/domain.ts';
import { pasidAttachmentMachine } from '../../../../src/machines/pasid-attachment.ts';
import { pasidEntryMachine } from '../../../../src/machines/pasid-entry.ts';
import type { Unit } from './unit.ts';

/** A domain and the handle by which faults find it. The report path's world takes 100 off a handle for its mm. */
export class Bond {
  readonly mm: number;
  readonly handlesFaults: boolean;
  readonly domain: Actor<typeof domainMachine>;
  readonly memory: Actor<typeof attachHandleMachine>;
  /** The (device, PASID)s of the domain, which mm release walks. */
  readonly tracked = new Set<Attachment>();
  readonly #world: Unit;

  constructor(world: Unit, mm: number, kind: 'sva' | 'paging', putNotifier: () => void) {
    this.#world = world;
    this.mm = mm;
    this.handlesFaults = kind === 'sva';
    const breach = (unexpected: string) =>
      void world.report.violations.push({ property: 'S8', unexpected });
    this.domain = createActor(
      domainMachine.provide({
        actions: { putNotifier, violate: (_, { unexpected }) => breach(unexpected) },
      }),
      { input: { domain: mm, kind, handlesFaults: this.handlesFaults } },
    ).start();
    this.domain.send({ type: 'domain.allocate' });
    this.memory = createActor(
      attachHandleMachine.provide({
        actions: { violate: (_, { unexpected }) => breach(unexpected) },
      }),
    ).start();
  }

  get handle(): number {
    return 100 + this.mm;
  }
  allocate(): void {
    this.memory.send({ type: 'handle.allocate' });
    this.#world.report.freedHandles.delete(this.handle);
  }
  free(): void {
    this.memory.send({ type: 'handle.free' });
    this.#world.report.freedHandles.add(this.handle);
  }
}

export class Attachment {
  readonly rid: RequesterId;
  readonly pasid: Pasid | undefined;
  readonly store: Actor<typeof pasidAttachmentMachine>;
  readonly entry: Actor<typeof pasidEntryMachine>;
  /** What hardware was given, in order. */
  readonly written: string[] = [];
  readonly refusals: string[] = [];
  next: Bond | undefined;
  current: Bond | undefined;
  old: Bond | undefined;
  /** Whether an mm release of its entry is under way. */
  releases = 0;

  constructor(world: Unit, rid: RequesterId, pasid: Pasid | undefined) {
    this.rid = rid;
    this.pasid = pasid;
    const key = `${rid}/${pasid ?? 'none'}`;
    this.store = createActor(
      pasidAttachmentMachine.provide({
        actions: {
          storeSlot: (_, { handle }) => {
            const bond = this.next;
            if (bond === undefined) return;
            const { mm, handlesFaults: hasHandler } = bond;
            world.report.bonds.set(key, { handle, mm, hasHandler });
          },
          clearSlot: () => void world.report.bonds.delete(key),
          refuse: (_, { errno }) => void this.refusals.push(errno),
        },
      }),
      { input: { slot: pasid ?? 0 } },
    ).start();
    this.entry = createActor(
      pasidEntryMachine.provide({
        actions: { writeEntry: (_, { as }) => void this.written.push(as) },
      }),
      { input: { entry: pasid ?? 0 } },
    ).start();
  }

  /** The bond an operation is putting in place; its handle may be there already. */
  get coming(): Bond {
    const bond = this.next ?? this.current;
    if (bond === undefined) throw new Error('nothing is being attached');
    return bond;
  }
  /** The bond an operation is taking away. */
  get going(): Bond {
    const bond = this.old ?? this.current;
    if (bond === undefined) throw new Error('nothing is attached');
    return bond;
  }

  publish(): void {
    this.store.send({ type: 'handle.publish', handle: this.coming.handle });
    this.current = this.next;
    this.next = undefined;
  }
  replace(): void {
    this.store.send({ type: 'handle.replace', handle: this.coming.handle });
    this.old = this.current;
    this.current = this.next;
    this.next = undefined;
  }
  erase(): void {
    this.store.send({ type: 'slot.erase' });
    this.old = this.current;
    this.current = undefined;
  }
}
