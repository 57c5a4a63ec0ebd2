/**
 * PASID use: what a device knows of one attachment, whether its driver lets it use it and whether it translates.
 *
 * Actor:   an object, one per attachment.
 *
 * Holds the hidden owner of the PASID: the domain last programmed, for every request sent until the next one.
 *
 * Policy:  hardware sees an entry as software last wrote it. Translations that it kept are objects of their own.
 */
import { assign, setup } from 'xstate';

import { bit, holds, id, maybe } from '../../../../machines/wiring-types.ts';

export type PasidUseEvent =
  | { readonly type: 'use.started' } // from the device's driver
  | { readonly type: 'use.stopped' } // from the device's driver
  | {
      readonly type: 'entry.written'; // from PASID entry
      readonly translates: boolean;
      readonly domain: number | undefined;
    };

type Context = {
  readonly isAllowed: boolean;
  readonly translates: boolean;
  readonly owner: number | undefined;
};

const use = setup({
  types: { context: {} as Context, events: {} as PasidUseEvent },
  actions: {
    allow: assign({ isAllowed: true }),
    forbid: assign({ isAllowed: false }),
    note: assign(({ context, event }) =>
      event.type === 'entry.written'
        ? {
            translates: event.translates,
            owner: event.translates ? event.domain : context.owner,
          }
        : {},
    ),
  },
});

export const pasidUseMachine = use.createMachine({
  id: 'pasid-use',
  context: { isAllowed: false, translates: false, owner: undefined },
  on: {
    'use.started': { actions: 'allow' },
    'use.stopped': { actions: 'forbid' },
    'entry.written': { actions: 'note' },
  },
});

export const pasidUseHolds = holds({ isAllowed: bit, translates: bit, owner: maybe(id('domain')) });
