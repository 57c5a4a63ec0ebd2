/**
 * Inspection message: one thing a live actor did, in the shape that @statelyai/inspect receives.
 *
 * Source: @statelyai/inspect, StatelyInspectionEvent; of XState's further inspection events, microsteps, with what
 *         there is to say of them.
 * Policy: actors have the names they are entered by, never XState's session ids. What is too long to be worth sending
 *         is left out and said to be.
 */
import type {
  ActorRefLike,
  AnyEventObject,
  AnyTransitionDefinition,
  InspectionEvent,
  Snapshot,
} from 'xstate';

/** Of the package whose shapes these are. */
export const INSPECT_VERSION = '0.7.2';

/** Longest text of a snapshot's context, and of a machine's definition. */
const CONTEXT_MAX = 16_384;
const DEFINITION_MAX = 262_144;

/** What every message has. */
export type Heading = {
  readonly rootId: string;
  /** Milliseconds since 1970, as a text. */
  readonly createdAt: string;
  /** A number of its own. */
  readonly id: string;
};

/** What an actor did; XState tells of more, which inspectors do not show. */
export type ToldEvent = Extract<
  InspectionEvent,
  { type: '@xstate.event' | '@xstate.snapshot' | '@xstate.microstep' }
>;

const TOLD = ['@xstate.event', '@xstate.snapshot', '@xstate.microstep'];

export const isTold = (event: InspectionEvent): event is ToldEvent => TOLD.includes(event.type);

/** What the actor of that name did. */
export function inspectionMessage(sessionId: string, seen: ToldEvent, heading: Heading): object {
  const common = { sessionId, ...heading, _version: INSPECT_VERSION };
  switch (seen.type) {
    case '@xstate.event':
      return { type: seen.type, event: eventOf(seen.event), sourceId: undefined, ...common };
    case '@xstate.snapshot':
      return {
        type: seen.type,
        event: eventOf(seen.event),
        snapshot: snapshotOf(seen.snapshot),
        ...common,
      };
    case '@xstate.microstep':
      return {
        type: seen.type,
        event: eventOf(seen.event),
        snapshot: snapshotOf(seen.snapshot),
        transitions: seen._transitions.map(transitionOf),
        ...common,
      };
  }
}

/** An actor as it is now. Caller's duty: it has a snapshot, which it has not while it is created. */
export const actorMessage = (
  sessionId: string,
  actorRef: ActorRefLike,
  heading: Heading,
): object => ({
  type: '@xstate.actor',
  name: sessionId,
  definition: definitionOf(actorRef),
  parentId: heading.rootId,
  snapshot: snapshotOf(actorRef.getSnapshot()),
  sessionId,
  ...heading,
  _version: INSPECT_VERSION,
});

/** What all actors are of, so that a reader shows them as one system. */
export const rootMessage = (heading: Heading): object => ({
  type: '@xstate.actor',
  name: heading.rootId,
  definition: JSON.stringify({ id: heading.rootId }),
  parentId: undefined,
  snapshot: { status: 'active' },
  sessionId: heading.rootId,
  ...heading,
  _version: INSPECT_VERSION,
});

/** An event of the root's. */
export const rootEvent = (event: AnyEventObject, heading: Heading): object => ({
  type: '@xstate.event',
  event,
  sourceId: undefined,
  sessionId: heading.rootId,
  ...heading,
  _version: INSPECT_VERSION,
});

const definitions = new WeakMap<object, string>();

/** The machine's definition as a text; functions by name. */
function definitionOf(actorRef: ActorRefLike): string {
  const logic: { readonly config?: unknown } = Object('logic' in actorRef ? actorRef.logic : {});
  const { config } = logic;
  if (typeof config !== 'object' || config === null) return JSON.stringify({});
  const before = definitions.get(config);
  if (before !== undefined) return before;
  const text = JSON.stringify(config, (_, value: unknown) =>
    typeof value === 'function' ? { type: value.name } : value,
  );
  const { id }: { readonly id?: unknown } = config;
  const kept = text.length > DEFINITION_MAX ? JSON.stringify({ id }) : text;
  definitions.set(config, kept);
  return kept;
}

function snapshotOf(snapshot: Snapshot<unknown>): object {
  const { status, value, context }: { status?: unknown; value?: unknown; context?: unknown } =
    Object(snapshot);
  return { status, value, context: bounded(context) };
}

const eventOf = (event: AnyEventObject): object => {
  const kept = bounded(event);
  return kept === event ? event : { type: event.type, ...Object(kept) };
};

/** Plain data as it is; else how long it would be. */
function bounded(value: unknown): unknown {
  const { length } = JSON.stringify(value) ?? '';
  return length > CONTEXT_MAX ? { omitted: `${length} characters` } : value;
}

const transitionOf = ({ eventType, source, target }: AnyTransitionDefinition): object => ({
  eventType,
  source: source.id,
  target: target?.map(({ id }) => id),
});
