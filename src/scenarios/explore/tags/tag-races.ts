/**
 * Tag races: the catalogue's entries on caches, table entries, tags, default domains and emulated units, each a world
 * with its defect or without.
 */
import type { World } from '../../../explore/world.ts';
import { completionWorld } from './completions.ts';
import { contextEntryWorld } from './context-entry.ts';
import { domainSwitch, lateDefaultDomain } from './default-domain.ts';
import {
  disableRacesInvalidateWorld,
  invalidateIntoResetWorld,
  lateAtsWorld,
} from './device-tlbs.ts';
import { countUnderflowWorld, reservedCountedWorld, reuseBeforeFlushWorld } from './domain-tags.ts';
import { remapWindowWorld, viommuResetWorld } from './emulator.ts';
import { vmidWorld } from './vmids.ts';

export type TagRace = {
  /** As the race catalogue names it. */
  readonly id: string;
  /** Where an entry describes more than one interleaving. */
  readonly variant?: string;
  /** What the defect breaks, as the catalogue numbers it. */
  readonly property: string;
  readonly world: (defective: boolean) => World;
};

export const TAG_RACES: readonly TagRace[] = [
  { id: 'devtlb-tag-missed-late-ats', property: 'S9', world: lateAtsWorld },
  { id: 'ats-invalidate-into-reset', property: 'L4', world: invalidateIntoResetWorld },
  {
    id: 'amd-completion-wait-early',
    property: 'S10',
    world: (defective) => completionWorld({ testsUnderLock: !defective }),
  },
  {
    id: 'amd-sequence-out-of-order',
    property: 'S10',
    world: (defective) => completionWorld({ numbersUnderLock: !defective }, 3),
  },
  {
    id: 'amd-wait-under-lock',
    property: 'L9',
    world: (defective) => completionWorld({ waitsUnlocked: !defective }),
  },
  { id: 'ats-disable-races-invalidate', property: 'L4', world: disableRacesInvalidateWorld },
  { id: 'did-reuse-before-flush', property: 'S11', world: reuseBeforeFlushWorld },
  { id: 'did-reserved-counted', property: 'S12', world: reservedCountedWorld },
  { id: 'did-count-underflow', property: 'S11', world: countUnderflowWorld },
  { id: 'context-entry-torn-clear', property: 'S13', world: contextEntryWorld },
  { id: 'qemu-remap-window', property: 'S23', world: remapWindowWorld },
  {
    id: 'vmid-lifetime',
    variant: 'the second stage goes first',
    property: 'S11',
    world: (defective) => vmidWorld(defective ? 'unpinned' : undefined),
  },
  {
    id: 'vmid-lifetime',
    variant: 'the number is used on another unit',
    property: 'S11',
    world: (defective) => vmidWorld(defective ? 'copied-across' : undefined),
  },
  { id: 'default-domain-under-live-dma', property: 'S16', world: lateDefaultDomain },
  { id: 'identity-switch-keeps-mappings', property: 'S16', world: domainSwitch },
  { id: 'qemu-viommu-reset-first', property: 'S21', world: viommuResetWorld },
];
