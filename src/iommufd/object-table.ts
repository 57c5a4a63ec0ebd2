/**
 * Object table: the ids of one iommufd, and what each of them names.
 *
 * Kernel: drivers/iommu/iommufd/main.c, the objects xarray of struct iommufd_ctx, iommufd_object_remove(),
 *         iommufd_fops_release().
 * Actor:  an iommufd-object machine live for each id that was ever used.
 *
 * Ids count from 1; the lowest free one is given next. An id that is reserved, being removed or a tombstone is taken
 * and yet names nothing.
 */
import { type Actor, createActor } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { iommufdObjectMachine } from '../machines/iommufd-object.ts';
import { type IommufdErrno, refuse, refuseIf } from './iommufd-error.ts';
import type { IommufdObject, ObjectKind, ObjectOf } from './objects.ts';
import { Owners } from './owners.ts';

type Entry = {
  readonly state: Actor<typeof iommufdObjectMachine>;
  object: IommufdObject | undefined;
  /** Whether the id is free. */
  empty: boolean;
};

type Refusal = { readonly errno: IommufdErrno; readonly reason: string };

/** What an object's machine tells its table. */
type Hands = {
  readonly refuse: (refusal: Refusal) => void;
  readonly breach: (sentence: string) => void;
};

const owners = new Owners<Hands>();
const MACHINE = iommufdObjectMachine.provide({
  actions: {
    refuse: ({ self }, refusal) => owners.of(self).refuse(refusal),
    violate: ({ self }, { unexpected, state, sentence }) =>
      owners.of(self).breach(`an iommufd object that is ${state} met ${unexpected}: ${sentence}`),
  },
});

export class ObjectTable {
  /** By id; nothing has id 0. */
  readonly #entries: (Entry | undefined)[] = [undefined];
  readonly #hands: Hands;
  readonly #destroy: (object: IommufdObject) => void;
  #firstFree = 1;
  #refusal: Refusal | undefined;

  constructor(breach: (sentence: string) => void, destroy: (object: IommufdObject) => void) {
    this.#destroy = destroy;
    this.#hands = {
      breach,
      refuse: (refusal) => {
        this.#refusal = refusal;
      },
    };
  }

  /** Takes an id that names nothing yet. */
  reserve(): number {
    const id = this.#firstFree;
    const entry = this.#entries[id] ?? {
      state: owners.enter(createActor(MACHINE), this.#hands).start(),
      object: undefined,
      empty: true,
    };
    this.#entries[id] = entry;
    entry.empty = false;
    entry.state.send({ type: 'object.reserve' });
    do this.#firstFree += 1;
    while (this.#entries[this.#firstFree]?.empty === false);
    return id;
  }

  finalize(object: IommufdObject): void {
    const entry = this.#entry(object.id);
    entry.object = object;
    entry.state.send({ type: 'object.finalize' });
  }

  /** Gives back an id whose object was not finished. */
  abort(id: number): void {
    this.#entry(id).state.send({ type: 'object.abort' });
    this.#release(id);
  }

  /** Reserves, builds, and finalizes or aborts. @throws whatever `build` throws. */
  create<Made extends IommufdObject>(build: (id: number) => Made): Made {
    const id = this.reserve();
    try {
      const object = build(id);
      this.finalize(object);
      return object;
    } catch (error) {
      this.abort(id);
      throw error;
    }
  }

  /** What `id` names now. */
  find(id: number): IommufdObject | undefined {
    return this.#entries[id]?.object;
  }

  /** @throws IommufdError ENOENT unless `id` names an object of one of `kinds`. */
  get<Kind extends ObjectKind>(id: number, ...kinds: readonly Kind[]): ObjectOf<Kind> {
    const object = this.find(id);
    if (object === undefined) return refuse('ENOENT', `no object has id ${id}`);
    if (!hasKind(object, kinds)) {
      return refuse('ENOENT', `object ${id} is a ${object.kind}, not a ${kinds.join(' or a ')}`);
    }
    return object;
  }

  /** Looks an object up and holds it for the length of a system call. @throws IommufdError ENOENT. */
  using<Kind extends ObjectKind, Result>(
    id: number,
    kinds: readonly Kind[],
    call: (object: ObjectOf<Kind>) => Result,
  ): Result {
    const object = this.get(id, ...kinds);
    const { state } = this.#entry(id);
    state.send({ type: 'waits.get' });
    try {
      return call(object);
    } finally {
      state.send({ type: 'waits.put' });
    }
  }

  /** Somebody comes to depend on the object. */
  use(id: number): void {
    this.#entry(id).state.send({ type: 'users.get' });
  }

  unuse(id: number): void {
    this.#entry(id).state.send({ type: 'users.put' });
  }

  usersOf(id: number): number {
    return this.#entry(id).state.getSnapshot().context.users;
  }

  /** IOMMU_DESTROY. @throws IommufdError ENOENT, EBUSY. */
  remove(id: number): void {
    const entry = this.#entries[id];
    refuseIf(entry === undefined, 'ENOENT', `no object has id ${id}`);
    if (entry === undefined) return;
    this.#refusal = undefined;
    entry.state.send({ type: 'object.remove' });
    const refusal: Refusal | undefined = this.#refusal;
    if (refusal !== undefined) refuse(...reasonOf(refusal, id));
    this.#bury(id, false);
  }

  /** Removes an object that vanishes with its last user, if nobody else uses it. */
  removeIfUnused(id: number): void {
    if (this.find(id) !== undefined && this.usersOf(id) === 1) this.remove(id);
  }

  /** Destruction by the owner in the kernel; a tombstone keeps the id reserved until the file is closed. */
  revoke(id: number, tombstone: boolean): void {
    this.#entry(id).state.send({ type: 'object.revoke' });
    this.#bury(id, tombstone);
  }

  /** The last close: leaves first, in ascending order of ids, round after round. */
  drain(): void {
    for (;;) {
      let removed = 0;
      let left = 0;
      for (let id = 1; id < this.#entries.length; id += 1) {
        if (this.find(id) === undefined) continue;
        left += 1;
        if (this.usersOf(id) !== 1) continue;
        this.remove(id);
        removed += 1;
      }
      if (left === 0) return;
      invariant(removed > 0, 'objects of a closed iommufd use one another in a circle');
    }
  }

  /** Objects alive, ascending by id. */
  live(): readonly IommufdObject[] {
    return this.#entries.flatMap((entry) => (entry?.object === undefined ? [] : [entry.object]));
  }

  #bury(id: number, tombstone: boolean): void {
    const entry = this.#entry(id);
    const { object } = entry;
    entry.object = undefined;
    if (object !== undefined) this.#destroy(object);
    entry.state.send({ type: tombstone ? 'object.bury' : 'object.free' });
    if (!tombstone) this.#release(id);
  }

  #release(id: number): void {
    this.#entry(id).empty = true;
    this.#firstFree = Math.min(this.#firstFree, id);
  }

  #entry(id: number): Entry {
    const entry = this.#entries[id];
    invariant(entry !== undefined, `id ${id} was never given`);
    return entry;
  }
}

function hasKind<Kind extends ObjectKind>(
  object: IommufdObject,
  kinds: readonly Kind[],
): object is ObjectOf<Kind> {
  return kinds.some((kind) => kind === object.kind);
}

const reasonOf = ({ errno, reason }: Refusal, id: number): [IommufdErrno, string] => [
  errno,
  `${reason} (id ${id})`,
];
