/**
 * What a storm is asked to do and what it reports: plain data, crosses every thread wall.
 *
 * Units: seconds, milliseconds and microseconds as named; rates are groups a second; counts otherwise.
 */
import type { ActorWatch } from '../machines/actor-watch.ts';
import type { RecordedEvent } from './event-recording.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { ResolverFault } from './thread-messages.ts';

/** Linux permission bits: 1 read, 2 write, 4 exec. */
export type ScriptOperation = {
  readonly kind: 'map' | 'unmap' | 'protect' | 'touch' | 'exit';
  readonly pfn: number;
  readonly pages: number;
  readonly bits: number;
};

/** The life of one process, in program order. */
export type ProcessScript = {
  readonly program: string;
  readonly operations: readonly ScriptOperation[];
};

export type StormPlan = {
  readonly name: string;
  readonly driver: string;
  /** A user's driver that is run in its place, and is like it. */
  readonly ownDriver?: string;
  readonly quirks: readonly string[];
  readonly seed: number;
  readonly devices: number;
  /** PASIDs attached to each device. */
  readonly pasids: number;
  /** Resolver threads; 0 = the PRQ thread resolves inline. */
  readonly workers: number;
  readonly groups: number | undefined;
  readonly durationSeconds: number | undefined;
  /** Groups a second over all devices; undefined = saturated, as many as credits allow. */
  readonly rate: number | undefined;
  /** How often a device with a rate looks at its schedule; 100 unless given. */
  readonly quantumMicroseconds?: number | undefined;
  readonly groupPagesMin: number;
  readonly groupPagesMax: number;
  /** Weights of the sizes from the profile's least on; larger ones are cut to `groupPagesMax`. */
  readonly groupPagesShares?: readonly number[] | undefined;
  readonly writeShare: number;
  readonly creditsPerDevice: number;
  /** Pages of a process's buffer that are unmapped behind the device. */
  readonly windowPages: number;
  /** Unmap a window after its groups are answered, or while they are in flight. */
  readonly unmap: 'answered' | 'racing';
  readonly attachDetachPerSecond: number;
  readonly exitsPerSecond: number;
  /** How often a function leaves its own domain and comes back, with all its PASIDs; where functions need one. */
  readonly functionSwitchesPerSecond?: number;
  readonly resolverDelayMicroseconds: number;
  readonly burst: { readonly onMilliseconds: number; readonly offMilliseconds: number } | undefined;
  readonly ringEntries: number;
  readonly invalidGroupShare: number;
  /** Share of detaches in which the device is not stopped first. */
  readonly rudeShare: number;
  /** What goes wrong with each resolver, once. */
  readonly resolverFault?: ResolverFault | undefined;
  /** What a part of the storm does that it must not. */
  readonly misbehaviour?: Misbehaviour | undefined;
  readonly processes: readonly ProcessScript[];
  /** Events to record from the start on, for the hook that wants them. */
  readonly recordedEvents?: number;
};

export type Percentiles = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

/** A property of the catalogue that did not hold, and the last events before it was seen. */
export type Violation = {
  readonly property: string;
  readonly message: string;
  readonly events: readonly string[];
};

export type StormProgress = {
  readonly elapsedSeconds: number;
  readonly groups: number;
  readonly groupsPerSecond: number;
  readonly inFlight: number;
  readonly overflows: number;
  readonly attaches: number;
  readonly detaches: number;
  readonly exits: number;
  /** 0..1 */
  readonly workerBusy: number;
  readonly violations: number;
};

/** One moment of a storm as a dashboard shows it; seconds count from when load is offered. */
export type StormSample = StormProgress & {
  /** Since the sample before. */
  readonly seconds: number;
  /** Undefined when nothing was answered. */
  readonly groupLatencyUs: Percentiles | undefined;
  /** Page request queue: entries it can hold, and the most that were in it at any look. */
  readonly ring: { readonly entries: number; readonly most: number };
  /** Most groups in flight by PASID, over all devices: each number is of `perRow` PASIDs, the first from 0 on. */
  readonly pasids: { readonly perRow: number; readonly inFlight: readonly number[] };
  readonly droppedRequests: number;
};

export type StormResult = {
  readonly elapsedSeconds: number;
  /** User and system time of every thread of the process during the storm. */
  readonly cpuSeconds: number;
  readonly pageRequests: number;
  readonly groups: number;
  readonly responses: {
    readonly success: number;
    readonly invalid: number;
    readonly failure: number;
  };
  /** Times the queue latched overflow. */
  readonly overflows: number;
  readonly droppedRequests: number;
  /** Last requests dropped by a full queue that hardware answered itself. */
  readonly autoResponses: number;
  readonly attaches: number;
  readonly detaches: number;
  readonly exits: number;
  /** Times a function left its own domain and came back. */
  readonly functionSwitches: number;
  readonly unmaps: number;
  readonly groupLatencyUs: Percentiles;
  readonly detachLatencyUs: Percentiles;
  /** Pages not mapped at the retry after SUCCESS for a reason that is legal: unmapped, or lost to an overflow. */
  readonly retryMisses: number;
  /** Requests of a device that kept sending after its PASID was to be stopped. */
  readonly strays: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly violations: readonly Violation[];
  /** What threads did that no thread should, and what was done about it, one sentence each. */
  readonly misbehaviours: readonly string[];
  /** Resolvers that died and were replaced. */
  readonly resolverDeaths: number;
  readonly interrupted: boolean;
  readonly threads: { readonly device: number; readonly prq: number; readonly resolvers: number };
};

export type StormHooks = {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** User and system time of the whole process so far. */
  readonly cpuSeconds: () => number;
  readonly signal: AbortSignal;
  readonly progress: (progress: StormProgress) => void;
  /** Told as often as progress is, and more of it. */
  readonly sample?: (sample: StormSample) => void;
  /** Told the recorded events once all threads have ended, if the plan asks for any. */
  readonly recorded?: (events: readonly RecordedEvent[]) => void;
  /** Told all latencies once all threads have ended. */
  readonly measured?: (tables: StormTables) => void;
  /** Hears of every live actor of the control plane. */
  readonly watch?: ActorWatch | undefined;
};

/** Counts by step of the scale of latency-table.ts. */
export type StormTables = { readonly groups: Int32Array; readonly detaches: Int32Array };
