/**
 * Device parts: what the pieces of the device thread share.
 */
import type { Counters } from './counters.ts';
import type { Credits } from './credits.ts';
import type { DeviceStreams } from './device-streams.ts';
import type { EventLog } from './event-log.ts';
import type { FunctionStates } from './function-states.ts';
import type { Ledger } from './ledger.ts';
import type { StormMemory } from './storm-memory.ts';
import type { TranslationAgent } from './translation.ts';
import type { RequestPort } from './unit-seams.ts';
import type { ViolationLog } from './violation-log.ts';

export type DeviceParts = {
  readonly memory: StormMemory;
  readonly ledger: Ledger;
  readonly functions: FunctionStates;
  readonly agent: TranslationAgent;
  readonly port: RequestPort;
  readonly streams: DeviceStreams;
  readonly credits: Credits;
  readonly counters: Counters;
  readonly violations: ViolationLog;
  readonly events: EventLog;
  /** Milliseconds. */
  readonly now: () => number;
};
