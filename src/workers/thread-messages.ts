/**
 * Thread messages: everything that crosses a thread wall by message, which is little: what a thread is started with.
 *
 * All else goes through storm memory.
 */
import type { LoadPlan } from './load-schedule.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { StormMemory } from './storm-memory.ts';

/** What the devices of a unit offer. */
export type DeviceLoad = LoadPlan & {
  /** Groups to issue; a number no storm reaches when only time ends it. */
  readonly groups: number;
  readonly credits: number;
  readonly groupPagesMin: number;
  readonly groupPagesMax: number;
  readonly groupPagesShares?: readonly number[] | undefined;
  readonly writeShare: number;
  readonly invalidGroupShare: number;
  readonly windowPages: number;
  /** Streams a device works on at a time. */
  readonly activeStreams: number;
  /** Whether a window is given back while its groups are in flight. */
  readonly racing: boolean;
  readonly seed: number;
  readonly misbehaviour?: Misbehaviour | undefined;
};

/** What goes wrong with every resolver, once, with a group in hand. */
export type ResolverFault = {
  readonly afterGroups: number;
  readonly how: (typeof RESOLVER_FAULTS)[number];
};

/** It throws; its thread exits; it does nothing any more; it takes all the memory it may have. */
export const RESOLVER_FAULTS = ['throw', 'exit', 'stuck', 'out-of-memory'] as const;

/** How a resolver is started; `resumes` when it takes over from a dead one. */
export type ResolverStart = {
  readonly kind: 'resolver';
  readonly memory: StormMemory;
  readonly resolver: number;
  readonly delayMicroseconds: number;
  readonly resumes: boolean;
  readonly fault: ResolverFault | undefined;
};

/** How a thread of the unit is started. With `inline`, the PRQ thread is resolver 0 too. */
export type UnitThreadStart =
  | { readonly kind: 'device'; readonly memory: StormMemory; readonly load: DeviceLoad }
  | {
      readonly kind: 'prq';
      readonly memory: StormMemory;
      readonly inline: boolean;
      readonly delayMicroseconds: number;
      readonly misbehaviour?: Misbehaviour | undefined;
    };

export type ThreadStart = ResolverStart | UnitThreadStart;
