/**
 * Entry point of a resolver: one piscina task that lasts as long as the storm and polls its queue.
 *
 * A task a batch would cost more than the batch (measured: docs/performance.md).
 */
import { threadId } from 'node:worker_threads';

import { Bell } from './bell.ts';
import { ResolverRole } from './resolver-role.ts';
import { runRoles } from './role.ts';
import { RESOLVER, THREAD } from './storm-layout.ts';
import type { ResolverFault, ResolverStart } from './thread-messages.ts';

const STRIKES = {
  throw: (): never => {
    throw new Error('a resolver threw, as it was asked to');
  },
  exit: (): never => process.exit(1),
  stuck: (): never => {
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    for (;;) Atomics.wait(nobody, 0, 0);
  },
  'out-of-memory': (): never => {
    const held: number[][] = [];
    for (;;) held.push(new Array<number>(100_000).fill(held.length));
  },
} as const satisfies Record<ResolverFault['how'], () => never>;

/** Runs until the storm stops; rejects, or never returns, when the resolver misbehaves. */
export function resolve(start: ResolverStart): void {
  const { memory, resolver, delayMicroseconds, resumes, fault } = start;
  const role = new ResolverRole(memory, resolver, {
    delayMicroseconds,
    resumes,
    death:
      fault === undefined
        ? undefined
        : { afterGroups: fault.afterGroups, strike: STRIKES[fault.how] },
  });
  Atomics.store(memory.resolvers, resolver * RESOLVER.words + RESOLVER.thread, threadId);
  const asleep = resolver * RESOLVER.words + RESOLVER.slept;
  runRoles([role], new Bell(memory.bells, THREAD.resolver + resolver), memory.control, {
    now: () => performance.now(),
    slept: (milliseconds) => {
      Atomics.add(memory.resolvers, asleep, Math.round(milliseconds * 1000));
    },
  });
}
