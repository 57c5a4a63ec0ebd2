/**
 * Entry point of the device thread and the PRQ thread of a unit.
 */
import { workerData } from 'node:worker_threads';

import { Bell } from './bell.ts';
import { DeviceRole } from './device-role.ts';
import { PageRequestRole } from './page-request-role.ts';
import { ResolverRole } from './resolver-role.ts';
import { runRoles } from './role.ts';
import { THREAD } from './storm-layout.ts';
import type { UnitThreadStart } from './thread-messages.ts';

const start = workerData as UnitThreadStart; // what the main thread passed to the Worker
const { memory } = start;

if (start.kind === 'device') {
  const role = new DeviceRole(memory, start.load, () => performance.now());
  runRoles([role], new Bell(memory.bells, THREAD.device), memory.control);
  role.audit();
} else {
  const resolver = start.inline
    ? [
        new ResolverRole(memory, 0, {
          delayMicroseconds: start.delayMicroseconds,
          resumes: false,
          death: undefined,
        }),
      ]
    : [];
  const roles = [new PageRequestRole(memory, start.misbehaviour), ...resolver];
  runRoles(roles, new Bell(memory.bells, THREAD.prq), memory.control);
}
