/**
 * Wiring: what questions read, what effects call and what actors may take, as data a world lists on one screen.
 *
 * A call sends one event to one object within the caller's step. A read is a predicate on one slot. A take offers
 * an actor one event, made from one slot's state or from nothing; values travel in events, bits in questions.
 */
import type {
  AnyMachineSnapshot,
  AnyStateMachine,
  EventFrom,
  EventObject,
  SnapshotFrom,
  StateMachine,
} from 'xstate';

import type { SlotKind } from './slot-kind.ts';

export type SlotName = readonly [kind: string, index: number];

export type Call = readonly [kind: string, index: number, event: EventObject];

/** An event sent to one slot; its type is checked against the slot's machine. */
export const call = <Machine extends AnyStateMachine>(
  kind: SlotKind<Machine>,
  index: number,
  event: EventFrom<Machine>,
): Call => [kind.name, index, event];

export type Read = readonly [
  kind: string,
  index: number,
  holds: (snapshot: AnyMachineSnapshot) => boolean,
];

/** A predicate on one slot, pure. */
export const where = <Machine extends AnyStateMachine>(
  kind: SlotKind<Machine>,
  index: number,
  holds: (snapshot: SnapshotFrom<Machine>) => boolean,
): Read => [kind.name, index, holds as Read[2]]; // only snapshots of this kind are shown to it

/** Yes when all of a list hold, or any of {@link anyOf}; a boolean is an answer that never changes. */
export type Answer = readonly Read[] | AnyOf | boolean;

export type AnyOf = { readonly anyOf: readonly Read[] };

/** Yes when at least one of them holds. */
export const anyOf = (reads: readonly Read[]): AnyOf => ({ anyOf: reads });

/** Holds where the read does not. */
export const negated = ([kind, index, holds]: Read): Read => [
  kind,
  index,
  (snapshot) => !holds(snapshot),
];

export type Take<Event extends EventObject = EventObject> = {
  /** The slot the event is made from; undefined: the event is always the same. */
  readonly from: SlotName | undefined;
  /** Undefined: nothing to take. */
  readonly event: (snapshot: AnyMachineSnapshot) => Event | undefined;
  /** Calls that belong to the taking, made after the actor's own. */
  readonly calls: readonly Call[];
};

/** An event that is always offered. */
export const offer = <const Event extends EventObject>(event: Event): Take<Event> => ({
  from: undefined,
  event: () => event,
  calls: [],
});

/** An event made from one slot's state, offered unless there is none. */
export const offerFrom = <Machine extends AnyStateMachine, Event extends EventObject>(
  kind: SlotKind<Machine>,
  index: number,
  event: (snapshot: SnapshotFrom<Machine>) => Event | undefined,
  calls: readonly Call[] = [],
): Take<Event> => ({
  from: [kind.name, index],
  event: event as Take<Event>['event'], // only snapshots of this kind are shown to it
  calls,
});

/** Every generic argument of a machine but the two that name its actions and guards is passed over. */
type Named<Machine> =
  Machine extends StateMachine<
    infer _Context,
    infer _Event,
    infer _Children,
    infer _Actor,
    infer Action,
    infer Guard,
    infer _Delay,
    infer _Value,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer _Emitted,
    infer _Meta,
    infer _Schema,
    infer _TransitionMeta
  >
    ? { readonly action: Action; readonly guard: Guard }
    : never;

type ParamsOf<Member, Type> = Member extends { readonly type: Type; readonly params?: infer Params }
  ? Params
  : never;
type TypeOf<Member> = Member extends { readonly type: infer Type extends string } ? Type : never;

/** Effects by name: the calls each makes. A `violate` that is not wired is a violation. */
export type Effects<Machine> = {
  readonly [Type in TypeOf<Named<Machine>['action']>]?: (
    params: ParamsOf<Named<Machine>['action'], Type>,
    index: number,
  ) => readonly Call[];
};

/** Questions by name: who answers each. */
export type Asks<Machine> = {
  readonly [Type in TypeOf<Named<Machine>['guard']>]?: (
    params: ParamsOf<Named<Machine>['guard'], Type>,
    index: number,
  ) => Answer;
};

/** An effect that nobody in this world hears. */
export const unheard = (): readonly Call[] => [];
