/**
 * ATS reader: a function behind an SMMU that translates for itself, and reads what others have had made resident.
 *
 * Spec:   PCIe Base, "Address Translation Services"; Arm SMMU Architecture Specification, version 3, "ATS".
 * Kernel: Linux 7.3 serves no PRI behind an SMMU, and a stream with ATS doesn't stall: such a function asks for no
 *         page. It reads pages that the process or its other devices use, and keeps their translations.
 * Actor:  the device thread's own; it is device 0.
 */
import { word } from '../core/words.ts';
import { ACCESS_READ } from '../hw/access.ts';
import { MISBEHAVING_DEVICE } from './misbehaviour.ts';
import { STREAM, STREAM_RUNNING } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import type { TranslationAgent } from './translation.ts';

export class AtsReader {
  readonly #streams: Int32Array;
  readonly #streamsPerDevice: number;
  readonly #agent: TranslationAgent;

  constructor({ streams, sizes }: StormMemory, agent: TranslationAgent) {
    this.#streams = streams;
    this.#streamsPerDevice = sizes.streams / sizes.devices;
    this.#agent = agent;
  }

  /** Reads a page of the process that has the stream, as far as it is bound to the function too. */
  read(stream: number, low: number, high: number): void {
    const own = (stream % this.#streamsPerDevice) * STREAM.words;
    const streams = this.#streams;
    const isBound =
      word(streams, own + STREAM.state) === STREAM_RUNNING &&
      word(streams, own + STREAM.owner) === word(streams, stream * STREAM.words + STREAM.owner);
    if (!isBound) return;
    const pasid = word(streams, own + STREAM.pasid);
    this.#agent.turnTo(MISBEHAVING_DEVICE, pasid, word(streams, own + STREAM.entry));
    this.#agent.translate(low, high, ACCESS_READ);
  }
}
