/**
 * Inspection stream: what live actors do, told to readers as it happens, as far as each of them keeps up.
 *
 * Policy: actors never wait. Nobody reads: nothing is made. A reader whose backlog is full misses what happens
 *         meanwhile, and is told how much when it has caught up. Who comes late is told of the actors there are.
 */
import type { ActorRefLike, AnyEventObject, InspectionEvent } from 'xstate';

import type { ActorWatch } from '../machines/actor-watch.ts';
import {
  actorMessage,
  type Heading,
  inspectionMessage,
  isTold,
  rootEvent,
  rootMessage,
} from './inspection-message.ts';

/** Bytes a reader may be behind; a message more than that is missed. */
export const BACKLOG_BYTES_MAX = 4_194_304;
/** Actors that a late reader is told of: the latest. */
export const ACTORS_MAX = 4096;

/** The event of the root's that says how many messages were missed. */
export const MISSED = 'inspection.missed';

export type Reader = {
  /** `sent` is called when it has left this process. */
  send(text: string, sent: () => void): void;
  backlogBytes(): number;
};

export type InspectionStream = {
  readonly watch: ActorWatch;
  /** Tells `reader` from now on; returns how it leaves. */
  join(reader: Reader): () => void;
  /** Messages sent to readers, and missed by them. */
  counts(): { readonly sent: number; readonly missed: number };
};

type Joined = {
  readonly reader: Reader;
  /** Actors it is still to be told of. */
  readonly waiting: Set<string>;
  missed: number;
};

/** `rootId` names what all the actors are of; `now` is in milliseconds since 1970. */
export function inspectionStream(rootId: string, now: () => number): InspectionStream {
  const actors = new Map<string, ActorRefLike>();
  /** XState tells of an actor before it has a snapshot; readers hear of it with what it does first. */
  const unborn = new Set<string>();
  const joined = new Set<Joined>();
  let number = 0;
  let sent = 0;
  let missed = 0;

  const heading = (): Heading => {
    number += 1;
    return { rootId, createdAt: String(Math.round(now())), id: String(number) };
  };
  const hasRoom = ({ reader }: Joined): boolean => reader.backlogBytes() < BACKLOG_BYTES_MAX;
  const tell = (to: Joined, text: string): void => {
    sent += 1;
    to.reader.send(text, () => catchUp(to));
  };
  /** First what was missed, then the actors it has not heard of. */
  const catchUp = (to: Joined): void => {
    while (joined.has(to) && hasRoom(to)) {
      if (to.missed > 0) {
        const event: AnyEventObject = { type: MISSED, messages: to.missed };
        to.missed = 0;
        tell(to, JSON.stringify(rootEvent(event, heading())));
        continue;
      }
      const [name] = to.waiting;
      if (name === undefined) return;
      to.waiting.delete(name);
      const actor = actors.get(name);
      if (actor !== undefined) tell(to, JSON.stringify(actorMessage(name, actor, heading())));
    }
  };

  const enter = (name: string, actor: ActorRefLike): void => {
    actors.set(name, actor);
    if (actors.size <= ACTORS_MAX) return;
    const [oldest] = actors.keys();
    if (oldest === undefined) return;
    actors.delete(oldest);
    unborn.delete(oldest);
  };
  /** The same to everybody who has room; made only if somebody has. */
  const tellAll = (name: string, message: () => object): void => {
    let text: string | undefined;
    for (const each of joined) {
      // Its snapshot is told when its turn comes.
      if (each.waiting.has(name)) continue;
      if (each.missed > 0 || !hasRoom(each)) {
        each.missed += 1;
        missed += 1;
        continue;
      }
      text ??= JSON.stringify(message());
      tell(each, text);
    }
  };
  const hear = (name: string, event: InspectionEvent): void => {
    const { actorRef } = event;
    if (event.type === '@xstate.actor') {
      enter(name, actorRef);
      unborn.add(name);
      return;
    }
    if (unborn.delete(name)) tellAll(name, () => actorMessage(name, actorRef, heading()));
    if (event.type === '@xstate.snapshot' && event.snapshot.status !== 'active') {
      actors.delete(name);
    }
    if (isTold(event)) tellAll(name, () => inspectionMessage(name, event, heading()));
  };

  return {
    watch: (name) => (event) => hear(name, event),
    join: (reader) => {
      const own: Joined = {
        reader,
        waiting: new Set([...actors.keys()].filter((name) => !unborn.has(name))),
        missed: 0,
      };
      joined.add(own);
      tell(own, JSON.stringify(rootMessage(heading())));
      catchUp(own);
      return () => void joined.delete(own);
    },
    counts: () => ({ sent, missed }),
  };
}
