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
import { word } from '../core/words.ts';
import { AtsReader } from './ats-reader.ts';
import { Bell } from './bell.ts';
import { Counters } from './counters.ts';
import { Credits } from './credits.ts';
import { DeviceAccesses } from './device-accesses.ts';
import { DeviceAnswers } from './device-answers.ts';
import type { DeviceParts } from './device-parts.ts';
import { DeviceStreams } from './device-streams.ts';
import { EventLog } from './event-log.ts';
import { FunctionStates } from './function-states.ts';
import { Ledger } from './ledger.ts';
import { LoadSchedule } from './load-schedule.ts';
import {
  groupsOf,
  hasAtsForStalls,
  MISBEHAVING_DEVICE,
  type Occasions,
  occasionsOf,
} from './misbehaviour.ts';
import { controlWord, type Role } from './role.ts';
import { SilentFunction } from './silent-function.ts';
import { SlowUnit } from './slow-unit.ts';
import { CHANGE, CONTROL, COUNTER, THREAD } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';
import type { DeviceLoad } from './thread-messages.ts';
import { TranslationAgent } from './translation.ts';
import type { CommandUnit, RequestPort } from './unit-seams.ts';
import { commandUnitOf, entryBytesOf, requestPortOf } from './units.ts';
import { BREACH, ViolationLog } from './violation-log.ts';
import { WrongRequests } from './wrong-requests.ts';

/** Groups issued between two looks at answers and invalidations (measured: docs/performance.md). */
const BLOCK_MAX = 256;
/** Groups a device sends in a row: what it touches for one serves the next (measured: docs/performance.md). */
const BURST_MAX = 8;
/** Share of the credits whose return makes a block; fewer cost more wake-ups (measured: docs/performance.md). */
const WORTH_A_BLOCK = 0.75;
const WATCHDOG_MILLISECONDS = 20;

export class DeviceRole implements Role {
  readonly #memory: StormMemory;
  readonly #load: DeviceLoad;
  readonly #now: () => number;
  readonly #ledger: Ledger;
  readonly #functions: FunctionStates;
  readonly #agent: TranslationAgent;
  readonly #unit: CommandUnit;
  readonly #port: RequestPort;
  readonly #streams: DeviceStreams;
  readonly #schedule: LoadSchedule;
  readonly #answers: DeviceAnswers;
  readonly #accesses: DeviceAccesses;
  readonly #credits: Credits;
  readonly #counters: Counters;
  readonly #violations: ViolationLog;
  readonly #events: EventLog;
  readonly #floods: Occasions | undefined;
  readonly #wrong: WrongRequests | undefined;
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
    const { misbehaviour } = load;
    this.#floods = occasionsOf(misbehaviour, 'floods');
    this.#ledger = new Ledger(devices, (device) => groupsOf(load, device));
    this.#functions = new FunctionStates(memory);
    this.#credits = new Credits(devices, load.credits);
    this.#counters = new Counters(memory.totals);
    this.#agent = new TranslationAgent(memory, entryBytesOf(memory), this.#violations);
    this.#port = requestPortOf(memory, this.#events);
    this.#streams = new DeviceStreams(memory, load);
    this.#schedule = new LoadSchedule(load, now());
    const parts: DeviceParts = {
      memory,
      ledger: this.#ledger,
      functions: this.#functions,
      agent: this.#agent,
      port: this.#port,
      streams: this.#streams,
      credits: this.#credits,
      counters: this.#counters,
      violations: this.#violations,
      events: this.#events,
      now,
    };
    this.#wrong = misbehaviour && new WrongRequests(parts, misbehaviour);
    this.#answers = new DeviceAnswers(parts, misbehaviour, this.#wrong, this.#atsReader(load));
    this.#accesses = new DeviceAccesses(parts, this.#answers, this.#schedule, this.#wrong);
    this.#unit = commandUnitOf({
      memory,
      agent: this.#agent,
      waitersBell: this.#waitersBell,
      drainAnswers: () => void this.#answers.take(),
      silence: new SilentFunction(misbehaviour, parts),
      slowness: new SlowUnit(misbehaviour, this.#counters, now),
      completesTwice: occasionsOf(misbehaviour, 'completes-twice'),
      counters: this.#counters,
    });
    const wholeGroups = Math.max(1, Math.floor(load.credits / load.groupPagesMax));
    this.#blockCredits = WORTH_A_BLOCK * devices * wholeGroups * load.groupPagesMax;
  }

  /** A function with ATS behind an SMMU sends no request: Linux serves none there. */
  #atsReader({ misbehaviour }: DeviceLoad): AtsReader | undefined {
    if (!hasAtsForStalls(this.#memory.unit, misbehaviour, MISBEHAVING_DEVICE)) return undefined;
    this.#functions.fail(MISBEHAVING_DEVICE);
    return new AtsReader(this.#memory, this.#agent);
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
    const retried = this.#port.waiting > 0 ? this.#accesses.retryWaiting(this.#now()) : 0;
    const done = retried + this.#answers.take() + this.#unit.step() + this.#acknowledgeStops();
    const issued = this.#offer();
    if (done + issued > 0) {
      this.#streams.postChores(this.#mainBell);
      this.#agent.audit();
      this.#publishCounters();
    }
    return done + issued;
  }

  /** A device has stopped once software can see every access that it began. */
  #acknowledgeStops(): number {
    if (this.#port.waiting > 0) return 0;
    const { control } = this.#memory;
    const request = Atomics.load(control, controlWord(CONTROL.stopRequest));
    if (request === this.#stopSeen) return 0;
    this.#stopSeen = request;
    Atomics.store(control, controlWord(CONTROL.stopAcknowledged), request);
    this.#waitersBell.ring(CHANGE.stops);
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
    if (!this.#ledger.hasIndex(device) || !this.#functions.isActive(device)) return false;
    const hasCredits = this.#credits.of(device) >= this.#load.groupPagesMax;
    if (!hasCredits && !this.#mayFlood(device)) return false;
    const turn = this.#streams.next(device);
    return turn !== undefined && this.#accesses.make(turn, now, hasCredits);
  }

  #mayFlood(device: number): boolean {
    return device === MISBEHAVING_DEVICE && this.#floods?.next() === true;
  }

  #publishCounters(): void {
    this.#counters.set(COUNTER.open, this.#ledger.open + (this.#wrong?.open ?? 0));
    this.#counters.set(COUNTER.atcHits, this.#agent.hits);
    this.#counters.set(COUNTER.iotlbHits, this.#agent.iotlbHits);
  }

  /** At the end of a storm: caches hold nothing stale, and what is still open was never answered. */
  audit(): void {
    this.#agent.auditAll();
    for (let device = 0; device < this.#memory.sizes.devices; device += 1) {
      const wrong = device === MISBEHAVING_DEVICE ? (this.#wrong?.open ?? 0) : 0;
      const open = this.#ledger.openOf(device) + wrong;
      if (open > 0) this.#violations.add(BREACH.notAnswered, device, 0, 0, 0, open);
    }
    this.#publishCounters();
  }
}
