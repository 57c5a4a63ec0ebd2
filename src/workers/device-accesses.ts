/**
 * Device accesses: how the accesses of a turn become groups on the wire.
 *
 * Spec:  PCIe Base, "Page Request Services".
 * Actor: the device thread's own.
 *
 * An access that translates is over. One that misses becomes part of a group: a row of the ledger, credits, and
 * requests through the unit's port. Some units let an access wait that their queue has no room for; it is made again
 * as if it had just arrived, and may then need nobody's help.
 */
import { PRG_INDICES } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { mmWord } from './address-space.ts';
import type { DeviceAnswers } from './device-answers.ts';
import type { DeviceParts } from './device-parts.ts';
import type { Turn } from './device-streams.ts';
import { EVENT } from './event-log.ts';
import { ROW, rowAt } from './ledger.ts';
import type { LoadSchedule } from './load-schedule.ts';
import { COUNTER, MM, RUDE, STREAM, STREAM_RUDE } from './storm-layout.ts';
import { BLOCKED, HIT } from './translation.ts';
import type { WrongRequests } from './wrong-requests.ts';

const { success: SUCCESS, invalid: INVALID } = RESPONSE_CODE;

export class DeviceAccesses {
  readonly #parts: DeviceParts;
  readonly #answers: DeviceAnswers;
  readonly #schedule: LoadSchedule;
  /** Undefined when no device misbehaves. */
  readonly #wrong: WrongRequests | undefined;

  constructor(
    parts: DeviceParts,
    answers: DeviceAnswers,
    schedule: LoadSchedule,
    wrong: WrongRequests | undefined,
  ) {
    this.#parts = parts;
    this.#answers = answers;
    this.#schedule = schedule;
    this.#wrong = wrong;
  }

  /** Makes the accesses of a turn, `now` milliseconds; true when a group was sent, at whatever cost in credits. */
  make(turn: Turn, now: number, hasCredits = true): boolean {
    const { memory, ledger, agent, port, credits, counters, events } = this.#parts;
    const { streams, mms } = memory;
    const { stream, device } = turn;
    const base = stream * STREAM.words;
    const pasid = word(streams, base + STREAM.pasid);
    const entry = word(streams, base + STREAM.entry);
    const index = ledger.issue(device);
    const row = device * PRG_INDICES + index;
    const at = rowAt(row);
    const rows = ledger.words;
    let missed = 0;
    agent.turnTo(device, pasid, entry);
    for (let page = 0; page < turn.pages; page += 1) {
      const low = word(turn.low, page);
      const high = word(turn.high, page);
      const access = word(turn.access, page);
      const outcome = agent.translate(low, high, access);
      if (outcome === HIT) continue;
      const highAndAccess = high | (access << 18);
      if (outcome === BLOCKED) {
        counters.add(COUNTER.blocked, 1);
        if (!port.refused(device, pasid, entry, low, highAndAccess)) continue;
      }
      rows[at + ROW.accesses + 2 * missed] = low;
      rows[at + ROW.accesses + 2 * missed + 1] = highAndAccess;
      missed += 1;
    }
    if (missed === 0) {
      ledger.close(device, index);
      this.#parts.streams.passed(turn);
      return false;
    }

    const mm = word(streams, base + STREAM.mm);
    const rude = word(streams, base + STREAM.state) === STREAM_RUDE ? RUDE : 0;
    const owner = word(streams, base + STREAM.owner) | rude;
    rows[at + ROW.rude] = rude === 0 ? 0 : 1;
    rows[at + ROW.pages] = missed;
    rows[at + ROW.credits] = hasCredits ? missed : 0;
    rows[at + ROW.stream] = stream;
    rows[at + ROW.window] = turn.window;
    rows[at + ROW.generation] = turn.generation;
    rows[at + ROW.shrinks] = word(mms, mmWord(mm, MM.shrinks)); // stale is older: only checked less
    rows[at + ROW.episodes] = port.episodes;
    ledger.start(at, this.#schedule.intend(now));
    if (hasCredits) credits.take(device, missed);
    else counters.add(COUNTER.beyondCredits, missed);
    streams[base + STREAM.outstanding] = word(streams, base + STREAM.outstanding) + 1;
    this.#parts.streams.issued(turn);
    events.add(EVENT.issued, device, index, pasid, word(rows, at + ROW.id), missed);
    counters.add(COUNTER.requests, missed);
    counters.add(COUNTER.issued, 1);
    this.#send(device, index, row, pasid, owner, missed, now);
    return true;
  }

  /** Puts the requests of a group on the wire; hardware itself answers a last one that a full queue drops. */
  #send(
    device: number,
    index: number,
    row: number,
    pasid: number,
    owner: number,
    pages: number,
    now: number,
  ): void {
    const { ledger, port, counters } = this.#parts;
    const rows = ledger.words;
    const at = rowAt(row);
    const id = word(rows, at + ROW.id);
    for (let page = 0; page < pages; page += 1) {
      const low = word(rows, at + ROW.accesses + 2 * page);
      const highAndAccess = word(rows, at + ROW.accesses + 2 * page + 1);
      const last = page === pages - 1;
      if (!port.send(device, pasid, index, low, highAndAccess, last, id, owner)) {
        counters.add(COUNTER.dropped, 1);
        rows[at + ROW.episodes] = -1; // what was dropped is retried after SUCCESS
        if (last) this.#settle(device, index, row, SUCCESS, now);
      }
      if (page === 0) this.#wrong?.afterFirst({ device, pasid, index, row, owner });
    }
  }

  /** Makes the accesses again that wait for room in the unit's queue, `now` milliseconds; returns how many. */
  retryWaiting(now: number): number {
    const { port } = this.#parts;
    let retried = 0;
    for (let row = port.takeWaiting(); row >= 0; row = port.takeWaiting()) {
      this.#retry(row, now);
      retried += 1;
    }
    port.publish();
    return retried;
  }

  /** One access, all its group has. */
  #retry(row: number, now: number): void {
    const { memory, ledger, agent, port, counters } = this.#parts;
    const device = Math.floor(row / PRG_INDICES);
    const index = row % PRG_INDICES;
    const rows = ledger.words;
    const at = rowAt(row);
    const base = word(rows, at + ROW.stream) * STREAM.words;
    const pasid = word(memory.streams, base + STREAM.pasid);
    const entry = word(memory.streams, base + STREAM.entry);
    const low = word(rows, at + ROW.accesses);
    const highAndAccess = word(rows, at + ROW.accesses + 1);
    agent.turnTo(device, pasid, entry);
    const outcome = agent.translate(low, highAndAccess & 0x3ffff, highAndAccess >>> 18);
    if (outcome === HIT) {
      this.#settle(device, index, row, SUCCESS, now);
      return;
    }
    if (outcome === BLOCKED) {
      counters.add(COUNTER.blocked, 1);
      if (!port.refused(device, pasid, entry, low, highAndAccess)) {
        this.#settle(device, index, row, INVALID, now);
        return;
      }
    }
    const rude = word(rows, at + ROW.rude) === 1 ? RUDE : 0;
    const owner = word(memory.streams, base + STREAM.owner) | rude;
    port.send(device, pasid, index, low, highAndAccess, true, word(rows, at + ROW.id), owner);
  }

  /** Hardware ends a group that software never heard of, or not all of. */
  #settle(device: number, index: number, row: number, code: number, now: number): void {
    this.#parts.counters.add(COUNTER.autoResponses, 1);
    this.#answers.close(device, index, row, code, now);
  }
}
