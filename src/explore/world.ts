/**
 * World: slots, how they are wired, what must never be. Plain data and pure functions; a world does nothing itself.
 *
 * Actors take steps of their own and are never called; objects change only when called.
 */
import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  EventFrom,
  EventObject,
  SnapshotFrom,
} from 'xstate';

import type { IdClass } from './id-class.ts';
import type { SlotKind } from './slot-kind.ts';
import type { Answer, Asks, Call, Effects, Read, Take } from './wiring.ts';

/** A slot kind with its wiring, its machine's types forgotten. */
export type Part = {
  readonly role: 'actor' | 'object';
  readonly kind: SlotKind;
  readonly takes: (index: number) => readonly Take[];
  readonly asks: { readonly [name: string]: (params: unknown, index: number) => Answer };
  readonly effects: {
    readonly [name: string]: (params: unknown, index: number) => readonly Call[];
  };
  readonly mayRest: (snapshot: AnyMachineSnapshot) => boolean;
  readonly says:
    | ((event: EventObject, before: AnyMachineSnapshot) => string | undefined)
    | undefined;
};

type Wiring<Machine extends AnyStateMachine> = {
  readonly asks?: Asks<Machine>;
  readonly effects?: Effects<Machine>;
  /**
   * Whether the world may end with the slot like this; where no choice is left and some slot may not rest is a
   * deadlock. By default objects always may, actors in a final state.
   */
  readonly mayRest?: (snapshot: SnapshotFrom<Machine>) => boolean;
  /** A step in a few words, for traces; undefined: what the step left and did speaks for itself. */
  readonly says?: (event: EventFrom<Machine>, before: SnapshotFrom<Machine>) => string | undefined;
};

type ActorWiring<Machine extends AnyStateMachine> = Wiring<Machine> & {
  readonly takes: (index: number) => readonly Take<EventFrom<Machine>>[];
};

/** A slot whose machine takes steps of its own, when it is offered one: a thread, a device, hardware. */
export const actor = <Machine extends AnyStateMachine>(
  kind: SlotKind<Machine>,
  wiring: ActorWiring<Machine>,
): Part => part('actor', kind, wiring, wiring.takes);

/** A slot whose machine changes only when it is called: a lock, a queue, an entry. */
export const object = <Machine extends AnyStateMachine>(
  kind: SlotKind<Machine>,
  wiring: Wiring<Machine> = {},
): Part => part('object', kind, wiring, () => []);

/** States in which all of `never` hold at once must not be reached. */
export type Property = {
  readonly id: string;
  readonly sentence: string;
  readonly never: readonly Read[];
};

/**
 * From every reachable state in which all of `whenever` hold, a state in which all of `goal` hold can be reached,
 * by steps of actors that are not among `without`. That is termination under fairness: whoever may still come there
 * does, unless somebody is starved for ever.
 */
export type Goal = {
  readonly id: string;
  readonly sentence: string;
  readonly whenever: readonly Read[];
  readonly goal: readonly Read[];
  /** Names of slot kinds whose steps nobody may count on: devices that send, users that change their mind. */
  readonly without?: readonly string[];
};

/** A state in which all of `reads` hold is reached at least once; a complete search without one proves too little. */
export type Sighting = {
  readonly id: string;
  readonly sentence: string;
  readonly reads: readonly Read[];
};

export type World = {
  readonly name: string;
  readonly parts: readonly Part[];
  /** What has happened before the first step, in order. */
  readonly before?: readonly Call[];
  readonly properties?: readonly Property[];
  readonly goals?: readonly Goal[];
  /** Properties that neither of these sees nor a machine by itself: its wirings tell a machine of them. */
  readonly tells?: readonly string[];
  readonly sightings?: readonly Sighting[];
  /** Ids that may be exchanged; states that differ by no more are searched once. */
  readonly symmetry?: readonly IdClass[];
  /** Titles of a drawn trace's columns by actor, in order; actors of one title share a column. */
  readonly columns?: Readonly<Record<string, string>>;
  /**
   * Sets of slot kinds whose meetings are what a race is about, such as the life of a handle; sampling spreads its
   * walks over them. Without a word, each kind of object is one.
   */
  readonly eventSets?: readonly (readonly string[])[];
};

function part<Machine extends AnyStateMachine>(
  role: Part['role'],
  kind: SlotKind<Machine>,
  wiring: Wiring<Machine>,
  takes: Part['takes'],
): Part {
  return {
    role,
    kind,
    takes,
    asks: (wiring.asks ?? {}) as Part['asks'], // params are checked where the wiring is written
    effects: (wiring.effects ?? {}) as Part['effects'], // params are checked where the wiring is written
    mayRest:
      (wiring.mayRest as Part['mayRest'] | undefined) ?? // only snapshots of this kind are shown to it
      ((snapshot) => role === 'object' || snapshot.status === 'done'),
    says: wiring.says as Part['says'], // only events and snapshots of this kind are shown to it
  };
}
