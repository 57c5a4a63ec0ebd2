/**
 * Fault world: a VMM reads and answers two faults while one PASID is detached, attached and detached again, the other
 * replaced and detached, the file closed and the queue destroyed. The lists are the mock driver's unless told, the
 * machines those that run live.
 *
 *     ring -> interrupt -> thread -> deliver list -> reader -> user memory -> writer -> response table
 *
 * S3: an answer reaches the group it was written for. S6: a detach leaves nothing behind. S7: a group is somewhere.
 * L2: a read ends. L5: the reporting thread waits for no user; here it is what serves the reader's buffer.
 */
import { sent } from '../../../explore/channel.ts';
import { call, unheard } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import type { IommufdRules } from '../../../machines/iommufd-rules.ts';
import { type FaultPlan, faultKinds, OF_MOCK, REQUESTS, requestOf } from './fault-kinds.ts';
import { faultOperationParts } from './fault-operations.ts';
import { faultProperties, faultSightings } from './fault-properties.ts';
import { reportingPart } from './fault-reporting-part.ts';
import { faultUserParts } from './fault-user-parts.ts';

export function faultWorld(rules: IommufdRules, plan: FaultPlan = OF_MOCK): World {
  const kinds = faultKinds(rules, plan);
  const { ring, queue, reporting, slot, handle, object: target } = kinds;
  return {
    name: 'iommufd-fault-file',
    before: [
      ...REQUESTS.flatMap((of) => [
        call(reporting, 0, { type: 'reporting.enable' }),
        call(handle, of, { type: 'handle.allocate' }),
        call(slot, of, { type: 'slot.reserve' }),
        call(slot, of, { type: 'handle.publish', handle: of }),
        call(ring, 0, { type: 'page-request.received', request: requestOf(plan, of) }),
      ]),
      call(target, 0, { type: 'object.reserve' }),
      call(target, 0, { type: 'users.get' }),
      ...REQUESTS.map(() => call(target, 0, { type: 'users.get' })),
      call(target, 0, { type: 'object.finalize' }),
    ],
    properties: faultProperties(kinds),
    sightings: faultSightings(kinds),
    parts: [
      reportingPart(kinds, rules, plan),
      ...faultOperationParts(kinds),
      ...faultUserParts(kinds),
      object(ring, {
        effects: {
          raiseEvent: () => [sent(kinds.interrupt, 0, { type: 'interrupt' })],
          answerDropped: unheard,
          drop: unheard,
          ignore: unheard,
        },
      }),
      object(kinds.interrupt),
      object(queue, {
        effects: {
          fillGroup: ({ group, param, requests, onStack }) => [
            call(kinds.group, group, { type: 'group.filled', param, requests, onStack }),
          ],
          answerAndFree: ({ groups, code }) =>
            groups.map((group) => call(kinds.group, group, { type: 'group.retired', code })),
          answerOnly: unheard,
          freePartials: unheard,
          freeParam: unheard,
          return: unheard,
          warn: unheard,
          ignore: unheard,
        },
      }),
      object(reporting, {
        effects: {
          addDevice: () => [call(queue, 0, { type: 'device.add', allocated: true })],
          removeDevice: () => [call(queue, 0, { type: 'device.remove', queue: 0 })],
          refuse: unheard,
          warn: unheard,
        },
      }),
      object(kinds.group, {
        effects: { respond: unheard, ignore: unheard },
        mayRest: (snapshot) => !snapshot.hasTag('owes-response'),
      }),
      object(slot, { effects: { storeSlot: unheard, clearSlot: unheard, refuse: unheard } }),
      object(handle),
      object(kinds.mutex),
      object(kinds.semaphore),
      object(kinds.gate),
      object(kinds.memory),
      object(target, { effects: { refuse: unheard } }),
    ],
  };
}
