/**
 * AMD scenarios: what a process's page table means behind the domain of its function, under the names by which it is
 * explored. Of a driver they take the defects alone.
 */
import { defaultDomainOf, type FunctionFacts } from '../../../actors/default-domain-type.ts';
import { invariant } from '../../../core/invariant.ts';
import { driversOfUnit, type ExploreScenario } from '../explore-scenario.ts';
import { bindUnderDmaWorld } from './dma-world.ts';
import type { HostMapping } from './process-tables.ts';
import { walkWorld } from './walk-world.ts';

const drivers = driversOfUnit('amd');

/** A function with PASIDs, where nothing forbids identity. */
const CAPABLE: FunctionFacts = {
  isUntrusted: false,
  pasidsMax: 0x10000,
  hasMemoryEncryption: false,
  hasSnp: false,
};

const walk = (name: string, sentence: string, mapping: HostMapping): ExploreScenario => ({
  name,
  title: 'A two-dimensional walk',
  sentence,
  drivers,
  world: ({ defects }) => walkWorld(mapping, !defects.includes('binds-over-host-table')),
});

const bindUnderDma = (name: string, sentence: string, facts: FunctionFacts): ExploreScenario => ({
  name,
  title: 'A bind under DMA',
  sentence,
  drivers,
  world: ({ defects }) => {
    const domain = defaultDomainOf([facts], 'dma');
    invariant(domain !== undefined, 'one function is at odds with itself');
    return bindUnderDmaWorld(domain, defects.includes('bind-switches-domain'));
  },
});

export const AMD_SCENARIOS: readonly ExploreScenario[] = [
  walk('walk-without-host-table', 'a process is bound to a function in an identity domain', 'none'),
  walk(
    'walk-through-direct-table',
    'a process is bound to a function whose host table maps one to one',
    'one-to-one',
  ),
  walk(
    'walk-through-host-table',
    'a process is bound to a function whose host table maps elsewhere',
    'elsewhere',
  ),
  bindUnderDma(
    'bind-under-dma',
    'a process is bound while a buffer is mapped, in the identity domain that PASIDs ask for',
    CAPABLE,
  ),
  bindUnderDma(
    'bind-under-translated-dma',
    'a process is bound while a buffer is mapped, where SNP forbids the identity domain',
    { ...CAPABLE, hasSnp: true },
  ),
];
