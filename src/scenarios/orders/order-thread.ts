/**
 * Order thread: the entry of a thread that hosts some of a question's worlds and answers what it is asked.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { invariant } from '../../core/invariant.ts';
import { type HostAsked, type OrderQuestion, orderHost } from './order-host.ts';

const port = parentPort;
invariant(port !== null, 'an order thread is started by another one');
// What the starter put there.
const host = orderHost(workerData as OrderQuestion); // see above

port.on('message', (asked: HostAsked) => {
  port.postMessage(host(asked));
});
