/**
 * Wrong requests: what the misbehaving device sends that it has no right to send, and a ledger of its own for that.
 *
 * Spec:  PCIe Base, "Page Request Services"; what a unit does with each is its port's table.
 * Actor: the device thread's own.
 *
 * Their hidden ids are below zero, so that nobody takes an answer to one for that of a group: an even id is owed an
 * answer, an odd one is owed none. Each is closed like a group: by its one answer, by hardware when the queue is full,
 * or, when nothing is owed, at once.
 */
import { PRG_INDICES } from '../core/limits.ts';
import { word } from '../core/words.ts';
import type { DeviceParts } from './device-parts.ts';
import { ROW, rowAt } from './ledger.ts';
import {
  MISBEHAVING_DEVICE,
  type Misbehaviour,
  NEVER_USED_INDEX,
  type Occasions,
  occasionsOf,
} from './misbehaviour.ts';
import { COUNTER, STREAM } from './storm-layout.ts';
import { BREACH } from './violation-log.ts';

const PFN_HIGH_MASK = 0x3ffff;
/** Owed an answer at most at once; more would be a flood, which is a misbehaviour of its own. */
const OPEN_MAX = 64;
const IDS_MAX = 2 ** 30;

/** What a group of a device that misbehaves was sent with. */
type Sent = {
  readonly device: number;
  readonly pasid: number;
  readonly index: number;
  readonly row: number;
  readonly owner: number;
};

export const isWrongRequest = (id: number): boolean => id < 0;

export class WrongRequests {
  readonly #parts: DeviceParts;
  readonly #reuses: Occasions | undefined;
  readonly #stops: Occasions | undefined;
  readonly #malformed: Occasions | undefined;
  /** By id: the stream that waits for the answer. */
  readonly #open = new Map<number, number>();
  #next = 0;
  #kind = 0;

  constructor(parts: DeviceParts, misbehaviour: Misbehaviour | undefined) {
    this.#parts = parts;
    this.#reuses = occasionsOf(misbehaviour, 'reuses-index');
    this.#stops = occasionsOf(misbehaviour, 'stop-markers');
    this.#malformed = occasionsOf(misbehaviour, 'malformed-requests');
  }

  /** Not yet answered. */
  get open(): number {
    return this.#open.size;
  }

  /** The first request of a group is on its way, and nothing behind it. */
  afterFirst(group: Sent): void {
    if (group.device !== MISBEHAVING_DEVICE) return;
    if (this.#reuses?.next() === true) this.#reuse(group);
    if (this.#stops?.next() === true) this.#stop(group);
    if (this.#malformed?.next() === true) this.#mangle(group);
  }

  /** A group of one more page under the index of the group that is under way. */
  #reuse({ device, pasid, index, row, owner }: Sent): void {
    if (this.open >= OPEN_MAX) return;
    const { ledger, port } = this.#parts;
    const rows = ledger.words;
    const at = rowAt(row);
    const id = this.#id(true);
    // What it takes along of the group under way is asked for again after SUCCESS.
    rows[at + ROW.episodes] = -1;
    const low = word(rows, at + ROW.accesses);
    const sent = port.send(
      device,
      pasid,
      index,
      low,
      word(rows, at + ROW.accesses + 1),
      true,
      id,
      owner,
    );
    this.#note(id, row, sent);
  }

  /** Neither read nor write, last of its group. */
  #stop({ device, pasid, row, owner }: Sent): void {
    const id = this.#id(false);
    this.#note(id, row, this.#parts.port.send(device, pasid, 0, 0, 0, true, id, owner));
  }

  #mangle({ device, pasid, row, owner }: Sent): void {
    const { port, ledger } = this.#parts;
    const how = port.malformed[this.#kind % port.malformed.length];
    if (how === undefined || (how.owesAnswer && this.open >= OPEN_MAX)) return;
    this.#kind += 1;
    const first = rowAt(row) + ROW.accesses;
    const id = this.#id(how.owesAnswer);
    const low = word(ledger.words, first);
    const high = word(ledger.words, first + 1) & PFN_HIGH_MASK;
    const sent = port.sendMalformed(how, device, pasid, NEVER_USED_INDEX, low, high, id, owner);
    this.#note(id, row, sent);
  }

  #id(owesAnswer: boolean): number {
    this.#next = this.#next === IDS_MAX ? 1 : this.#next + 1;
    return -(2 * this.#next + (owesAnswer ? 0 : 1));
  }

  /** One that a full queue dropped is owed nothing by software. */
  #note(id: number, row: number, sent: boolean): void {
    const { counters, ledger, memory } = this.#parts;
    if (!sent) {
      counters.add(COUNTER.dropped, 1);
      return;
    }
    counters.add(COUNTER.wrongRequests, 1);
    if (!isOwed(id)) return;
    const stream = word(ledger.words, rowAt(row) + ROW.stream);
    this.#open.set(id, stream);
    this.#owe(memory.streams, stream, 1);
  }

  #owe(streams: Int32Array, stream: number, by: number): void {
    const outstanding = stream * STREAM.words + STREAM.outstanding;
    streams[outstanding] = word(streams, outstanding) + by;
  }

  /** An answer for one of them has arrived. */
  answered(device: number, index: number, id: number): void {
    const { counters, memory, violations, ledger } = this.#parts;
    const stream = this.#open.get(id);
    if (stream !== undefined) {
      this.#open.delete(id);
      this.#owe(memory.streams, stream, -1);
      counters.add(COUNTER.wrongAnswered, 1);
      return;
    }
    const expected = word(ledger.words, rowAt(device * PRG_INDICES + index) + ROW.id);
    if (isOwed(id)) {
      counters.add(COUNTER.duplicated, 1);
      violations.add(BREACH.answeredTwice, device, index, -1, id, expected);
    } else {
      counters.add(COUNTER.ghosts, 1);
      violations.add(BREACH.answeredNothing, device, index, -1, id, expected);
    }
  }
}

const isOwed = (id: number): boolean => id % 2 === 0;
