/**
 * Page: one page of an address space, from its mapping to the day its frame goes back to the allocator.
 *
 * Actor:   an object, one per page that a world speaks of.
 */
import { setup } from 'xstate';

export type PageEvent =
  | { readonly type: 'page.installed' } // from fault worker
  | { readonly type: 'page.unmapped' } //  from unmap
  | { readonly type: 'page.freed' }; //    from unmap, exit

const page = setup({
  types: { context: {} as Record<string, never>, events: {} as PageEvent },
});

export const pageMachine = page.createMachine({
  id: 'page',
  context: {},
  initial: 'absent',
  states: {
    // a mapping, and no frame yet
    absent: {
      tags: 'mapped',
      on: { 'page.installed': 'resident', 'page.unmapped': 'freed', 'page.freed': 'freed' },
    },
    resident: {
      tags: 'mapped',
      on: { 'page.installed': {}, 'page.unmapped': 'unmapped', 'page.freed': 'freed' },
    },
    // no entry in the tables any more, and the frame still ours
    unmapped: { on: { 'page.freed': 'freed' } },
    freed: { on: { 'page.freed': {}, 'page.unmapped': {} } },
  },
});
