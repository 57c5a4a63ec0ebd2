/**
 * Live world: the same machines and the same wiring with real XState actors, one a slot, stepped by choices.
 *
 * Questions are answered from the actors' snapshots, effects send their calls at once, in order. Nothing here reads
 * a table: what this does and what the tables say are compared step by step.
 */
import { type AnyActorRef, type AnyMachineSnapshot, createActor, type EventObject } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { type ActorWatch, watched } from '../machines/actor-watch.ts';
import type { FiredEffect } from './cells.ts';
import type { Slot, Slots } from './slots.ts';
import type { Call, Read, Take } from './wiring.ts';
import type { World } from './world.ts';

export type LiveWorld = {
  /** In the order of the explorer's choices. */
  readonly choices: number;
  snapshotOf(slot: number): AnyMachineSnapshot;
  isOpen(choice: number): boolean;
  /** Takes a choice and tells its effects in order. Caller's duty: it is open. */
  take(choice: number): readonly FiredEffect[];
  stop(): void;
};

/** `slots` are the slots of `world`; `watch` hears of each by its name. */
export function liveWorld(world: World, slots: Slots, watch?: ActorWatch): LiveWorld {
  const actors: AnyActorRef[] = [];
  let fired: FiredEffect[] = [];

  const actorOf = (slot: number): AnyActorRef => {
    const actor = actors[slot];
    invariant(actor !== undefined, `there is no slot ${slot}`);
    return actor;
  };
  const snapshotOf = (slot: number): AnyMachineSnapshot => actorOf(slot).getSnapshot();
  const send = ([kind, index, event]: Call): void =>
    actorOf(slots.named([kind, index]).number).send(event);
  const holds = ([kind, index, predicate]: Read): boolean =>
    predicate(snapshotOf(slots.named([kind, index]).number));

  for (const slot of slots.all) {
    actors.push(liveActor(slot, holds, send, (one) => fired.push(one), watch));
  }
  for (const one of actors) one.start();
  for (const call of world.before ?? []) send(call);

  const choices = slots.all.flatMap((slot) =>
    slot.part.takes(slot.index).map((take) => ({ slot: slot.number, take })),
  );
  const choiceAt = (number: number) => {
    const choice = choices[number];
    invariant(choice !== undefined, `there is no choice ${number}`);
    return choice;
  };
  const eventOf = (slot: number, { from, event }: Take): EventObject | undefined =>
    event(snapshotOf(from === undefined ? slot : slots.named(from).number));

  return {
    choices: choices.length,
    snapshotOf,
    isOpen: (number) => {
      const { slot, take } = choiceAt(number);
      const event = eventOf(slot, take);
      const snapshot = snapshotOf(slot);
      return event !== undefined && snapshot.status === 'active' && snapshot.can(event);
    },
    take: (number) => {
      const { slot, take } = choiceAt(number);
      const event = eventOf(slot, take);
      invariant(event !== undefined, `choice ${number} has nothing to take`);
      fired = [];
      actorOf(slot).send(event);
      for (const call of take.calls) send(call);
      return fired;
    },
    stop: () => {
      for (const one of actors) one.stop();
    },
  };
}

function liveActor(
  { part, index, name }: Slot,
  holds: (read: Read) => boolean,
  send: (call: Call) => void,
  tell: (effect: FiredEffect) => void,
  watch: ActorWatch | undefined,
): AnyActorRef {
  const guards = Object.entries(part.asks).map(([type, ask]) => [
    type,
    (_: unknown, params: unknown): boolean => {
      const answer = ask(params, index);
      if (typeof answer === 'boolean') return answer;
      return 'anyOf' in answer ? answer.anyOf.some(holds) : answer.every(holds);
    },
  ]);
  const perform = (type: string) => [
    type,
    (_: unknown, params: unknown): void => {
      tell({ slot: name, type, params });
      for (const call of part.effects[type]?.(params, index) ?? []) send(call);
    },
  ];
  const machine = part.kind.machine.provide({
    guards: Object.fromEntries(guards),
    actions: Object.fromEntries(
      [...Object.keys(part.effects), 'violate']
        .filter((type, at, all) => all.indexOf(type) === at)
        .map(perform),
    ),
  });
  return createActor(machine, { input: part.kind.inputs[index], ...watched(watch, name) });
}
