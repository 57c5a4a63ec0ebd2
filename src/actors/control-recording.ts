/**
 * Control recording: what the control plane does to caches, as a recorded storm tells it.
 *
 * Actor: the main thread, which plays many: a process that binds, unbinds and exits, and what takes its pages away.
 */
import { EVENT } from '../workers/event-log.ts';
import { EventRecording, RECORD } from '../workers/event-recording.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { LiveAttachment } from './live-attachment.ts';
import type { Invalidation, LiveHardware } from './units/hardware.ts';

/** Numbers of the threads that a process stands for begin behind those of real threads. */
const PROCESSES_FIRST = 1024;
/** As long as the longest command of any unit. */
const COMMAND_WORDS = 16;

/** The thread in which a process binds, unbinds and exits. */
export const ownThread = (instance: number): number => PROCESSES_FIRST + 2 * instance;
/** The thread in which it gives pages back, which may happen meanwhile. */
export const unmapThread = (instance: number): number => ownThread(instance) + 1;

/** The process a thread number stands for; undefined: it is a thread's own. */
export function playedBy(
  thread: number,
): { readonly instance: number; readonly unmaps: boolean } | undefined {
  if (thread < PROCESSES_FIRST) return undefined;
  const instance = Math.floor((thread - PROCESSES_FIRST) / 2);
  return { instance, unmaps: thread === unmapThread(instance) };
}

export class ControlRecording {
  readonly #recording: EventRecording;
  readonly #hardware: LiveHardware;
  readonly #isOn: boolean;
  readonly #words = new Int32Array(COMMAND_WORDS);

  constructor({
    memory,
    hardware,
  }: {
    readonly memory: StormMemory;
    readonly hardware: LiveHardware;
  }) {
    this.#recording = new EventRecording(memory);
    this.#hardware = hardware;
    this.#isOn = (memory.sizes.recordedEvents ?? 0) > 0;
  }

  /** Is about to be submitted, with so many spinlocks held besides the queue's own. */
  submitted(thread: number, invalidations: readonly Invalidation[], locks: number): void {
    if (!this.#isOn) return;
    for (const invalidation of invalidations) {
      for (const command of this.#hardware.commands.commandsFor(invalidation)) {
        this.#words.fill(0);
        command(this.#words, 0);
        const [a = 0, b = 0, c = 0, d = 0] = this.#words;
        this.#recording.add(thread, RECORD.submitted, a, b, c, d, locks + 1);
      }
    }
  }

  /** A place was listed by its domain, or is about to be no more; `users` of the domain's IOTLB tag with it. */
  tagged(
    thread: number,
    { device, pasid, tagUsers, tag }: Pick<LiveAttachment, 'device' | 'pasid' | 'tagUsers' | 'tag'>,
    added: boolean,
  ): void {
    const event = added ? RECORD.tagged : RECORD.untagged;
    this.#recording.add(thread, event, device << 16, pasid, tagUsers, tag);
  }

  /** An attach or a detach has returned. */
  returned(thread: number, device: number, pasid: number, attached: boolean): void {
    const event = attached ? EVENT.attached : EVENT.detached;
    this.#recording.add(thread, event, device << 16, pasid);
  }

  /** A domain's tags are walked for a range, and what they need is submitted. */
  flushed(thread: number, invalidations: readonly Invalidation[]): void {
    if (!this.#isOn) return;
    for (const invalidation of invalidations) {
      if (!('range' in invalidation)) continue;
      const { kind, device, pasid, range } = invalidation;
      const tag = Number(kind === 'device-tlb');
      const low = (range.pfn % 2 ** 32) | 0;
      const high = Math.floor(range.pfn / 2 ** 32);
      const source = tag === 0 ? 0 : device << 16;
      this.#recording.add(thread, RECORD.flushed, source, pasid, tag, range.order, low, high);
    }
    this.submitted(thread, invalidations, 1);
  }
}
