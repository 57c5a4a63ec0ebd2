/**
 * Stream slots: the processes a device works on at a time, each through one window of pages before the next's turn.
 *
 * A device bound to a thousand processes has few of them in hand: what it fills for one is in use until the process has
 * taken it back, and all the pages together must fit the frames. A slot belongs to every so many streams of its device
 * and goes on to the next one where a window ends. It begins a window when the one before its last was given back, so
 * no more than two windows a slot hold pages.
 *
 * Actor: the device thread's own.
 */
import { word } from '../core/words.ts';
import { STREAM } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

const NOTHING = -1;
/** Windows that are ready when a stream starts; `STREAM.ready` counts on from there. */
const WINDOWS_AT_START = 2;

/** Words of the windows that ended in a slot. */
const ENDED = { stream: 0, generation: 1, window: 2, one: 3, words: 6 } as const;

export class StreamSlots {
  /** Slots of a device. */
  readonly count: number;
  readonly #streams: Int32Array;
  readonly #streamsPerDevice: number;
  /** Stream in the slot, counted inside its device. */
  readonly #current: Int32Array;
  /** The last two windows that ended in the slot, older first: stream, generation, window. */
  readonly #ended: Int32Array;

  constructor({ streams, sizes }: StormMemory, active: number) {
    this.#streams = streams;
    this.#streamsPerDevice = sizes.streams / sizes.devices;
    this.count = Math.max(1, Math.min(active, this.#streamsPerDevice));
    const slots = sizes.devices * this.count;
    this.#current = Int32Array.from({ length: slots }, (_, slot) => slot % this.count);
    this.#ended = new Int32Array(slots * ENDED.words).fill(NOTHING);
  }

  /** The stream that slot number `slot` of a device works on. */
  streamIn(device: number, slot: number): number {
    return device * this.#streamsPerDevice + word(this.#current, device * this.count + slot);
  }

  /** Whether the slot may begin another window. */
  mayBegin(device: number, slot: number): boolean {
    const at = (device * this.count + slot) * ENDED.words;
    const stream = word(this.#ended, at + ENDED.stream);
    if (stream === NOTHING) return true;
    const base = stream * STREAM.words;
    // Who binds anew has taken everything back before.
    if (
      word(this.#streams, base + STREAM.generation) !== word(this.#ended, at + ENDED.generation)
    ) {
      return true;
    }
    const givenBack = word(this.#streams, base + STREAM.ready) - WINDOWS_AT_START;
    return givenBack > word(this.#ended, at + ENDED.window);
  }

  /** A window of the slot's stream was issued to its end. */
  end(device: number, slot: number, generation: number, window: number): void {
    const at = (device * this.count + slot) * ENDED.words;
    const last = at + ENDED.one;
    this.#ended.copyWithin(at, last, last + ENDED.one);
    this.#ended[last + ENDED.stream] = this.streamIn(device, slot);
    this.#ended[last + ENDED.generation] = generation;
    this.#ended[last + ENDED.window] = window;
    this.pass(device, slot);
  }

  /** Lets the slot go on to its next stream. */
  pass(device: number, slot: number): void {
    const at = device * this.count + slot;
    const next = word(this.#current, at) + this.count;
    this.#current[at] = next < this.#streamsPerDevice ? next : slot;
  }
}
