/**
 * Storm: a page-request storm on real threads, from a plan to its result.
 *
 * Actor:  the main thread; it carries the control plane, the data plane runs beside it.
 * Policy: time comes from the hooks; nothing else of the outside is read.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { invariant } from '../core/invariant.ts';
import { type Prng, prng } from '../core/prng.ts';
import { word } from '../core/words.ts';
import { Bell } from '../workers/bell.ts';
import { sharedWords } from '../workers/lines.ts';
import {
  ANSWER_BEFORE_UNLINK,
  ANSWER_PARTIALS_WITHOUT_HANDLER,
  KEEP_PARTIALS_ON_OVERFLOW,
  MATCH_PARTIALS_BY_INDEX,
  REJECT_STRANDS_PARTIALS,
} from '../workers/quirk-flags.ts';
import type { ResolverFault } from '../workers/resolver-role.ts';
import { controlWord } from '../workers/role.ts';
import { flattenScripts } from '../workers/script.ts';
import {
  CHORE,
  CONTROL,
  COUNTER,
  LATENCY_WORDS,
  type StormMemory,
  stormMemory,
  THREAD,
} from '../workers/storm-memory.ts';
import type { StormHooks, StormPlan, StormResult } from '../workers/storm-plan.ts';
import { type StormLayout, stormLayout } from '../workers/storm-sizes.ts';
import { WordQueue } from '../workers/word-queue.ts';
import { Changes } from './changes.ts';
import type { Driver } from './driver.ts';
import { driverWith } from './drivers.ts';
import { FrameStore } from './frame-store.ts';
import { LiveOperations } from './live-operations.ts';
import { LiveUnit } from './live-unit.ts';
import { PasidAllocator } from './pasid-allocator.ts';
import { StormFleet } from './storm-fleet.ts';
import {
  breachCount,
  counterOf,
  episodesOf,
  openGroups,
  percentilesOf,
  resolverSteps,
  violationsOf,
} from './storm-result.ts';
import { StormThreads } from './storm-threads.ts';

/** Longest the main thread sleeps between two looks at churn and progress. */
const TICK_MILLISECONDS = 5;
const PROGRESS_MILLISECONDS = 200;
/** Quiet time after which outstanding groups count as lost. */
const PATIENCE_MILLISECONDS = 5000;
/** Time to detach and end every process before a detach counts as asleep. */
const WIND_UP_MILLISECONDS = 60_000;
/** Churn operations that may be under way at once; more would only queue behind sva_lock. */
const CHURN_MAX = 16;
const MORE_THAN_ANY_STORM = Number.MAX_SAFE_INTEGER;

export type StormOptions = { readonly resolverFault?: ResolverFault };

/** Everything the main path hands around. */
type Storm = {
  readonly plan: StormPlan;
  readonly hooks: StormHooks;
  readonly memory: StormMemory;
  readonly unit: LiveUnit;
  readonly fleet: StormFleet;
  readonly threads: StormThreads;
  readonly chores: WordQueue;
  readonly random: Prng;
};

/**
 * Runs a storm to its end: offers load, lets everything be answered, detaches all, audits.
 *
 * @throws InvariantViolation when the plan does not fit or the program contradicts itself.
 */
export async function runStorm(
  plan: StormPlan,
  hooks: StormHooks,
  options: StormOptions = {},
): Promise<StormResult> {
  const layout = stormLayout(plan);
  invariant(layout !== undefined, 'the plan needs more pages than there are frames');
  const driver = driverWith(plan.driver, plan.quirks);
  invariant(driver.ok, `no driver ${plan.driver} with the quirks ${plan.quirks.join(', ')}`);
  const storm = assemble(plan, layout, driver.value, hooks, options);

  const { control } = storm.memory;
  storm.threads.start();
  await storm.fleet.start();
  const started = hooks.now();
  const cpuBefore = hooks.cpuSeconds();
  Atomics.store(control, controlWord(CONTROL.offer), 1);
  storm.unit.wakeDevices();
  await offer(storm, started);
  Atomics.store(control, controlWord(CONTROL.offer), 0);
  await drain(storm);
  const elapsedSeconds = (hooks.now() - started) / 1000;
  const cpuSeconds = hooks.cpuSeconds() - cpuBefore;
  const churned = { attaches: storm.fleet.attaches, detaches: storm.fleet.detaches };

  await windUp(storm);
  await storm.threads.stop();
  const failure = failureOf(storm);
  if (failure !== undefined) throw failure;
  return { ...resultOf(storm, elapsedSeconds, cpuSeconds), ...churned };
}

