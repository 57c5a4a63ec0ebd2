/**
 * Peer window: a process is bound to a function whose peer claims addresses that the process has mapped.
 *
 * S25: a request with a PASID reaches the unit. The window is numbers, the process's pages are too: nobody on the
 * way knows which of the two an address is meant for.
 */
import { slotKind } from '../../../explore/slot-kind.ts';
import { call, unheard, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { type Bridge, destinationOf, type Fabric, isIsolated } from '../../../machines/fabric.ts';
import {
  pasidCapabilityHolds,
  pasidCapabilityMachine,
} from '../../../machines/pasid-capability.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { flags } from '../flag.ts';
import { hardwareOf, threadOf } from '../tags/thread.ts';

/** Pages of the process; the second has the number of a page in the peer's window. */
const PAGES = [3, 8];
const WINDOW = { first: 8, last: 9, at: 0 };

/** From the function up: the switch's downstream port, its upstream port, the root port. */
const isolating: Bridge = { redirects: true, forwards: true };
export const ISOLATED: readonly Bridge[] = [isolating, isolating, isolating];
/** A switch that sends what is for a port of its own straight there. */
export const WITHOUT_REDIRECT: readonly Bridge[] = [
  { redirects: false, forwards: true },
  isolating,
  isolating,
];
/** A root port that turns round what came up and is for below. */
export const WITHOUT_FORWARDING: readonly Bridge[] = [
  isolating,
  isolating,
  { redirects: true, forwards: false },
];

export function peerWindowWorld(path: readonly Bridge[], checksPath: boolean): World {
  const fabric: Fabric = { path, windows: [WINDOW] };
  const capability = slotKind('pasid-capability', pasidCapabilityMachine, pasidCapabilityHolds, [
    { isIsolated: isIsolated(fabric), checksPath },
  ]);
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const reached = {
    unit: flags('reached-unit', PAGES.length),
    peer: flags('reached-peer', PAGES.length),
  };
  const isOn = where(capability, 0, ({ value }) => value === 'on');

  const driver = threadOf(
    'driver',
    ['enable-pasid', { does: [call(capability, 0, { type: 'pasid.enable' })] }],
    [
      'bind',
      { when: [isOn], does: [call(entry, 0, { type: 'entry.program', domain: 0 })] },
      { ends: true },
    ],
  );
  const translates = where(entry, 0, (of) => of.hasTag('translates'));

  return {
    name: 'a process and a peer window',
    properties: PAGES.map((page, of) => ({
      id: 'S25',
      sentence: `a request with a PASID, for page ${page} of a process, is routed to a peer`,
      never: [reached.peer.isSet(of)],
    })),
    sightings:
      isIsolated(fabric) || !checksPath
        ? [
            {
              id: 'read',
              sentence: 'the function reads a page of the process through the unit',
              reads: [reached.unit.isSet(0)],
            },
          ]
        : [
            {
              id: 'refused',
              sentence: 'PASIDs are refused to the function, and nothing is bound',
              reads: [where(capability, 0, ({ value }) => value === 'refused'), driver.isDone()],
            },
          ],
    parts: [
      driver.part,
      hardwareOf(
        'function',
        ...PAGES.map(
          (page, of) =>
            [
              `read-${page}`,
              { when: [isOn, translates], does: [reached[destinationOf(fabric, page)].set(of)] },
            ] as const,
        ),
      ),
      object(capability, { effects: { refuse: unheard } }),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
      reached.unit.part,
      reached.peer.part,
    ],
  };
}
