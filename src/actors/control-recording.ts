/**
 * Control recording: what the control plane does to caches, as a recorded storm tells it.
 *
 * Actor: the main thread, which plays many: a process that binds, unbinds and exits, and what takes its pages away.
 */
import type { InvalidationDescriptor } from '../hw/vtd/invalidation-descriptors.ts';
import { writeInvalidationWords } from '../hw/vtd/invalidation-encoding.ts';
import { EventRecording, RECORD } from '../workers/event-recording.ts';
import type { StormMemory } from '../workers/storm-memory.ts';

/** Numbers of the threads that a process stands for begin behind those of real threads. */
const PROCESSES_FIRST = 1024;
const DESCRIPTOR_WORDS = 8;

/** The thread in which a process binds, unbinds and exits. */
export const ownThread = (instance: number): number => PROCESSES_FIRST + 2 * instance;
/** The thread in which it gives pages back, which may happen meanwhile. */
export const unmapThread = (instance: number): number => ownThread(instance) + 1;

/** The process a thread number stands for; undefined: it is a thread's own. */
export function playedBy(thread: number): { instance: number; unmaps: boolean } | undefined {
  if (thread < PROCESSES_FIRST) return undefined;
  const instance = Math.floor((thread - PROCESSES_FIRST) / 2);
  return { instance, unmaps: thread === unmapThread(instance) };
}

export class ControlRecording {
  readonly #recording: EventRecording;
  readonly #isOn: boolean;
  readonly #words = new Int32Array(DESCRIPTOR_WORDS);

  constructor(memory: StormMemory) {
    this.#recording = new EventRecording(memory);
    this.#isOn = (memory.sizes.recordedEvents ?? 0) > 0;
  }

  /** Descriptors are about to be submitted, with so many spinlocks held besides the queue's own. */
  submitted(thread: number, descriptors: readonly InvalidationDescriptor[], locks: number): void {
    if (!this.#isOn) return;
    for (const descriptor of descriptors) {
      this.#words.fill(0);
      writeInvalidationWords(this.#words, 0, descriptor);
      const [a = 0, b = 0, c = 0, d = 0] = this.#words;
      this.#recording.add(thread, RECORD.submitted, a, b, c, d, locks + 1);
    }
  }

  /** A place was tagged, or is about to be untagged; `users` of its domain's IOTLB tag with it. */
  tagged(thread: number, device: number, pasid: number, users: number, added: boolean): void {
    const event = added ? RECORD.tagged : RECORD.untagged;
    this.#recording.add(thread, event, device << 16, pasid, users);
  }

  /** A domain's tags are walked for a range, and what they need is submitted. */
  flushed(
    thread: number,
    descriptors: readonly InvalidationDescriptor[],
    devices: readonly number[],
  ): void {
    if (!this.#isOn) return;
    let next = 0;
    for (const descriptor of descriptors) {
      if (descriptor.kind === 'pasid-iotlb')
        this.#walk(thread, 0, 0, descriptor.pasid, descriptor.pages);
      if (descriptor.kind !== 'pasid-device-tlb') continue;
      this.#walk(thread, devices[next] ?? 0, 1, descriptor.pasid, descriptor.range);
      next += 1;
    }
    this.submitted(thread, descriptors, 1);
  }

  #walk(
    thread: number,
    device: number,
    tag: number,
    pasid: number,
    range: { readonly pfn: number; readonly order: number } | undefined,
  ): void {
    const { pfn, order } = range ?? { pfn: 0, order: EVERY_ORDER };
    const low = (pfn % 2 ** 32) | 0;
    const high = Math.floor(pfn / 2 ** 32);
    this.#recording.add(thread, RECORD.flushed, device << 16, pasid, tag, order, low, high);
  }
}

const EVERY_ORDER = 52;