function assemble(
  plan: StormPlan,
  layout: StormLayout,
  driver: Driver,
  hooks: StormHooks,
  options: StormOptions,
): Storm {
  const memory = stormMemory(layout.sizes, flattenScripts(plan.processes));
  memory.control[controlWord(CONTROL.quirks)] = quirkFlags(driver);
  const frames = new FrameStore(memory);
  const unit = new LiveUnit(memory, new Changes(memory), frames);
  frames.open();
  const operations = new LiveOperations(unit, driver);
  const pasids = new PasidAllocator(layout.sizes.pasidSpace);
  const fleet = new StormFleet(
    plan,
    layout,
    { unit, operations, driver, frames, pasids },
    sharedWords(LATENCY_WORDS),
    hooks.now,
  );
  const threads = new StormThreads({
    memory,
    workers: plan.workers,
    resolverDelayMicroseconds: plan.resolverDelayMicroseconds,
    fault: options.resolverFault,
    load: {
      rate: plan.rate,
      burst: plan.burst,
      groups: plan.groups ?? MORE_THAN_ANY_STORM,
      credits: plan.creditsPerDevice,
      groupPagesMin: plan.groupPagesMin,
      groupPagesMax: plan.groupPagesMax,
      writeShare: plan.writeShare,
      invalidGroupShare: plan.invalidGroupShare,
      windowPages: layout.windowPages,
      racing: plan.unmap === 'racing',
      seed: plan.seed,
    },
  });
  const chores = new WordQueue(memory.chores, CHORE.words);
  return { plan, hooks, memory, unit, fleet, threads, chores, random: prng(plan.seed) };
}

function quirkFlags({ rules, unlinksBeforeAnswer }: Driver): number {
  return (
    (rules.matchPartialsBy === 'index' ? MATCH_PARTIALS_BY_INDEX : 0) |
    (rules.answerPartialsWithoutHandler ? ANSWER_PARTIALS_WITHOUT_HANDLER : 0) |
    (rules.discardOnOverflow ? 0 : KEEP_PARTIALS_ON_OVERFLOW) |
    (rules.cancelPartialsOnReject ? 0 : REJECT_STRANDS_PARTIALS) |
    (unlinksBeforeAnswer ? 0 : ANSWER_BEFORE_UNLINK)
  );
}

/** Runs the control plane beside the load until the load is exhausted, time is up, or somebody interrupts. */
async function offer(storm: Storm, started: number): Promise<void> {
  const { plan, hooks, memory, chores } = storm;
  const bell = new Bell(memory.bells, THREAD.main);
  const churn = new Churn(storm, started);
  const progress = new Progress(storm, started);
  const end =
    plan.durationSeconds === undefined ? undefined : started + plan.durationSeconds * 1000;
  const isExhausted = (): boolean => word(memory.control, controlWord(CONTROL.exhausted)) !== 0;
  const isOver = (): boolean =>
    hooks.signal.aborted ||
    failureOf(storm) !== undefined ||
    (end !== undefined && hooks.now() >= end) ||
    (isExhausted() && openGroups(memory) === 0);
  while (!isOver()) {
    await bell.rung(() => chores.available() > 0 || isOver(), TICK_MILLISECONDS);
    takeChores(storm);
    churn.tick();
    progress.tick();
  }
}

function takeChores({ chores, fleet }: Storm): void {
  for (let left = chores.available(); left > 0; left -= 1) {
    const at = chores.take();
    fleet.chore(word(chores.words, at), word(chores.words, at + 1), word(chores.words, at + 2));
  }
  chores.release();
}

/** Waits until every group is answered, as long as answers keep coming. */
async function drain(storm: Storm): Promise<void> {
  const { hooks, memory } = storm;
  let answered = -1;
  let since = hooks.now();
  for (;;) {
    takeChores(storm);
    if (openGroups(memory) === 0 || failureOf(storm) !== undefined) return;
    const groups = counterOf(memory, COUNTER.groups);
    if (groups !== answered) {
      answered = groups;
      since = hooks.now();
    }
    if (hooks.now() - since > PATIENCE_MILLISECONDS) return;
    await pause(1);
  }
}

