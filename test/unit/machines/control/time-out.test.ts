/** Goal: a time-out of the invalidation queue aborts what was fetched and not done, and nothing else. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';

import { invalidationQueueMachine } from '../../../../src/machines/invalidation-queue.ts';

function queueOf(tickets: readonly number[]) {
  const heard: string[] = [];
  const actor = createActor(
    invalidationQueueMachine.provide({
      actions: {
        restart: (_, { tickets }) => void heard.push(`restart ${tickets.join(' ')}`),
        fail: (_, { tickets, errno }) => void heard.push(`${errno} ${tickets.join(' ')}`),
        complete: (_, { ticket }) => void heard.push(`complete ${ticket}`),
      },
    }),
    { input: { entriesMax: 16 } },
  ).start();
  for (const ticket of tickets) {
    actor.send({ type: 'descriptors.submit', ticket, descriptors: 2, drain: false });
  }
  const used = (): number => actor.getSnapshot().context.used;
  return { actor, heard, used };
}

describe('a device-TLB invalidation that is not completed', () => {
  it('makes its submission start again, and leaves those behind it alone', () => {
    const { actor, heard, used } = queueOf([1, 2, 3]);
    actor.send({ type: 'device.timed-out', ticket: 1, present: true, tickets: [1] });
    expect(heard).toEqual(['restart 1']);
    expect(used()).toBe(6);
    actor.send({ type: 'wait.executed', ticket: 2 });
    expect(heard).toEqual(['restart 1', 'complete 2']);
  });

  it('aborts nothing that is done already', () => {
    const { actor, heard } = queueOf([1, 2]);
    actor.send({ type: 'wait.executed', ticket: 2 });
    actor.send({ type: 'device.timed-out', ticket: 1, present: true, tickets: [1, 2] });
    expect(heard).toEqual(['complete 2', 'restart 1']);
  });

  it('of a device that is gone ends the submission of whoever looks, and others start again', () => {
    const { actor, heard, used } = queueOf([1, 2]);
    actor.send({ type: 'device.timed-out', ticket: 1, present: false, tickets: [1, 2] });
    expect(heard).toEqual(['ETIMEDOUT 1', 'restart 2']);
    expect(used()).toBe(0);
  });

  it('ends it even where hardware had not come to it', () => {
    const { actor, heard } = queueOf([1, 2]);
    actor.send({ type: 'device.timed-out', ticket: 2, present: false, tickets: [1] });
    expect(heard).toEqual(['ETIMEDOUT 2', 'restart 1']);
  });
});
