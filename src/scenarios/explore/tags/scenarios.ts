/**
 * Tag scenarios: the worlds of caches, table entries, tags, default domains and emulated units, under the names they
 * are explored by. Of a driver they take the defects alone, by the ids of their quirks.
 */
import type { World } from '../../../explore/world.ts';
import type { ExploreScenario } from '../explore-scenario.ts';
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

/** `has` says of a quirk whether the driver has its defect. */
const scenario = (
  name: string,
  title: string,
  sentence: string,
  world: (has: (quirk: string) => boolean) => World,
): ExploreScenario => ({
  name,
  title,
  sentence,
  world: ({ defects }) => world((quirk) => defects.includes(quirk)),
});

export const lateAts = scenario(
  'late-ats',
  'ATS enabled after the attach',
  'ATS is enabled after the attach, and then a page that the device TLB may have is unmapped',
  (has) => lateAtsWorld(has('late-ats-untagged')),
);

export const invalidateIntoReset = scenario(
  'invalidate-into-reset',
  'An invalidation into a reset',
  'a device is reset while its device TLB is invalidated',
  (has) => invalidateIntoResetWorld(has('reset-leaves-ats-on')),
);

export const disableUnderInvalidate = scenario(
  'disable-under-invalidate',
  'ATS disabled under an invalidation',
  'a detach disables ATS while an unmap invalidates the device TLB',
  (has) => disableRacesInvalidateWorld(has('ats-off-unawaited')),
);

const completions =
  (cpus: 2 | 3) =>
  (has: (quirk: string) => boolean): World =>
    completionWorld(
      {
        testsUnderLock: !has('tests-sync-unlocked'),
        numbersUnderLock: !has('numbers-unlocked'),
        waitsUnlocked: !has('waits-under-lock'),
      },
      cpus,
    );

export const completionsOfTwo = scenario(
  'completions',
  'Completions of two CPUs',
  'two CPUs invalidate, wait for the completion and free the page',
  completions(2),
);

export const completionsOfThree = scenario(
  'completions-of-three',
  'Completions of three CPUs',
  'three CPUs invalidate, wait for the completion and free the page',
  completions(3),
);

export const domainIdReuse = scenario(
  'domain-id-reuse',
  'A domain id that is handed on',
  'a domain is detached while another waits for a domain id, and there is one',
  (has) => reuseBeforeFlushWorld(has('untracks-before-flush')),
);

export const reservedDomainId = scenario(
  'reserved-domain-id',
  'A reserved domain id under unbinds',
  'two PASIDs of the reserved domain id are unbound while an ordinary domain is attached',
  (has) => reservedCountedWorld(has('reserved-id-counted')),
);

export const detachedTwice = scenario(
  'detached-twice',
  'Two detaches of one pair',
  'two threads detach the same domain from the same device',
  (has) => countUnderflowWorld(has('absent-pair-gives-id')),
);

export const contextEntryFetch = scenario(
  'context-entry-fetch',
  'A context entry that is fetched and cleared',
  'hardware fetches a context entry word by word while it is torn down',
  (has) => contextEntryWorld(has('zeroes-entry-first')),
);

export const shadowReplay = scenario(
  'shadow-replay',
  'The replay of a one-page invalidation',
  'a guest changes one page of two, and an emulator brings its shadow up to date under DMA',
  (has) => remapWindowWorld(has('replay-unmaps-range')),
);

export const vmidsOfTwoUnits = scenario(
  'vmids-of-two-units',
  'VMIDs of two units',
  'the second stage of a guest on two units is destroyed while other guests take VMIDs',
  (has) =>
    vmidWorld({
      isUnpinned: has('viommu-forgets-parent'),
      isCopiedAcross: has('vmid-follows-parent'),
    }),
);

export const lateDefault = scenario(
  'late-default-domain',
  'A default domain beside a probe',
  'a default domain is set while a driver probes, maps a buffer and unmaps it',
  (has) => lateDefaultDomain(has('probe-without-domain')),
);

export const defaultSwitch = scenario(
  'default-domain-switch',
  'A switch of default domains',
  'the default domain changes while a driver has a buffer mapped',
  (has) => domainSwitch(has('switch-to-translating')),
);

export const viommuReset = scenario(
  'viommu-reset',
  'The reset of an emulated unit',
  'a system reset resets an emulated unit and a device behind it that does DMA',
  (has) => viommuResetWorld(has('viommu-reset-first')),
);

/** In the order lists show them. */
export const TAG_SCENARIOS: readonly ExploreScenario[] = [
  lateAts,
  invalidateIntoReset,
  disableUnderInvalidate,
  completionsOfTwo,
  completionsOfThree,
  domainIdReuse,
  reservedDomainId,
  detachedTwice,
  contextEntryFetch,
  shadowReplay,
  vmidsOfTwoUnits,
  lateDefault,
  defaultSwitch,
  viommuReset,
];