/** Unbinds and ends everything. L2: once devices are quiet, a detach returns. */
async function windUp({ fleet, unit, hooks }: Storm): Promise<void> {
  const stopped = fleet.stop().then(() => true);
  const deadline = hooks.now() + WIND_UP_MILLISECONDS;
  while (!(await Promise.race([stopped, pause(TICK_MILLISECONDS, false, { ref: false })]))) {
    if (hooks.now() < deadline) continue;
    unit.breach('L2', 'a detach did not return although every device was quiet');
    return;
  }
}

const failureOf = ({ threads, fleet }: Storm): Error | undefined =>
  threads.failure ?? fleet.failure;

/** Attach, detach and exit at their rates, each of a process that chance picks. */
class Churn {
  readonly #storm: Storm;
  readonly #started: number;
  #rebinds = 0;
  #kills = 0;
  #underWay = 0;

  constructor(storm: Storm, started: number) {
    this.#storm = storm;
    this.#started = started;
  }

  tick(): void {
    const { plan, hooks, fleet, random } = this.#storm;
    const seconds = (hooks.now() - this.#started) / 1000;
    for (; this.#rebinds < seconds * plan.attachDetachPerSecond; this.#rebinds += 1) {
      const index = random.below(fleet.size);
      const seat = random.below(plan.devices);
      const rude = random.next() < plan.rudeShare * 2 ** 32;
      this.#begin(() => fleet.rebind(index, seat, rude));
    }
    for (; this.#kills < seconds * plan.exitsPerSecond; this.#kills += 1) {
      const index = random.below(fleet.size);
      this.#begin(() => fleet.kill(index));
    }
  }

  #begin(operation: () => Promise<void>): void {
    if (this.#underWay >= CHURN_MAX) return;
    this.#underWay += 1;
    void operation()
      .catch((error: unknown) => this.#storm.fleet.fail(error))
      .finally(() => {
        this.#underWay -= 1;
      });
  }
}

/** Tells the watcher how the storm goes, five times a second. */
class Progress {
  readonly #storm: Storm;
  readonly #started: number;
  #last: number;
  #groups = 0;
  #busy = 0;
  #steps = 0;

  constructor(storm: Storm, started: number) {
    this.#storm = storm;
    this.#started = started;
    this.#last = started;
  }

  tick(): void {
    const { hooks, memory, fleet, unit } = this.#storm;
    const now = hooks.now();
    if (now - this.#last < PROGRESS_MILLISECONDS) return;
    const groups = counterOf(memory, COUNTER.groups);
    const steps = resolverSteps(memory);
    hooks.progress({
      elapsedSeconds: (now - this.#started) / 1000,
      groups,
      groupsPerSecond: ((groups - this.#groups) * 1000) / (now - this.#last),
      inFlight: openGroups(memory),
      overflows: episodesOf(memory),
      attaches: fleet.attaches,
      detaches: fleet.detaches,
      exits: fleet.exits,
      workerBusy: (steps.busy - this.#busy) / Math.max(1, steps.all - this.#steps),
      violations: breachCount(memory) + unit.breaches.length,
    });
    this.#last = now;
    this.#groups = groups;
    this.#busy = steps.busy;
    this.#steps = steps.all;
  }
}

function resultOf(storm: Storm, elapsedSeconds: number, cpuSeconds: number): StormResult {
  const { plan, hooks, memory, fleet, unit } = storm;
  const counter = (name: keyof typeof COUNTER): number => counterOf(memory, COUNTER[name]);
  return {
    elapsedSeconds,
    cpuSeconds,
    pageRequests: counter('requests'),
    groups: counter('groups'),
    responses: {
      success: counter('success'),
      invalid: counter('invalid'),
      failure: counter('failure'),
    },
    overflows: episodesOf(memory),
    droppedRequests: counter('dropped'),
    autoResponses: counter('autoResponses'),
    attaches: fleet.attaches,
    detaches: fleet.detaches,
    exits: fleet.exits,
    unmaps: fleet.unmaps,
    groupLatencyUs: percentilesOf(memory.latencies),
    detachLatencyUs: percentilesOf(fleet.detachLatencies),
    retryMisses: counter('retryMisses'),
    strays: fleet.strays,
    lost: openGroups(memory),
    duplicated: counter('duplicated') + counter('ghosts'),
    violations: violationsOf(memory, unit.breaches),
    interrupted: hooks.signal.aborted,
    threads: { device: 1, prq: 1, resolvers: plan.workers },
  };
}
