/**
 * Domain ids: which paging domain has which id on a unit; the lowest free one is given, and given again.
 *
 * Kernel:  drivers/iommu/intel/iommu.c, domain_attach_iommu(), domain_detach_iommu().
 * Actor:   an object, one per unit whose caches are modelled.
 * Effects: tag (an entry that is written carries the id of its domain), flush (of that id's lines), violate.
 *
 * First-stage entries of processes all carry one id, which is none of these.
 */
import { assign, setup } from 'xstate';

import { count, effect, holds, id, list } from '../../../../machines/wiring-types.ts';

/** What the entries of all processes carry. */
export const PROCESS_DOMAIN_ID = 0;
export const DOMAIN_IDS_MAX = 4;

type Held = { readonly did: number; readonly domain: number; readonly users: number };
type Context = { readonly held: readonly Held[] };
type Written = { readonly attachment: number; readonly domain: number };

export type DomainIdsEvent =
  | { readonly type: 'id.get'; readonly domain: number } //     from attach
  | { readonly type: 'id.put'; readonly domain: number } //     from detach
  | ({ readonly type: 'entry.programmed' } & Written) //       from PASID entry
  | ({ readonly type: 'lines.flush' } & Written); //            from a walk of a domain's tags

const ids = setup({
  types: { context: {} as Context, events: {} as DomainIdsEvent },
  actions: {
    more: assign(({ context: { held }, event: { domain } }) => ({
      held: held.map((each) => (each.domain === domain ? withUsers(each, 1) : each)),
    })),
    give: assign(({ context: { held }, event: { domain } }) => ({
      held: [...held, { did: lowestFree(held), domain, users: 1 }].sort((a, b) => a.did - b.did),
    })),
    fewer: assign(({ context: { held }, event: { domain } }) => ({
      held: held
        .map((each) => (each.domain === domain ? withUsers(each, -1) : each))
        .filter(({ users }) => users > 0),
    })),
    tag: effect<Written & { readonly did: number | undefined }>(),
    flush: effect<Written & { readonly did: number | undefined }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    hasId: ({ context, event }) => context.held.some(({ domain }) => domain === event.domain),
  },
});

const withUsers = (held: Held, more: number): Held => ({ ...held, users: held.users + more });

const lowestFree = (held: readonly Held[]): number =>
  Array.from({ length: DOMAIN_IDS_MAX }, (_, at) => PROCESS_DOMAIN_ID + 1 + at).find((did) =>
    held.every((each) => each.did !== did),
  ) ?? DOMAIN_IDS_MAX;

const violate = {
  type: 'violate',
  params: ({ event }: { readonly event: DomainIdsEvent }) => ({ unexpected: event.type }),
} as const;

/** An attachment, its domain, and the id that one has. */
const withId = ({
  context,
  event,
}: {
  readonly context: Context;
  readonly event: DomainIdsEvent;
}) => ({
  attachment: 'attachment' in event ? event.attachment : 0,
  domain: event.domain,
  did: context.held.find(({ domain }) => domain === event.domain)?.did,
});

export const domainIdsMachine = ids.createMachine({
  id: 'domain-ids',
  context: { held: [] },
  on: {
    'id.get': [{ guard: 'hasId', actions: 'more' }, { actions: 'give' }],
    'id.put': [{ guard: 'hasId', actions: 'fewer' }, { actions: violate }],
    'entry.programmed': [
      { guard: 'hasId', actions: { type: 'tag', params: withId } },
      { actions: violate },
    ],
    'lines.flush': [
      { guard: 'hasId', actions: { type: 'flush', params: withId } },
      { actions: violate },
    ],
  },
});

export const domainIdsHolds = holds({
  held: list(DOMAIN_IDS_MAX, {
    did: count(DOMAIN_IDS_MAX),
    domain: id('domain'),
    users: count(DOMAIN_IDS_MAX),
  }),
});
