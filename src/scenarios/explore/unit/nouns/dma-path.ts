/**
 * DMA path: the caches between a device that reads one page through an attachment, and the tables of its domain.
 *
 * Spec:    Intel VT-d, "Translation Caching Structures": the PASID cache is tagged with the PASID, the IOTLB with
 *          domain id and PASID, the device TLB with the PASID.
 * Actor:   an object, one per attachment; the reads come from an active reader beside it.
 *
 * Each cache is asked first and filled from the one behind it, one of them a read: an entry that is gone translates on
 * while it is cached, and a line of the IOTLB waits for an entry with its domain id.
 */
import { assign, setup } from 'xstate';

import {
  bit,
  count,
  effect,
  holds,
  id,
  list,
  maybe,
  record,
} from '../../../../machines/wiring-types.ts';
import { DOMAIN_IDS_MAX } from './domain-ids.ts';

/** A domain id, and the domain whose tables or page it leads to. */
type Tagged = { readonly did: number; readonly domain: number };

type Context = {
  /** The PASID entry in memory. */
  readonly entry: Tagged | undefined;
  /** The id that whoever blocked the entry read there. */
  readonly blockedId: number | undefined;
  readonly isPresent: boolean;
  readonly cached: Tagged | undefined;
  readonly lines: readonly Tagged[];
  /** Domains whose tables no longer map the page. */
  readonly unmapped: readonly number[];
  /** The domain whose page the device has a translation of. */
  readonly held: number | undefined;
};

export type DmaPathEvent =
  | ({ readonly type: 'entry.programmed' } & Tagged) // from PASID entry
  | { readonly type: 'entry.cleared' } //               from PASID entry
  | { readonly type: 'entry.zeroed' } //                from PASID entry
  | { readonly type: 'pasid-cache.invalidate' } //      from invalidation hardware
  /** Undefined: of the id that the entry says, or said when it was blocked. */
  | { readonly type: 'iotlb.invalidate'; readonly did: number | undefined } // from invalidation hardware
  | { readonly type: 'device-tlb.invalidate' } //       from invalidation hardware
  | { readonly type: 'page.unmapped'; readonly domain: number } // from the owner of the tables
  | { readonly type: 'page.read' }; //                  from the device

const path = setup({
  types: { context: {} as Context, events: {} as DmaPathEvent },
  actions: {
    program: assign(({ event }) =>
      event.type === 'entry.programmed'
        ? {
            entry: { did: event.did, domain: event.domain },
            isPresent: true,
            blockedId: undefined,
          }
        : {},
    ),
    clear: assign({ isPresent: false, blockedId: ({ context }) => context.entry?.did }),
    zero: assign({ entry: undefined, isPresent: false }),
    forgetEntry: assign({ cached: undefined }),
    forgetLines: assign({
      lines: ({ context: { lines, entry, blockedId }, event }) => {
        const said = entry?.did ?? blockedId;
        const of = event.type === 'iotlb.invalidate' ? (event.did ?? said) : undefined;
        return lines.filter(({ did }) => did !== of);
      },
    }),
    unmap: assign(({ context, event }) =>
      event.type === 'page.unmapped'
        ? { unmapped: [...context.unmapped, event.domain].sort((a, b) => a - b) }
        : {},
    ),
    forgetTranslation: assign({ held: undefined }),
    fetchEntry: assign({ cached: ({ context }) => context.entry }),
    refill: assign({ held: ({ context }) => lineOf(context)?.domain }),
    walk: assign(({ context: { cached, lines } }) =>
      cached === undefined
        ? {}
        : { held: cached.domain, lines: [...lines, cached].sort((a, b) => a.did - b.did) },
    ),
  },
  guards: {
    isHeld: ({ context }) => context.held !== undefined,
    lineIsHit: ({ context }) => lineOf(context) !== undefined,
    leadsNowhere: ({ context: { cached, unmapped } }) =>
      cached !== undefined && unmapped.includes(cached.domain),
    entryIsCached: ({ context }) => context.cached !== undefined,
    entryIsPresent: ({ context }) => context.isPresent,
  },
});

/** The line that a lookup hits: that of the id which the cached entry says. */
const lineOf = ({ cached, lines }: Context): Tagged | undefined =>
  lines.find(({ did }) => did === cached?.did);

export const dmaPathMachine = path.createMachine({
  id: 'dma-path',
  context: {
    entry: undefined,
    isPresent: false,
    blockedId: undefined,
    cached: undefined,
    lines: [],
    unmapped: [],
    held: undefined,
  },
  on: {
    'entry.programmed': { actions: 'program' },
    'entry.cleared': { actions: 'clear' },
    'entry.zeroed': { actions: 'zero' },
    'pasid-cache.invalidate': { actions: 'forgetEntry' },
    'iotlb.invalidate': { actions: 'forgetLines' },
    'device-tlb.invalidate': { actions: 'forgetTranslation' },
    'page.unmapped': { actions: 'unmap' },
    'page.read': [
      { guard: 'isHeld' },
      { guard: 'lineIsHit', actions: 'refill' },
      { guard: 'leadsNowhere' },
      { guard: 'entryIsCached', actions: 'walk' },
      { guard: 'entryIsPresent', actions: 'fetchEntry' },
      {}, // nothing translates, the read is refused
    ],
  },
});

const TAGGED = { did: count(DOMAIN_IDS_MAX), domain: id('domain') };
export const dmaPathHolds = holds({
  entry: maybe(record(TAGGED)),
  isPresent: bit,
  blockedId: maybe(count(DOMAIN_IDS_MAX)),
  cached: maybe(record(TAGGED)),
  lines: list(DOMAIN_IDS_MAX + 1, TAGGED),
  unmapped: list(DOMAIN_IDS_MAX + 1, id('domain')),
  held: maybe(id('domain')),
});

const reader = setup({
  types: { context: {} as Record<string, never>, events: {} as { readonly type: 'step' } },
  actions: { read: effect() },
});

/** A device that reads its page again and again. */
export const dmaReaderMachine = reader.createMachine({
  id: 'dma-reader',
  context: {},
  on: { step: { actions: 'read' } },
});
