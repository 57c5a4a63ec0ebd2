/**
 * Columns: under which title each actor's steps are drawn, software threads first.
 */
import type { Kinds } from './kinds.ts';
import type { Plan } from './plan-terms.ts';

export const columnsOf = (plan: Plan, kinds: Kinds): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(plan.tasks.map(({ name, thread }) => [name, thread])),
  [kinds.exit.name]: 'exit_mmap',
  [kinds.gracePeriod.name]: 'SRCU',
  [kinds.thread.name]: 'PRQ thread',
  [kinds.worker.name]: 'worker',
  ...Object.fromEntries(kinds.deviceGroups.map(({ name }) => [name, name.replace('-', ' ')])),
  [kinds.port.name]: 'hardware',
  [kinds.hardware.name]: 'hardware',
  [kinds.filler.name]: 'hardware',
});
