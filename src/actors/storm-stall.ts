/**
 * Storm stall: notices that a storm which has something to do does nothing any more, and says what waits for what.
 *
 * A storm waits for other threads in many places; none of them may wait for ever without a word.
 * Units: milliseconds.
 */
import { COUNTER } from '../workers/storm-layout.ts';
import type { Storm } from './storm-assembly.ts';
import { counterOf, openGroups } from './storm-result.ts';

export type StallWatch = {
  /** Resolves, to an error that tells where everybody is, once nothing has moved for long enough. */
  readonly stalled: Promise<Error>;
  stop(): void;
};

const LOOK_MILLISECONDS = 1000;
/** Longer than any wait that has a patience of its own. */
const STALL_MILLISECONDS = 45_000;
/** Groups of a slow resolver that are one step to those who watch it. */
const SLOW_GROUPS = 10;

export function watchForStall(storm: Storm, phase: () => string): StallWatch {
  const { hooks, plan } = storm;
  const patience = STALL_MILLISECONDS + (SLOW_GROUPS * plan.resolverDelayMicroseconds) / 1000;
  const started = hooks.now();
  let seen = '';
  let since = started;
  const isOverdue = (): boolean =>
    plan.durationSeconds !== undefined &&
    hooks.now() - started > plan.durationSeconds * 1000 + patience;
  let settle: (error: Error) => void = () => {};
  const stalled = new Promise<Error>((resolve) => {
    settle = resolve;
  });
  const timer = setInterval(() => {
    const now = `${phase()} ${movement(storm)}`;
    if (now !== seen || (phase() === 'offering' && isIdle(storm) && !isOverdue())) {
      seen = now;
      since = hooks.now();
    }
    if (hooks.now() - since >= patience) settle(stallError(storm, phase()));
  }, LOOK_MILLISECONDS).unref();
  return { stalled, stop: () => clearInterval(timer) };
}

/** While load is offered, a storm in which nothing is under way just has little load. */
const isIdle = ({ memory, fleet }: Storm): boolean =>
  openGroups(memory) === 0 && fleet.whereabouts().length === 0;

/** Changes whenever anything was answered, bound, unbound, unmapped or ended. */
function movement({ memory, bonds, fleet, unit }: Storm): string {
  const { attaches, detaches } = bonds;
  const { exits, unmaps } = fleet;
  const groups = counterOf(memory, COUNTER.groups);
  return [groups, attaches, detaches, exits, unmaps, unit.passes].join(' ');
}

function stallError({ memory, fleet }: Storm, phase: string): Error {
  const waiting = fleet.whereabouts();
  const underWay = waiting.length === 0 ? 'nothing' : waiting.join('; ');
  return new Error(
    `the storm stalled while ${phase}: ${openGroups(memory)} groups unanswered; under way: ${underWay}`,
  );
}
