/**
 * Event file: the file through which a VMM reads one kind of event of one vIOMMU.
 *
 * Kernel: drivers/iommu/iommufd/eventq.c, iommufd_veventq_fops_read().
 * Actor:  the event-queue machine live, once a queue.
 */
import { type Actor, createActor } from 'xstate';

import { eventQueueMachine } from '../machines/event-queue.ts';
import { refuse, refuseIf } from './iommufd-error.ts';
import { Owners } from './owners.ts';
import { EVENT_HEADER, EVENT_LOST, SELFTEST_EVENT } from './uapi.ts';
import { type PollEvents, type UserBuffer, viewOf } from './user-memory.ts';

const owners = new Owners<(sentence: string) => void>();
const MACHINE = eventQueueMachine.provide({
  actions: {
    violate: ({ self }, { sentence }) => owners.of(self)(`an event queue: ${sentence}`),
  },
});

export class EventFile {
  readonly #queue: Actor<typeof eventQueueMachine>;

  constructor(depth: number, breach: (sentence: string) => void) {
    this.#queue = owners.enter(createActor(MACHINE, { input: { depth } }), breach).start();
  }

  report(virtId: number): void {
    this.#queue.send({ type: 'event.report', data: virtId });
  }

  /**
   * Copies whole events to `buffer`, `count` bytes long.
   *
   * @returns the bytes copied; 0 when no event waits. @throws IommufdError ESPIPE, EINVAL, EFAULT.
   */
  read(buffer: UserBuffer, count: number, offset = 0): number {
    refuseIf(offset !== 0, 'ESPIPE', 'events have no position');
    refuseIf(count < EVENT_HEADER.bytes, 'EINVAL', 'the buffer is shorter than an event header');
    let done = 0;
    for (;;) {
      const [oldest] = this.#queue.getSnapshot().context.events;
      if (oldest === undefined) return done;
      const { data, sequence } = oldest;
      const bytes = EVENT_HEADER.bytes + (data === undefined ? 0 : SELFTEST_EVENT.bytes);
      if (bytes > count - done) {
        return done > 0 ? done : refuse('EINVAL', 'the oldest event is longer than the buffer');
      }
      if (buffer === undefined) return refuse('EFAULT', 'the buffer is not mapped');
      const view = viewOf(buffer);
      EVENT_HEADER.write(view, done, { flags: data === undefined ? EVENT_LOST : 0, sequence });
      if (data !== undefined) {
        SELFTEST_EVENT.write(view, done + EVENT_HEADER.bytes, { virtId: data });
      }
      this.#queue.send({ type: 'event.consume' });
      done += bytes;
    }
  }

  write(): never {
    return refuse('EINVAL', 'nothing is written to an event queue');
  }

  poll(): PollEvents {
    return { readable: this.#queue.getSnapshot().context.events.length > 0, writeable: false };
  }
}
