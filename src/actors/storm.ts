/**
 * Storm: a page-request storm on real threads, from a plan to its result.
 *
 * Actor:  the main thread; it carries the control plane, the data plane runs beside it.
 * Policy: time comes from the hooks; nothing else of the outside is read.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { invariant } from '../core/invariant.ts';
import { prng } from '../core/prng.ts';
import { word } from '../core/words.ts';
import { Bell } from '../workers/bell.ts';
import { recordedEvents } from '../workers/event-recording.ts';
import { controlWord } from '../workers/role.ts';
import { CONTROL, COUNTER, THREAD } from '../workers/storm-layout.ts';
import type { StormHooks, StormPlan, StormResult } from '../workers/storm-plan.ts';
import { stormLayout } from '../workers/storm-sizes.ts';
import type { Driver } from './driver.ts';
import { driverWith, withQuirks } from './drivers.ts';
import { assembleStorm, type Storm, type StormOptions } from './storm-assembly.ts';
import { StormChurn } from './storm-churn.ts';
import { misbehaviourOf } from './storm-misbehaviour.ts';
import { counterOf, episodesOf, openGroups, percentilesOf, violationsOf } from './storm-result.ts';
import { watchForStall } from './storm-stall.ts';
import { StormWatch } from './storm-watch.ts';

/** Longest the main thread sleeps between two looks at churn and progress. */
const TICK_MILLISECONDS = 5;
/** Quiet time after which outstanding groups count as lost. */
const PATIENCE_MILLISECONDS = 5000;
/** Time without a detach returning after which one counts as asleep. */
const ASLEEP_MILLISECONDS = 30_000;

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
  const driver = driverOf(plan, options);
  const storm = assembleStorm(plan, layout, driver, hooks, options);

  storm.threads.start();
  let phase: Phase = 'populating';
  const watch = watchForStall(storm, () => phase);
  const span = await Promise.race([
    live(storm, (next) => {
      phase = next;
    }),
    storm.threads.failed,
    watch.stalled,
  ]).finally(() => {
    watch.stop();
    storm.unit.changes.close();
    return storm.threads.stop();
  });
  const failure = failureOf(storm);
  if (failure !== undefined) throw failure;
  hooks.recorded?.(recordedEvents(storm.memory));
  hooks.measured?.({ groups: storm.memory.latencies, detaches: storm.bonds.detachLatencies });
  if (span instanceof Error) throw span;
  return resultOf(storm, span);
}

function driverOf({ driver, quirks }: StormPlan, { driver: own }: StormOptions): Driver {
  if (own !== undefined) return withQuirks(own, quirks);
  const known = driverWith(driver, quirks);
  invariant(known.ok, `no driver ${driver} with the quirks ${quirks.join(', ')}`);
  return known.value;
}

/** What was measured while load was offered and answered; winding up is no part of it. */
type Span = Pick<
  StormResult,
  'elapsedSeconds' | 'cpuSeconds' | 'attaches' | 'detaches' | 'exits' | 'functionSwitches'
>;

type Phase = 'populating' | 'offering' | 'draining' | 'winding up';

async function live(storm: Storm, enter: (phase: Phase) => void): Promise<Span> {
  const { hooks, memory, bonds, functions, fleet, unit } = storm;
  await functions.attach();
  await fleet.start();
  const started = hooks.now();
  const cpuBefore = hooks.cpuSeconds();
  Atomics.store(memory.control, controlWord(CONTROL.offer), 1);
  unit.wakeDevices();
  enter('offering');
  await offer(storm, started);
  Atomics.store(memory.control, controlWord(CONTROL.offer), 0);
  enter('draining');
  await drain(storm);
  const span = {
    elapsedSeconds: (hooks.now() - started) / 1000,
    cpuSeconds: hooks.cpuSeconds() - cpuBefore,
    attaches: bonds.attaches,
    detaches: bonds.detaches,
    exits: fleet.exits,
    functionSwitches: functions.switches,
  };
  enter('winding up');
  await windUp(storm);
  return span;
}

/** Runs the control plane beside the load until the load is exhausted, time is up, or somebody interrupts. */
async function offer(storm: Storm, started: number): Promise<void> {
  const { plan, hooks, memory, chores } = storm;
  const bell = new Bell(memory.bells, THREAD.main);
  const churn = new StormChurn({
    plan,
    unit: storm.unit,
    fleet: storm.fleet,
    functions: storm.functions,
    random: prng(plan.seed),
  });
  const watch = new StormWatch(storm, started);
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
    const now = hooks.now();
    churn.tick((now - started) / 1000);
    watch.tick(now);
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

/**
 * Finishes what processes were asked for, unbinds and ends all. L2: with the devices quiet, detaches return.
 */
async function windUp({ bonds, functions, fleet, unit, hooks }: Storm): Promise<void> {
  const stopped = fleet
    .stop()
    .then(() => functions.detach())
    .then(() => true);
  const returned = (): number => bonds.detaches + fleet.unmaps;
  let seen = returned();
  let since = hooks.now();
  while (!(await Promise.race([stopped, pause(TICK_MILLISECONDS, false, { ref: false })]))) {
    if (returned() !== seen) {
      seen = returned();
      since = hooks.now();
    }
    if (hooks.now() - since < ASLEEP_MILLISECONDS) continue;
    unit.breach('L2', 'a detach did not return although every device was quiet');
    return;
  }
}

const failureOf = ({ threads, fleet }: Storm): Error | undefined =>
  threads.failure ?? fleet.failure;

function resultOf(storm: Storm, span: Span): StormResult {
  const { plan, hooks, memory, bonds, fleet, threads, unit } = storm;
  const counter = (name: keyof typeof COUNTER): number => counterOf(memory, COUNTER[name]);
  return {
    ...span,
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
    unmaps: fleet.unmaps,
    groupLatencyUs: percentilesOf(memory.latencies),
    detachLatencyUs: percentilesOf(bonds.detachLatencies),
    retryMisses: counter('retryMisses'),
    strays: bonds.strays + counter('strays'),
    lost: openGroups(memory),
    duplicated: counter('duplicated') + counter('ghosts'),
    violations: violationsOf(memory, unit.breaches),
    misbehaviours: [...threads.misbehaviours, ...misbehaviourOf(storm)],
    resolverDeaths: threads.deaths,
    interrupted: hooks.signal.aborted,
    threads: { device: 1, prq: 1, resolvers: plan.workers },
  };
}
