/**
 * Entry point of a thread that expands states: sleeps until a pass begins, does its share, tells that it is done.
 */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';

import { CONTROL, passRunner, type Shared } from './expansion-pass.ts';
import type { ThreadStart } from './expansion-team.ts';

const { boards, thread, port } = workerData as ThreadStart; // the team starts it with nothing else
const { control } = boards;
const runner = passRunner(boards, thread);

for (let pass = 0; ; pass = Atomics.load(control, CONTROL.pass)) {
  Atomics.add(control, CONTROL.ended, 1);
  Atomics.notify(control, CONTROL.ended);
  Atomics.wait(control, CONTROL.pass, pass);
  if (Atomics.load(control, CONTROL.exit) !== 0) break;
  try {
    for (;;) {
      const sent = receiveMessageOnPort(port);
      if (sent === undefined) break;
      runner.use(sent.message as Shared); // the team sends nothing else
    }
    runner.run();
  } catch (error) {
    Atomics.store(control, CONTROL.failed, 1);
    port.postMessage(String(error));
  }
}
