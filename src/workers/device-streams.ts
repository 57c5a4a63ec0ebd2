/**
 * Device streams: which accesses each device makes next, for every process it is bound to.
 *
 * A synthetic process has two windows of pages: the device fills one while the process takes back the other. A
 * recorded process is a script: its touches are the device's accesses, in program order with the operations of
 * the processor, which the device asks for as chores and waits for.
 *
 * Actor: the device thread's own.
 */
import { GROUP_PAGES_MAX } from '../core/limits.ts';
import { type Prng, prng } from '../core/prng.ts';
import { double, word } from '../core/words.ts';
import { ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { pageHigh, pageLow } from '../hw/page-number.ts';
import type { Bell } from './bell.ts';
import { SCRIPT_KIND_MASK, SCRIPT_KIND_SHIFT, SCRIPT_TOUCH } from './script.ts';
import { SizeTable } from './size-table.ts';
import { CHORE, STREAM, STREAM_STOPPED } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import { StreamSlots } from './stream-slots.ts';
import type { DeviceLoad } from './thread-messages.ts';
import { WordQueue } from './word-queue.ts';

/** The accesses of one group to be; one object, used again. */
export type Turn = {
  device: number;
  stream: number;
  /** Which of its device's slots the stream is in. */
  slot: number;
  generation: number;
  pages: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly access: Int32Array;
  /** Synthetic window, or -1 for scripts and accesses that go nowhere on purpose. */
  window: number;
  /** Script position behind the accesses. */
  next: number;
};

/** Groups in a row of one stream: its tables and cache lines serve them all (measured: docs/performance.md). */
const BURST_MAX = 8;
/** Streams of a device looked at before it gives up its turn. */
const TRIES_MAX = 8;
const NO_WINDOW = -1;
/** Pages nobody maps: accesses that shall fail go there. */
const UNMAPPED_PFN = 2 ** 34;

export class DeviceStreams {
  readonly #memory: StormMemory;
  readonly #load: DeviceLoad;
  readonly #random: Prng;
  readonly #chores: WordQueue;
  readonly #slots: StreamSlots;
  /** Slot a device points to. */
  readonly #pointer: Int32Array;
  /** Groups a device may still send for the stream it points to. */
  readonly #burst: Int32Array;
  readonly #generation: Int32Array;
  readonly #window: Int32Array;
  readonly #offset: Int32Array;
  readonly #position: Int32Array;
  readonly #asked: Int32Array;
  /** stream * 2 + parity: groups in flight of a window, and whether it was issued to its end. */
  readonly #inFlight: Int32Array;
  readonly #full: Uint8Array;
  /** Shares as bounds on a random word. */
  readonly #writesBelow: number;
  /** Undefined when every size is as likely. */
  readonly #sizes: SizeTable | undefined;
  readonly #invalidBelow: number;
  readonly #turn: Turn = {
    device: 0,
    stream: 0,
    slot: 0,
    generation: 0,
    pages: 0,
    low: new Int32Array(GROUP_PAGES_MAX),
    high: new Int32Array(GROUP_PAGES_MAX),
    access: new Int32Array(GROUP_PAGES_MAX),
    window: NO_WINDOW,
    next: 0,
  };

  constructor(memory: StormMemory, load: DeviceLoad) {
    const { streams, devices } = memory.sizes;
    this.#memory = memory;
    this.#load = load;
    this.#random = prng(load.seed);
    this.#writesBelow = load.writeShare * 2 ** 32;
    this.#invalidBelow = load.invalidGroupShare * 2 ** 32;
    this.#sizes =
      load.groupPagesShares === undefined
        ? undefined
        : new SizeTable(load.groupPagesMin, load.groupPagesMax, load.groupPagesShares);
    this.#chores = new WordQueue(memory.chores, CHORE.words);
    this.#slots = new StreamSlots(memory, load.activeStreams);
    this.#pointer = Int32Array.from({ length: devices }, () =>
      this.#random.below(this.#slots.count),
    );
    this.#burst = new Int32Array(devices);
    this.#generation = new Int32Array(streams);
    this.#window = new Int32Array(streams);
    this.#offset = new Int32Array(streams);
    this.#position = new Int32Array(streams);
    this.#asked = new Int32Array(streams);
    this.#inFlight = new Int32Array(2 * streams);
    this.#full = new Uint8Array(2 * streams);
  }

  /** The next accesses of a device, or undefined when none of its streams has any now. */
  next(device: number): Turn | undefined {
    const { count } = this.#slots;
    for (let tries = Math.min(count, TRIES_MAX); tries > 0; tries -= 1) {
      const pointer = word(this.#pointer, device);
      const burst = word(this.#burst, device) - 1;
      if (burst > 0 && this.#fill(device, pointer)) {
        this.#burst[device] = burst;
        return this.#turn;
      }
      this.#burst[device] = BURST_MAX;
      const next = pointer + 1 === count ? 0 : pointer + 1;
      this.#pointer[device] = next;
      if (this.#fill(device, next)) return this.#turn;
    }
    return undefined;
  }

  #fill(device: number, slot: number): boolean {
    const { streams } = this.#memory;
    const stream = this.#slots.streamIn(device, slot);
    const base = stream * STREAM.words;
    if (word(streams, base + STREAM.state) === STREAM_STOPPED) {
      this.#slots.pass(device, slot);
      return false;
    }
    const generation = word(streams, base + STREAM.generation);
    if (generation !== word(this.#generation, stream)) this.#begin(stream, generation);

    const turn = this.#turn;
    turn.device = device;
    turn.stream = stream;
    turn.slot = slot;
    turn.generation = generation;
    const script = word(streams, base + STREAM.script);
    return script < 0
      ? this.#fillWindow(device, slot, stream, base)
      : this.#fillScript(stream, base, script);
  }

  #begin(stream: number, generation: number): void {
    this.#generation[stream] = generation;
    this.#window[stream] = 0;
    this.#offset[stream] = 0;
    this.#position[stream] = 0;
    this.#asked[stream] = 0;
    this.#inFlight.fill(0, 2 * stream, 2 * stream + 2);
    this.#full.fill(0, 2 * stream, 2 * stream + 2);
  }

  #pagesOfGroup(): number {
    if (this.#sizes !== undefined) return this.#sizes.draw(this.#random);
    const { groupPagesMin, groupPagesMax } = this.#load;
    return groupPagesMin === groupPagesMax
      ? groupPagesMin
      : groupPagesMin + this.#random.below(groupPagesMax - groupPagesMin + 1);
  }

  #fillWindow(device: number, slot: number, stream: number, base: number): boolean {
    const { windowPages } = this.#load;
    const window = word(this.#window, stream);
    const offset = word(this.#offset, stream);
    if (offset === 0) {
      if (window >= word(this.#memory.streams, base + STREAM.ready)) return false;
      if (!this.#slots.mayBegin(device, slot)) return false;
    }
    const turn = this.#turn;
    turn.window = window;
    turn.pages = Math.min(this.#pagesOfGroup(), windowPages - offset);
    let pfn = double(this.#memory.streamBases, stream) + (window & 1) * windowPages + offset;
    if (this.#invalidBelow > 0 && this.#random.next() < this.#invalidBelow) {
      pfn = UNMAPPED_PFN + offset;
      turn.window = NO_WINDOW;
    }
    const writes = this.#writesBelow > 0 && this.#random.next() < this.#writesBelow;
    const access = writes ? ACCESS_READ | ACCESS_WRITE : ACCESS_READ;
    const high = pageHigh(pfn);
    const low = pageLow(pfn);
    for (let page = 0; page < turn.pages; page += 1) {
      turn.low[page] = low + page; // windows are aligned to their size, so the low half never carries
      turn.high[page] = high;
      turn.access[page] = access;
    }
    return true;
  }

  #fillScript(stream: number, base: number, script: number): boolean {
    const { scriptStarts, scriptKinds, scriptPages, streams } = this.#memory;
    const start = word(scriptStarts, script);
    const end = word(scriptStarts, script + 1) - start;
    const turn = this.#turn;
    const most = this.#pagesOfGroup();
    let position = word(this.#position, stream);
    turn.pages = 0;
    turn.window = NO_WINDOW;
    for (; position < end && turn.pages < most; position += 1) {
      const kind = word(scriptKinds, start + position);
      if ((kind & SCRIPT_KIND_MASK) === SCRIPT_TOUCH) {
        const pfn = double(scriptPages, start + position);
        turn.low[turn.pages] = pageLow(pfn);
        turn.high[turn.pages] = pageHigh(pfn);
        turn.access[turn.pages] = kind >> SCRIPT_KIND_SHIFT;
        turn.pages += 1;
      } else if (turn.pages > 0) break;
      else if (position >= Atomics.load(streams, base + STREAM.ready)) {
        this.#ask(stream, base, position);
        break;
      }
    }
    this.#position[stream] = turn.pages > 0 ? word(this.#position, stream) : position;
    turn.next = position;
    return turn.pages > 0;
  }

  /** Asks the process for its operations from `position` on, once. */
  #ask(stream: number, base: number, position: number): void {
    if (word(this.#asked, stream) === position + 1) return;
    const busy = word(this.#memory.streams, base + STREAM.outstanding) > 0;
    if (busy && !this.#load.racing) return;
    this.#asked[stream] = position + 1;
    this.#post(stream, position);
  }

  #post(stream: number, position: number): void {
    const at = this.#chores.push();
    this.#chores.words[at] = stream;
    this.#chores.words[at + 1] = word(this.#generation, stream);
    this.#chores.words[at + 2] = position;
  }

  /** Lets the main thread see the chores of this step. */
  postChores(mainBell: Bell): void {
    if (this.#chores.unpublished === 0) return;
    this.#chores.publish();
    mainBell.ring();
  }

  /** The accesses of the turn all hit. */
  passed(turn: Turn): void {
    this.#advance(turn);
  }

  /** The turn became a group in flight. */
  issued(turn: Turn): void {
    if (turn.window >= 0) {
      const half = 2 * turn.stream + (turn.window & 1);
      this.#inFlight[half] = word(this.#inFlight, half) + 1;
    }
    this.#advance(turn);
  }

  #advance(turn: Turn): void {
    const { stream } = turn;
    if (word(this.#memory.streams, stream * STREAM.words + STREAM.script) >= 0) {
      this.#position[stream] = turn.next;
      return;
    }
    if (turn.window < 0) return;
    const offset = word(this.#offset, stream) + turn.pages;
    this.#offset[stream] = offset;
    if (offset < this.#load.windowPages) return;
    const half = 2 * stream + (turn.window & 1);
    this.#offset[stream] = 0;
    this.#window[stream] = turn.window + 1;
    this.#full[half] = 1;
    this.#slots.end(turn.device, turn.slot, turn.generation, turn.window);
    this.#giveBack(stream, half, turn.window);
  }

  /** A group of the stream was answered. */
  answered(stream: number, window: number, generation: number): void {
    if (window < 0 || generation !== word(this.#generation, stream)) return;
    const half = 2 * stream + (window & 1);
    this.#inFlight[half] = word(this.#inFlight, half) - 1;
    if (!this.#load.racing) this.#giveBack(stream, half, window);
  }

  #giveBack(stream: number, half: number, window: number): void {
    if (this.#full[half] === 0) return;
    if (!this.#load.racing && word(this.#inFlight, half) > 0) return;
    this.#full[half] = 0;
    this.#post(stream, window);
  }
}
