/**
 * Unread group world: a device leaves its fault queue while a consumer that never reads has a group of it.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iopf_queue_remove_device(), as it was when a group stayed pending until its
 *         consumer answered it.
 *
 * A fault file that nobody reads holds its group for ever, so nobody but the removal can free it.
 */

import type { Driver } from '../../actors/driver.ts';
import { iovaPfn, pasid, prgIndex, requesterId } from '../../core/ids.ts';
import { alike, slotKind } from '../../explore/slot-kind.ts';
import { call, offer, unheard, where } from '../../explore/wiring.ts';
import { actor, object, type World } from '../../explore/world.ts';
import { faultQueueHolds, faultQueueMachine } from '../../machines/fault-queue.ts';
import { faultReportingHolds, faultReportingMachine } from '../../machines/fault-reporting.ts';
import { operationHolds, operationMachine } from '../../machines/operation.ts';
import {
  pageRequestGroupHolds,
  pageRequestGroupMachine,
} from '../../machines/page-request-group.ts';
import type { RequestRecord } from '../../machines/page-request-queue.ts';
import { faultQueuePart } from '../explore/unit/fault-queue-part.ts';

const PARAM = 0;
const GROUP = 0;

const REQUEST: RequestRecord = {
  rid: requesterId(0x28),
  pasid: pasid(1),
  prgi: prgIndex(0),
  iovaPfn: iovaPfn(0),
  access: { read: true, write: false, exec: false, privileged: false },
  last: true,
  owner: 0,
  prgEpoch: 0,
};

export function unreadGroupWorld({ name, rules, lifetime }: Driver): World {
  const faultQueue = slotKind('fault-queue', faultQueueMachine, faultQueueHolds, [
    { device: 0, queue: 0, responds: true, rules },
  ]);
  const group = alike('group', pageRequestGroupMachine, pageRequestGroupHolds, 1);
  const reporting = slotKind('reporting', faultReportingMachine, faultReportingHolds, [
    { device: 0, pri: true, rules: lifetime },
  ]);
  const detach = slotKind(
    'detach',
    operationMachine('detach', ['drop-reporting']),
    operationHolds,
    [{ operation: 0, device: 0, attachment: 0 }],
  );
  const isOver = where(detach, 0, ({ status }) => status === 'done');

  return {
    name: `unread-group, ${name}`,
    before: [
      call(reporting, 0, { type: 'reporting.enable' }),
      call(faultQueue, 0, { type: 'reference.take', param: PARAM }),
      call(faultQueue, 0, {
        type: 'group.build',
        param: PARAM,
        group: GROUP,
        request: REQUEST,
        onStack: false,
      }),
      call(group, GROUP, { type: 'handle.assigned', handle: 0 }),
      call(group, GROUP, { type: 'group.queued' }),
    ],
    properties: [
      {
        id: 'S7',
        sentence: 'a group was answered when its device left the queue, and nobody frees it',
        never: [isOver, where(group, GROUP, ({ value }) => value === 'answered')],
      },
      {
        id: 'S8',
        sentence: 'a fault parameter that left the queue is referenced for ever',
        never: [isOver, where(faultQueue, 0, ({ context }) => context.oldUsers > 0)],
      },
    ],
    parts: [
      actor(detach, {
        takes: () => [offer({ type: 'step' })],
        effects: { dropReporting: () => [call(reporting, 0, { type: 'reporting.disable' })] },
      }),
      object(reporting, {
        effects: {
          addDevice: () => [call(faultQueue, 0, { type: 'device.add', allocated: true })],
          removeDevice: () => [call(faultQueue, 0, { type: 'device.remove', queue: 0 })],
          refuse: unheard,
          warn: unheard,
        },
      }),
      faultQueuePart(faultQueue, group),
      object(group, { effects: { respond: unheard, ignore: unheard } }),
    ],
  };
}
