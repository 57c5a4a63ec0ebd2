/**
 * Device answers: where responses meet the ledger, and what a function does with each.
 *
 * Spec:   PCIe Base, "PRG Response Message": success means try again, invalid means give the access up.
 * Actor:  the device thread's own.
 *
 * The ledger's rows decide: an answer closes the open row with its id, or it is the second for a group (S1), or an
 * answer nobody was owed (S2). After SUCCESS every page must be found (S3), unless it was taken away since.
 */
import { PRG_INDICES } from '../core/limits.ts';
import type { PageResponseCode } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { pageOf } from '../hw/page-number.ts';
import { wireCodeMeaning } from '../hw/vtd/page-group-response.ts';
import { mmWord } from './address-space.ts';
import type { AtsReader } from './ats-reader.ts';
import { Bell } from './bell.ts';
import type { Counters } from './counters.ts';
import type { Credits } from './credits.ts';
import type { DeviceParts } from './device-parts.ts';
import type { DeviceStreams } from './device-streams.ts';
import { EVENT, type EventLog } from './event-log.ts';
import type { FunctionStates } from './function-states.ts';
import { countLatency } from './latency-table.ts';
import { type Ledger, ROW, rowAt } from './ledger.ts';
import {
  MISBEHAVING_DEVICE,
  type Misbehaviour,
  type Occasions,
  occasionsOf,
  UNASKED_ID,
} from './misbehaviour.ts';
import { CHANGE, COUNTER, MM, RESPONSE, STREAM, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import { BLOCKED, MISS, type TranslationAgent } from './translation.ts';
import type { RequestPort, ResponseBytes } from './unit-seams.ts';
import { responseBytesOf } from './units.ts';
import { BREACH, type ViolationLog } from './violation-log.ts';
import { WordQueue } from './word-queue.ts';
import { isWrongRequest, type WrongRequests } from './wrong-requests.ts';

const MICROSECONDS = 1000;

export class DeviceAnswers {
  readonly #memory: StormMemory;
  readonly #ledger: Ledger;
  readonly #functions: FunctionStates;
  readonly #agent: TranslationAgent;
  readonly #port: RequestPort;
  readonly #streams: DeviceStreams;
  readonly #credits: Credits;
  readonly #counters: Counters;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #now: () => number;
  readonly #responses: readonly WordQueue[];
  readonly #bytes: ResponseBytes;
  readonly #waitersBell: Bell;
  readonly #ignored: Occasions | undefined;
  readonly #wrong: WrongRequests | undefined;
  readonly #reader: AtsReader | undefined;

  constructor(
    parts: DeviceParts,
    misbehaviour: Misbehaviour | undefined,
    wrong: WrongRequests | undefined,
    reader?: AtsReader,
  ) {
    this.#reader = reader;
    this.#ignored = occasionsOf(misbehaviour, 'ignores-responses');
    this.#wrong = wrong;

    const { memory } = parts;
    this.#memory = memory;
    this.#ledger = parts.ledger;
    this.#functions = parts.functions;
    this.#agent = parts.agent;
    this.#port = parts.port;
    this.#streams = parts.streams;
    this.#credits = parts.credits;
    this.#counters = parts.counters;
    this.#violations = parts.violations;
    this.#events = parts.events;
    this.#now = parts.now;
    this.#responses = memory.responses.map((ring) => new WordQueue(ring, RESPONSE.words));
    this.#bytes = responseBytesOf(memory.unit);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
  }

  ready(): boolean {
    return this.#responses.some((ring) => ring.available() > 0);
  }

  /** Takes every answer that has arrived; returns how many. */
  take(): number {
    if (!this.ready()) return 0;
    let taken = 0;
    const now = this.#now();
    for (const ring of this.#responses) {
      for (let left = ring.available(); left > 0; left -= 1) {
        this.#answer(ring.words, ring.take(), now);
        taken += 1;
      }
      ring.release();
    }
    if (taken > 0) this.#waitersBell.ring(CHANGE.answers);
    return taken;
  }

  #answer(words: Int32Array, at: number, now: number): void {
    const device = this.#bytes.device(words, at);
    const index = this.#bytes.index(words, at);
    const id = word(words, at + RESPONSE.id);
    const row = device * PRG_INDICES + index;
    const rows = this.#ledger.words;
    const expected = word(rows, rowAt(row) + ROW.id);
    const pasid = this.#pasidOf(rowAt(row));
    const code = this.#bytes.code(words, at);
    this.#events.add(EVENT.answered, device, index, pasid, id, code);
    if (id === expected && this.#ledger.isOpen(row)) {
      this.close(device, index, row, code, now);
      return;
    }
    if (isWrongRequest(id)) {
      this.#answerToWrong(device, index, id);
      return;
    }
    if (word(rows, rowAt(row) + ROW.rude) === 1) {
      this.#counters.add(COUNTER.strays, 1);
      return;
    }
    if (id <= expected) {
      this.#counters.add(COUNTER.duplicated, 1);
      this.#violations.add(BREACH.answeredTwice, device, index, pasid, id, expected);
    } else {
      this.#counters.add(COUNTER.ghosts, 1);
      this.#violations.add(BREACH.answeredNothing, device, index, pasid, id, expected);
    }
  }

  #answerToWrong(device: number, index: number, id: number): void {
    if (id === UNASKED_ID) this.#counters.add(COUNTER.unasked, 1);
    else this.#wrong?.answered(device, index, id);
  }

  /** Closes a group with the code that answered it, `now` milliseconds. */
  close(device: number, index: number, row: number, wireCode: number, now: number): void {
    const rows = this.#ledger.words;
    const at = rowAt(row);
    const stream = word(rows, at + ROW.stream);
    const outstanding = stream * STREAM.words + STREAM.outstanding;
    const { streams, latencies } = this.#memory;
    const meaning = wireCodeMeaning(wireCode);
    const latency = (now - this.#ledger.startOf(at)) * MICROSECONDS;
    countLatency(latencies, latency);
    this.#counters.add(COUNTER[meaning], 1);
    this.#counters.add(COUNTER.groups, 1);
    if (device === MISBEHAVING_DEVICE && this.#ignored?.next() === true) {
      // Software owes nothing any more; the function waits for ever, with its index and its credits.
      this.#counters.add(COUNTER.ignored, 1);
      this.#ledger.disregard(at);
    } else {
      if (this.#isHeard(device, meaning)) this.#retry(device, index, at, stream);
      if (this.#reader !== undefined) this.#readAlong(this.#reader, at, stream);
      this.#credits.giveBack(device, word(rows, at + ROW.credits));
      this.#ledger.close(device, index);
    }
    this.#streams.answered(stream, word(rows, at + ROW.window), word(rows, at + ROW.generation));
    streams[outstanding] = word(streams, outstanding) - 1;
  }

  /** Whether the function is to try again; a failure ends its page requests. */
  #isHeard(device: number, meaning: PageResponseCode): boolean {
    if (!this.#functions.isActive(device)) {
      this.#counters.add(COUNTER.unheard, 1);
      return false;
    }
    if (meaning === 'failure') {
      this.#functions.fail(device);
      this.#counters.add(COUNTER.priFailures, 1);
    }
    return meaning === 'success';
  }

  /** After SUCCESS the function tries again: every page must be found, unless it was taken away since. */
  #retry(device: number, index: number, at: number, stream: number): void {
    const rows = this.#ledger.words;
    const { streams, mms } = this.#memory;
    const base = stream * STREAM.words;
    const entry = word(streams, base + STREAM.entry);
    const pasid = word(streams, base + STREAM.pasid);
    if (word(streams, base + STREAM.generation) !== word(rows, at + ROW.generation)) return;
    this.#agent.turnTo(device, pasid, entry);
    const end = at + ROW.accesses + 2 * word(rows, at + ROW.pages);
    for (let next = at + ROW.accesses; next < end; next += 2) {
      const low = word(rows, next);
      const high = word(rows, next + 1) & 0x3ffff;
      const access = word(rows, next + 1) >>> 18;
      const outcome = this.#agent.translate(low, high, access);
      if (outcome === BLOCKED) return;
      if (outcome !== MISS) continue;
      this.#counters.add(COUNTER.retryMisses, 1);
      const mm = word(streams, base + STREAM.mm);
      const untouched =
        Atomics.load(mms, mmWord(mm, MM.shrinks)) === word(rows, at + ROW.shrinks) &&
        this.#port.episodes === word(rows, at + ROW.episodes);
      if (!untouched) continue;
      const id = word(rows, at + ROW.id);
      const pfn = pageOf(low, high);
      this.#violations.add(BREACH.successWithoutMapping, device, index, pasid, id, pfn);
    }
  }

  /** Another function reads the pages of a group that was answered; `at` is that of its row. */
  #readAlong(reader: AtsReader, at: number, stream: number): void {
    const rows = this.#ledger.words;
    const end = at + ROW.accesses + 2 * word(rows, at + ROW.pages);
    for (let next = at + ROW.accesses; next < end; next += 2) {
      reader.read(stream, word(rows, next), word(rows, next + 1) & 0x3ffff);
    }
  }

  #pasidOf(at: number): number {
    const stream = word(this.#ledger.words, at + ROW.stream);
    return word(this.#memory.streams, stream * STREAM.words + STREAM.pasid);
  }
}
