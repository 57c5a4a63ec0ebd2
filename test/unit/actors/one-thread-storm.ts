/**
 * A storm in one thread: the roles stepped in turn, with a look at the shared memory after each step of each.
 *
 * Nothing happens between a look and the next step, so what is seen is the whole of what one role did. The control
 * plane is the live one; between two rounds it gets its turn of the event loop.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { driverWith } from '../../../src/actors/drivers.ts';
import { assembleStorm, type Storm } from '../../../src/actors/storm-assembly.ts';
import { counterOf } from '../../../src/actors/storm-result.ts';
import { word } from '../../../src/core/words.ts';
import { DeviceRole } from '../../../src/workers/device-role.ts';
import { PageRequestRole } from '../../../src/workers/page-request-role.ts';
import { ResolverRole } from '../../../src/workers/resolver-role.ts';
import { controlWord } from '../../../src/workers/role.ts';
import { CONTROL, COUNTER } from '../../../src/workers/storm-layout.ts';
import type { StormPlan } from '../../../src/workers/storm-plan.ts';
import { stormLayout } from '../../../src/workers/storm-sizes.ts';

const ROUNDS_MAX = 200_000;

/** Which roles a round steps; a storm in which one is left out for a while fills its queue. */
export type Roles = { readonly device: boolean; readonly prq: boolean; readonly resolver: boolean };
export const ALL: Roles = { device: true, prq: true, resolver: true };

export type OneThreadStorm = {
  readonly storm: Storm;
  readonly counter: (name: keyof typeof COUNTER) => number;
  /** Steps the roles until `holds`; fails when it never does. */
  readonly until: (holds: () => boolean, roles?: Roles) => Promise<void>;
  /** As many rounds. */
  readonly rounds: (count: number, roles?: Roles) => Promise<void>;
  readonly offer: (on: boolean) => void;
  /** Waits for what the control plane does, stepping all roles. */
  readonly during: <Value>(work: Promise<Value>) => Promise<Value>;
};

/** Everything is bound, and nothing offered yet. `look` is called after each step of a role. */
export async function oneThreadStorm(
  plan: StormPlan,
  look: (storm: Storm) => void = () => {},
): Promise<OneThreadStorm> {
  const layout = stormLayout(plan);
  const driver = driverWith(plan.driver, plan.quirks);
  if (layout === undefined || !driver.ok) throw new Error('the plan is no plan');
  let clock = 0;
  const hooks = {
    now: () => {
      clock += 0.01;
      return clock;
    },
    cpuSeconds: () => 0,
    signal: new AbortController().signal,
    progress: () => {},
  };
  const storm = assembleStorm(plan, layout, driver.value, hooks, {});
  const { memory, chores, fleet } = storm;
  const device = new DeviceRole(memory, storm.load, hooks.now);
  const prq = new PageRequestRole(memory);
  const resolver = new ResolverRole(memory, 0, {
    delayMicroseconds: 0,
    resumes: false,
    death: undefined,
  });

  async function round(roles: Roles): Promise<void> {
    for (const [name, role] of Object.entries({ device, prq, resolver })) {
      if (!roles[name as keyof Roles]) continue; // keys of that very record
      role.step();
      look(storm);
    }
    for (let left = chores.available(); left > 0; left -= 1) {
      const at = chores.take();
      const [stream, generation, position] = [0, 1, 2].map((field) =>
        word(chores.words, at + field),
      );
      fleet.chore(stream ?? 0, generation ?? 0, position ?? 0);
    }
    chores.release();
    await turn();
  }
  async function until(holds: () => boolean, roles: Roles = ALL): Promise<void> {
    for (let count = 0; !holds(); count += 1) {
      if (count === ROUNDS_MAX) throw new Error('it never happened');
      await round(roles);
    }
  }
  async function rounds(count: number, roles: Roles = ALL): Promise<void> {
    for (let left = count; left > 0; left -= 1) await round(roles);
  }
  async function during<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    await until(() => isDone);
    return done;
  }

  await during(storm.functions.attach());
  await during(fleet.start());
  return {
    storm,
    counter: (name) => counterOf(memory, COUNTER[name]),
    until,
    rounds,
    offer: (on) => Atomics.store(memory.control, controlWord(CONTROL.offer), on ? 1 : 0),
    during,
  };
}
