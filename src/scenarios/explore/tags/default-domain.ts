/**
 * default-domain-under-live-dma and identity-switch-keeps-mappings: the default domain changes beside a driver that
 * maps a buffer, and unmaps it again (S16).
 */
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { defaultDomainHolds, defaultDomainMachine } from '../../../machines/default-domain.ts';
import {
  type DmaOperations,
  dmaMappingHolds,
  dmaMappingMachine,
} from '../../../machines/dma-mapping.ts';
import { type Move, threadOf, type Way } from './thread.ts';

type DomainKind = 'identity' | 'paging';
type Setting = {
  /** The domain before anything happens. */
  readonly first: DomainKind | undefined;
  /** What it is set to, while the driver is at work. */
  readonly next: DomainKind;
  /** The driver's probe is deferred until there is a domain. */
  readonly defers: boolean;
};

function defaultDomainWorld(name: string, { first, next, defers }: Setting): World {
  const domain = slotKind('default-domain', defaultDomainMachine, defaultDomainHolds, [
    { group: 0 },
  ]);
  const mapping = alike('mapping', dmaMappingMachine, dmaMappingHolds, 1);
  const set = (kind: DomainKind) => call(domain, 0, { type: 'domain.set', kind });
  const isSet = where(domain, 0, (of) => of.hasTag('set'));
  const translates = where(domain, 0, (of) => of.hasTag('translating'));
  /** Through the operations that the function has at the time. */
  const through = (type: 'buffer.map' | 'buffer.unmap'): Move => {
    const by = (operations: DmaOperations): Way => ({
      does: [call(mapping, 0, { type, through: operations })],
    });
    return [type.replace('.', '-'), { when: [translates], ...by('translating') }, by('direct')];
  };
  const switcher = threadOf('switcher', ['set-domain', { does: [set(next)] }]);
  const driver = threadOf(
    'driver',
    ['probe', defers ? { when: [isSet] } : {}],
    through('buffer.map'),
    through('buffer.unmap'),
  );

  return {
    name,
    before: first === undefined ? [] : [set(first)],
    sightings: [
      {
        id: 'mapped',
        sentence: 'the driver has a buffer mapped once the domain was set',
        reads: [switcher.isDone(), where(mapping, 0, (of) => of.hasTag('live'))],
      },
    ],
    parts: [
      switcher.part,
      driver.part,
      object(domain, {
        effects: {
          changeOperations: ({ to }) => [call(mapping, 0, { type: 'domain.changed', to })],
        },
      }),
      object(mapping),
    ],
  };
}

/** Registration sets a translating default domain beside a probing driver, which saw none. */
export const lateDefaultDomain = (defective: boolean): World =>
  defaultDomainWorld('default domain under live DMA', {
    first: undefined,
    next: 'paging',
    defers: !defective,
  });

/** The control: direct-mapped to direct-mapped keeps a live mapping, to translating it does not. */
export const domainSwitch = (defective: boolean): World =>
  defaultDomainWorld('domain switch under live DMA', {
    first: 'identity',
    next: defective ? 'paging' : 'identity',
    defers: true,
  });
