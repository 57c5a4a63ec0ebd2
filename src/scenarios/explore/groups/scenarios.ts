/**
 * Group scenarios: what a group of functions shares, an attach slot and the way to the unit, under the names by which
 * they are explored. Of a driver they take the defects alone.
 */
import type { Bridge } from '../../../machines/fabric.ts';
import type { ExploreScenario } from '../explore-scenario.ts';
import { groupAttachWorld } from './group-attach-world.ts';
import { ISOLATED, peerWindowWorld, WITHOUT_FORWARDING, WITHOUT_REDIRECT } from './peer-window.ts';

const peerWindow = (
  name: string,
  title: string,
  sentence: string,
  path: readonly Bridge[],
): ExploreScenario => ({
  name,
  title,
  sentence,
  world: ({ defects }) => peerWindowWorld(path, !defects.includes('pasid-without-acs')),
});

export const GROUP_SCENARIOS: readonly ExploreScenario[] = [
  {
    name: 'group-attach',
    title: 'An attach to a PASID of a group',
    sentence:
      'two threads attach to one PASID of a group of three, one of which has no PASIDs and one may fail',
    world: ({ defects }) => groupAttachWorld(defects.includes('failed-attach-kept')),
  },
  peerWindow(
    'peer-window-isolated',
    'A peer window behind isolating bridges',
    "a process has mapped addresses of a peer's window, and every bridge sends requests up",
    ISOLATED,
  ),
  peerWindow(
    'peer-window',
    'A peer window behind a switch',
    "a process has mapped addresses of a peer's window, and a switch does not redirect",
    WITHOUT_REDIRECT,
  ),
  peerWindow(
    'peer-window-turned-round',
    'A peer window behind a root port',
    "a process has mapped addresses of a peer's window, and the root port does not forward up",
    WITHOUT_FORWARDING,
  ),
];
