/**
 * A new device: it has two credits, may stop in the middle of a group of two pages, and says with a stop marker that a
 * PASID sends no more. Is it safe behind each driver to unbind its process while it is at work?
 *
 *     npx stormdrain explore examples/stop-marker.ts --driver vtd
 *     npx stormdrain explore examples/stop-marker.ts --driver amd@7.3
 */
import { defineScenario } from 'stormdrain';

export const stopMarkerDevice = defineScenario({
  name: 'stop-marker-device',
  sentence: 'a device is stopped in the middle of a group, says so, and its process unbinds',
  units: ['vtd', 'amd'],
  devices: [
    {
      credits: 2,
      groups: [{ attachment: 0, pages: [0, 1], mayCut: true, sendsStopMarker: true }],
    },
  ],
  processes: [{ pages: 2 }],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    {
      name: 'owner',
      operations: [
        { kind: 'stop-use', attachment: 0 },
        { kind: 'unbind-sva', attachment: 0 },
      ],
    },
  ],
  hasLink: true,
});
