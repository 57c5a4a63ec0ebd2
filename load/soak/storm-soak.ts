/**
 * Storm soak: storms for as long as is wanted, one long one and then many, with everything that comes and goes.
 *
 * What must hold: every group is answered once, no property is broken, and memory that is live after a collection does
 * not grow. One long storm shows what grows with requests, many short ones what a storm leaves behind.
 *
 * Policy: clock and memory are lent by the entry.
 */
import { runStorm } from '../../src/actors/storm.ts';
import type { RecordedEvent } from '../../src/workers/event-recording.ts';
import type { StormPlan, StormResult } from '../../src/workers/storm-plan.ts';

export type SoakClock = {
  readonly now: () => number;
  readonly cpuSeconds: () => number;
  /** Heap and external memory after a collection, bytes. */
  readonly liveBytes: () => number;
  readonly residentBytes: () => number;
};

export type SoakPlan = {
  readonly seconds: number;
  readonly seed: number;
  /** Drivers that take turns. */
  readonly drivers: readonly string[];
  /** Judges the first events of each storm; undefined: nobody does. */
  readonly judge?: WindowJudge | undefined;
};

/** What the model can't do of the events. `plan` says how many were asked for. */
export type WindowJudge = (plan: StormPlan, events: readonly RecordedEvent[]) => string | undefined;

export type SoakOutcome = {
  readonly storms: number;
  readonly pageRequests: number;
  readonly groups: number;
  readonly detaches: number;
  readonly exits: number;
  readonly lost: number;
  readonly duplicated: number;
  /** What was broken, with the driver and seed of the storm. */
  readonly violations: readonly string[];
  /** What threads did that none should, with the driver and seed of the storm. */
  readonly misbehaviours: readonly string[];
  /** Live memory in the last third of the samples less that in the first, medians, bytes. */
  readonly grownInOne: number;
  readonly grownOverMany: number;
  readonly residentMax: number;
  /** Storms whose first events were judged; undefined: nobody was asked to. */
  readonly windows: number | undefined;
};

/** Part of the time that the one long storm gets. */
const LONG_SHARE = 0.5;
const SHORT_SECONDS_MAX = 20;
const WARM_UP_SECONDS = 1;
const SAMPLE_SECONDS = 1;
const WINDOW_EVENTS = 20_000;

/** Everything at once: PASIDs and processes come and go, pages vanish under groups, devices are rude. */
const BUSY: Omit<StormPlan, 'seed' | 'driver' | 'durationSeconds'> = {
  ...{ name: 'soak', quirks: [], devices: 4, pasids: 8, workers: 1, groups: undefined },
  ...{ rate: undefined, groupPagesMin: 1, groupPagesMax: 8, writeShare: 0.5 },
  ...{ creditsPerDevice: 120, windowPages: 512, unmap: 'racing', attachDetachPerSecond: 50 },
  ...{ exitsPerSecond: 20, resolverDelayMicroseconds: 0, burst: undefined, ringEntries: 2048 },
  ...{ invalidGroupShare: 0.01, rudeShare: 0.1, processes: [] },
};

/** Each of another kind: rings that overflow, credits that do, load that comes and goes. */
const KINDS: readonly Partial<StormPlan>[] = [
  {},
  { ringEntries: 256, creditsPerDevice: 512, devices: 8, pasids: 2 },
  { burst: { onMilliseconds: 50, offMilliseconds: 50 }, exitsPerSecond: 200 },
  { workers: 2, attachDetachPerSecond: 500, pasids: 16 },
];

export async function stormSoak(
  { seconds, seed, drivers, judge }: SoakPlan,
  clock: SoakClock,
  told: (line: string) => void,
): Promise<SoakOutcome> {
  const totals = {
    storms: 0,
    pageRequests: 0,
    groups: 0,
    detaches: 0,
    exits: 0,
    lost: 0,
    duplicated: 0,
  };
  const violations: string[] = [];
  const misbehaviours: string[] = [];
  let residentMax = 0;
  let windows = 0;

  const one = async (plan: StormPlan, sample: () => void): Promise<void> => {
    let due = clock.now() + WARM_UP_SECONDS * 1000;
    const events: RecordedEvent[] = [];
    const asked = judge === undefined ? plan : { ...plan, recordedEvents: WINDOW_EVENTS };
    const result = await runStorm(asked, {
      now: clock.now,
      cpuSeconds: clock.cpuSeconds,
      signal: new AbortController().signal,
      progress: () => {
        if (clock.now() < due) return;
        due = clock.now() + SAMPLE_SECONDS * 1000;
        residentMax = Math.max(residentMax, clock.residentBytes());
        sample();
      },
      recorded: (all) => {
        events.push(...all);
      },
    });
    count(totals, result);
    const who = `${plan.driver} seed ${plan.seed}`;
    violations.push(
      ...result.violations.map(({ property, message }) => `${who}: ${property}: ${message}`),
    );
    misbehaviours.push(...result.misbehaviours.map((each) => `${who}: ${each}`));
    if (judge === undefined) return;
    const wrong = judge(asked, events);
    windows += 1;
    if (wrong !== undefined) violations.push(`${who}: ${wrong}`);
  };

  const started = clock.now();
  const inOne: number[] = [];
  const [driver = 'vtd'] = drivers;
  await one({ ...BUSY, driver, seed, durationSeconds: seconds * LONG_SHARE }, () => {
    inOne.push(clock.liveBytes());
  });
  told(`${totals.pageRequests} requests in one storm`);

  const overMany: number[] = [];
  const end = started + seconds * 1000;
  const durationSeconds = Math.min(SHORT_SECONDS_MAX, Math.max(0.5, seconds / 20));
  // Every driver has its turn, however late it is.
  for (let turn = 0; turn < drivers.length || clock.now() < end; turn += 1) {
    const kind = KINDS[Math.floor(turn / drivers.length) % KINDS.length];
    const next = drivers[turn % drivers.length] ?? driver;
    await one(
      { ...BUSY, ...kind, driver: next, seed: seed + 1 + turn, durationSeconds },
      () => undefined,
    );
    overMany.push(clock.liveBytes());
    told(
      `${totals.storms} storms, ${totals.pageRequests} requests, ${violations.length} violations`,
    );
  }
  return {
    ...totals,
    violations,
    misbehaviours,
    grownInOne: growth(inOne),
    grownOverMany: growth(overMany),
    residentMax,
    windows: judge === undefined ? undefined : windows,
  };
}

type Totals = {
  -readonly [Name in keyof StormResult &
    ('pageRequests' | 'groups' | 'detaches' | 'exits' | 'lost' | 'duplicated')]: number;
} & { storms: number };

function count(totals: Totals, result: StormResult): void {
  totals.storms += 1;
  totals.pageRequests += result.pageRequests;
  totals.groups += result.groups;
  totals.detaches += result.detaches;
  totals.exits += result.exits;
  totals.lost += result.lost;
  totals.duplicated += result.duplicated;
}

/** Too few samples say nothing, and say so as no growth. */
function growth(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  return third === 0 ? 0 : median(samples.slice(-third)) - median(samples.slice(0, third));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
