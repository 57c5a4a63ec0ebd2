/**
 * Owners: whose actor it is.
 *
 * A machine is provided with its effects once, for all iommufds, and each actor's effects find their owner here:
 * providing it anew for each costs more than all the actor does in its life (a replay took three times as long).
 */
import type { AnyActorRef } from 'xstate';

import { invariant } from '../core/invariant.ts';

export class Owners<Owner> {
  readonly #owners = new WeakMap<AnyActorRef, Owner>();

  /** Enters a new actor. Caller's duty: it is not started yet. */
  enter<Ref extends AnyActorRef>(actor: Ref, owner: Owner): Ref {
    this.#owners.set(actor, owner);
    return actor;
  }

  of(actor: AnyActorRef): Owner {
    const owner = this.#owners.get(actor);
    invariant(owner !== undefined, 'an actor has no owner');
    return owner;
  }
}
