/**
 * Device thread: every device of one IOMMU unit, the unit's translation and invalidation hardware, and the ledger.
 *
 * Spec:   PCIe Base, "Page Request Services".
 * Kernel: none; this is the other side of the wire.
 * Actor:  one thread produces into one ring, so every queue has one producer and one consumer.
 *
 * A step takes the answers, executes invalidations, acknowledges stops, and then offers load: so a stop that is
 * acknowledged has every earlier request in the ring, and an invalidation completes behind the requests before it.
 */
import { GROUP_PAGES_MAX, PRG_INDICES } from '../core/limits.ts';
import { RESPONSE_CODE } from '../core/page-request.ts';
import { word } from '../core/words.ts';
import { mmWord } from './address-space.ts';
import { Bell } from './bell.ts';
import { Counters } from './counters.ts';
import { Credits } from './credits.ts';
import { DeviceAnswers } from './device-answers.ts';
import { DeviceStreams, type Turn } from './device-streams.ts';
import { EVENT, EventLog } from './event-log.ts';
import { Ledger } from './ledger.ts';
import { LoadSchedule } from './load-schedule.ts';
import { controlWord, type Role } from './role.ts';
import { CONTROL, COUNTER, MM, RUDE, STREAM, STREAM_RUDE, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import type { DeviceLoad } from './thread-messages.ts';
import { BLOCKED, HIT, TranslationAgent } from './translation.ts';
import type { CommandUnit, RequestPort } from './unit-seams.ts';
import { commandUnitOf, entryBytesOf, requestPortOf } from './units.ts';
import { BREACH, ViolationLog } from './violation-log.ts';

/** Groups issued between two looks at answers and invalidations (measured: docs/performance.md). */
const BLOCK_MAX = 128;
/** Groups a device sends in a row: what it touches for one serves the next (measured: docs/performance.md). */
const BURST_MAX = 8;
const WATCHDOG_MILLISECONDS = 20;
/** The code with which hardware answers the last request of a group that a full queue drops. */
const AUTO_SUCCESS = RESPONSE_CODE.success;

export class DeviceRole implements Role {
  readonly #memory: StormMemory;
  readonly #load: DeviceLoad;
  readonly #now: () => number;
  readonly #ledger: Ledger;
  readonly #agent: TranslationAgent;
  readonly #unit: CommandUnit;
  readonly #port: RequestPort;
  readonly #streams: DeviceStreams;
  readonly #schedule: LoadSchedule;
  readonly #answers: DeviceAnswers;
  readonly #credits: Credits;
  readonly #counters: Counters;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #mainBell: Bell;
  readonly #waitersBell: Bell;
  /** Credits that make a block worth the wake-ups it costs. */
  readonly #blockCredits: number;
  #device = 0;
  #issued = 0;
  #stopSeen = 0;

  constructor(memory: StormMemory, load: DeviceLoad, now: () => number) {
    const { devices } = memory.sizes;
    this.#memory = memory;
    this.#load = load;
    this.#now = now;
    this.#violations = new ViolationLog(memory, THREAD.device);
    this.#events = new EventLog(memory, THREAD.device);
    this.#mainBell = new Bell(memory.bells, THREAD.main);
    this.#waitersBell = new Bell(memory.bells, THREAD.waiters);
    this.#ledger = new Ledger(devices, load.credits);
    this.#credits = new Credits(devices, load.credits);
    this.#counters = new Counters(memory.totals);
    this.#agent = new TranslationAgent(memory, entryBytesOf(memory.unit), this.#violations);
    this.#port = requestPortOf(memory, this.#events);
    this.#streams = new DeviceStreams(memory, load);
    this.#schedule = new LoadSchedule(load, now());
    this.#answers = new DeviceAnswers({
      memory,
      ledger: this.#ledger,
      agent: this.#agent,
      port: this.#port,
      streams: this.#streams,
      credits: this.#credits,
      counters: this.#counters,
      violations: this.#violations,
      events: this.#events,
      now,
    });
    this.#unit = commandUnitOf(memory, this.#agent, this.#waitersBell, () => {
      this.#answers.take();
    });
    this.#blockCredits = Math.min(BLOCK_MAX * load.groupPagesMax, this.#credits.free / 2);
  }

  ready(): boolean {
    return (
      this.#unit.ready() ||
      this.#answers.ready() ||
      Atomics.load(this.#memory.control, controlWord(CONTROL.stopRequest)) !== this.#stopSeen
    );
  }

  timeoutMilliseconds(): number {
    const offers = word(this.#memory.control, controlWord(CONTROL.offer)) !== 0;
    return offers
      ? this.#schedule.idleMilliseconds(this.#now(), WATCHDOG_MILLISECONDS)
      : WATCHDOG_MILLISECONDS;
  }

  step(): number {
    const done = this.#answers.take() + this.#unit.step() + this.#acknowledgeStops();
    const issued = this.#offer();
    if (done + issued > 0) {
      this.#streams.postChores(this.#mainBell);
      this.#agent.audit();
      this.#publishCounters();
    }
    return done + issued;
  }

  #acknowledgeStops(): number {
    const { control } = this.#memory;
    const request = Atomics.load(control, controlWord(CONTROL.stopRequest));
    if (request === this.#stopSeen) return 0;
    this.#stopSeen = request;
    Atomics.store(control, controlWord(CONTROL.stopAcknowledged), request);
    this.#waitersBell.ring();
    return 1;
  }

  #offer(): number {
    const { control } = this.#memory;
    if (word(control, controlWord(CONTROL.offer)) === 0) return 0;
    const left = this.#load.groups - this.#issued;
    if (left <= 0) {
      if (word(control, controlWord(CONTROL.exhausted)) === 0) {
        Atomics.store(control, controlWord(CONTROL.exhausted), 1);
        this.#mainBell.ring();
      }
      return 0;
    }
    // With most credits out, a few answers more make a block worth the wake-ups it costs.
    if (this.#credits.free < this.#blockCredits && this.#ledger.open > 0) return 0;
    const now = this.#now();
    const most = Math.min(BLOCK_MAX, left, this.#schedule.due(now));
    let issued = 0;
    let barren = 0;
    while (issued < most && barren < this.#memory.sizes.devices) {
      let burst = 0;
      while (burst < BURST_MAX && issued + burst < most && this.#offerOne(this.#device, now)) {
        burst += 1;
      }
      issued += burst;
      barren = burst === 0 ? barren + 1 : 0;
      this.#device = this.#device + 1 === this.#memory.sizes.devices ? 0 : this.#device + 1;
    }
    this.#port.publish();
    this.#issued += issued;
    return issued;
  }

  /** Lets a device make the next accesses of one of its streams; true when a group was sent. */
  #offerOne(device: number, now: number): boolean {
    if (!this.#ledger.hasIndex(device)) return false;
    if (this.#credits.of(device) < this.#load.groupPagesMax) return false;
    const turn = this.#streams.next(device);
    return turn !== undefined && this.#access(turn, now);
  }

  #access(turn: Turn, now: number): boolean {
    const { streams, mms } = this.#memory;
    const { stream, device } = turn;
    const base = stream * STREAM.words;
    const pasid = word(streams, base + STREAM.pasid);
    const entry = word(streams, base + STREAM.entry);
    const index = this.#ledger.issue(device);
    const row = device * PRG_INDICES + index;
    let missed = 0;
    this.#agent.turnTo(device, pasid, entry);
    for (let page = 0; page < turn.pages; page += 1) {
      const low = word(turn.low, page);
      const high = word(turn.high, page);
      const access = word(turn.access, page);
      const outcome = this.#agent.translate(low, high, access);
      if (outcome === HIT) continue;
      // A PASID entry that is not present refuses the access; the request for the page goes out all the same.
      if (outcome === BLOCKED) this.#counters.add(COUNTER.blocked, 1);
      this.#ledger.low[row * GROUP_PAGES_MAX + missed] = low;
      this.#ledger.highAndAccess[row * GROUP_PAGES_MAX + missed] = high | (access << 18);
      missed += 1;
    }
    if (missed === 0) {
      this.#ledger.close(device, index);
      this.#streams.passed(turn);
      return false;
    }

    const mm = word(streams, base + STREAM.mm);
    const rude = word(streams, base + STREAM.state) === STREAM_RUDE ? RUDE : 0;
    const owner = word(streams, base + STREAM.owner) | rude;
    this.#ledger.rude[row] = rude === 0 ? 0 : 1;
    this.#ledger.pages[row] = missed;
    this.#ledger.requests[row] = missed;
    this.#ledger.stream[row] = stream;
    this.#ledger.start[row] = this.#schedule.intend(now);
    this.#ledger.window[row] = turn.window;
    this.#ledger.generation[row] = turn.generation;
    this.#ledger.shrinks[row] = word(mms, mmWord(mm, MM.shrinks)); // stale is older: only checked less
    this.#ledger.episodes[row] = this.#port.episodes;
    this.#credits.take(device, missed);
    streams[base + STREAM.outstanding] = word(streams, base + STREAM.outstanding) + 1;
    this.#streams.issued(turn);
    this.#events.add(EVENT.issued, device, index, pasid, word(this.#ledger.id, row), missed);
    this.#counters.add(COUNTER.requests, missed);
    this.#counters.add(COUNTER.issued, 1);
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
    const id = word(this.#ledger.id, row);
    for (let page = 0; page < pages; page += 1) {
      const at = row * GROUP_PAGES_MAX + page;
      const low = word(this.#ledger.low, at);
      const highAndAccess = word(this.#ledger.highAndAccess, at);
      const last = page === pages - 1;
      const sent = this.#port.send(device, pasid, index, low, highAndAccess, last, id, owner);
      if (sent) continue;
      this.#counters.add(COUNTER.dropped, 1);
      this.#ledger.episodes[row] = -1; // what was dropped is retried after SUCCESS
      if (!last) continue;
      this.#counters.add(COUNTER.autoResponses, 1);
      this.#answers.close(device, index, row, AUTO_SUCCESS, now);
    }
  }

  #publishCounters(): void {
    this.#counters.set(COUNTER.open, this.#ledger.open);
    this.#counters.set(COUNTER.atcHits, this.#agent.hits);
    this.#counters.set(COUNTER.iotlbHits, this.#agent.iotlbHits);
  }

  /** At the end of a storm: caches hold nothing stale, and what is still open was never answered. */
  audit(): void {
    this.#agent.auditAll();
    for (let device = 0; device < this.#memory.sizes.devices; device += 1) {
      const open = this.#ledger.openOf(device);
      if (open > 0) this.#violations.add(BREACH.notAnswered, device, 0, 0, 0, open);
    }
    this.#publishCounters();
  }
}
