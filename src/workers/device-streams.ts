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

/** What a device keeps of a stream, in one cache line: it turns from stream to stream all the time. */
const OWN = {
  generation: 0,
  window: 1,
  offset: 2,
  position: 3,
  asked: 4,
  /** For each parity of the window: groups in flight, and whether it was issued to its end. */
  inFlight: 6,
  full: 8,
  words: 16,
} as const;
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
  /** stream * OWN.words: what the device knows of each stream. */
  readonly #own: Int32Array;
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
    this.#own = new Int32Array(streams * OWN.words);
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
    if (generation !== word(this.#own, stream * OWN.words + OWN.generation))
      this.#begin(stream, generation);

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
    const own = stream * OWN.words;
    this.#own.fill(0, own, own + OWN.words);
    this.#own[own + OWN.generation] = generation;
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
    const window = word(this.#own, stream * OWN.words + OWN.window);
    const offset = word(this.#own, stream * OWN.words + OWN.offset);
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
    let position = word(this.#own, stream * OWN.words + OWN.position);
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
    this.#own[stream * OWN.words + OWN.position] =
      turn.pages > 0 ? word(this.#own, stream * OWN.words + OWN.position) : position;
    turn.next = position;
    return turn.pages > 0;
  }

  /** Asks the process for its operations from `position` on, once. */
  #ask(stream: number, base: number, position: number): void {
    if (word(this.#own, stream * OWN.words + OWN.asked) === position + 1) return;
    const busy = word(this.#memory.streams, base + STREAM.outstanding) > 0;
    if (busy && !this.#load.racing) return;
    this.#own[stream * OWN.words + OWN.asked] = position + 1;
    this.#post(stream, position);
  }

  #post(stream: number, position: number): void {
    const at = this.#chores.push();
    this.#chores.words[at] = stream;
    this.#chores.words[at + 1] = word(this.#own, stream * OWN.words + OWN.generation);
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
      const inFlight = turn.stream * OWN.words + OWN.inFlight + (turn.window & 1);
      this.#own[inFlight] = word(this.#own, inFlight) + 1;
    }
    this.#advance(turn);
  }

  #advance(turn: Turn): void {
    const { stream } = turn;
    if (word(this.#memory.streams, stream * STREAM.words + STREAM.script) >= 0) {
      this.#own[stream * OWN.words + OWN.position] = turn.next;
      return;
    }
    if (turn.window < 0) return;
    const offset = word(this.#own, stream * OWN.words + OWN.offset) + turn.pages;
    this.#own[stream * OWN.words + OWN.offset] = offset;
    if (offset < this.#load.windowPages) return;
    this.#own[stream * OWN.words + OWN.offset] = 0;
    this.#own[stream * OWN.words + OWN.window] = turn.window + 1;
    this.#own[stream * OWN.words + OWN.full + (turn.window & 1)] = 1;
    this.#slots.end(turn.device, turn.slot, turn.generation, turn.window);
    this.#giveBack(stream, turn.window);
  }

  /** A group of the stream was answered. */
  answered(stream: number, window: number, generation: number): void {
    if (window < 0 || generation !== word(this.#own, stream * OWN.words + OWN.generation)) return;
    const inFlight = stream * OWN.words + OWN.inFlight + (window & 1);
    this.#own[inFlight] = word(this.#own, inFlight) - 1;
    if (!this.#load.racing) this.#giveBack(stream, window);
  }

  #giveBack(stream: number, window: number): void {
    const own = stream * OWN.words + (window & 1);
    if (word(this.#own, own + OWN.full) === 0) return;
    if (!this.#load.racing && word(this.#own, own + OWN.inFlight) > 0) return;
    this.#own[own + OWN.full] = 0;
    this.#post(stream, window);
  }
}
