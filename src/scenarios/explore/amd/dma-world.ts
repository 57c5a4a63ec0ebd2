/**
 * DMA world: a driver maps a buffer, and unmaps it, while a process is bound to its function (S16).
 *
 * In 7.3 the PASIDs hang on the default domain, so a bind switches nothing. The driver of 2022 switched the function to
 * a domain of its own that maps one to one, which a live mapping survives where it was direct before.
 */
import { type DefaultDomain, isDirect } from '../../../actors/default-domain-type.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, unheard, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { defaultDomainHolds, defaultDomainMachine } from '../../../machines/default-domain.ts';
import { dmaMappingHolds, dmaMappingMachine } from '../../../machines/dma-mapping.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { threadOf } from '../tags/thread.ts';

export function bindUnderDmaWorld(before: DefaultDomain, switches: boolean): World {
  const domain = slotKind('function-domain', defaultDomainMachine, defaultDomainHolds, [
    { group: 0 },
  ]);
  const mapping = alike('mapping', dmaMappingMachine, dmaMappingHolds, 1);
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const kind = isDirect(before) ? ('identity' as const) : ('paging' as const);
  const set = (to: typeof kind | 'identity') => call(domain, 0, { type: 'domain.set', kind: to });
  const through = isDirect(before) ? ('direct' as const) : ('translating' as const);
  const bind = threadOf(
    'bind',
    ['switch-domain', { does: switches ? [set('identity')] : [] }],
    ['set-pasid', { does: [call(entry, 0, { type: 'entry.program', domain: 0 })] }],
    ['unbind', { does: [call(entry, 0, { type: 'entry.zero' })] }],
    ['switch-back', { does: switches ? [set(kind)] : [] }],
  );
  const driver = threadOf(
    'driver',
    ['buffer-map', { does: [call(mapping, 0, { type: 'buffer.map', through })] }],
    ['buffer-unmap', { does: [call(mapping, 0, { type: 'buffer.unmap', through })] }],
  );

  return {
    name: 'a bind under DMA',
    before: [set(kind)],
    sightings: [
      {
        id: 'bound-while-mapped',
        sentence: 'a process is bound while a buffer is mapped',
        reads: [
          where(entry, 0, (of) => of.hasTag('translates')),
          where(mapping, 0, (of) => of.hasTag('live')),
        ],
      },
    ],
    parts: [
      bind.part,
      driver.part,
      object(domain, {
        effects: {
          changeOperations: ({ to }) => [call(mapping, 0, { type: 'domain.changed', to })],
        },
      }),
      object(mapping),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
    ],
  };
}
