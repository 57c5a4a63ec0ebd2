/** A process of the test world: address space, notifier, SVA domain; its end, up to the tables. */
import { type Actor, createActor } from 'xstate';

import { mmMachine } from '../../../../src/machines/mm.ts';
import { mmNotifierMachine } from '../../../../src/machines/mm-notifier.ts';
import { Bond } from './attachment.ts';
import { RunningOperation } from './running-operation.ts';
import type { Unit } from './unit.ts';

export class Process {
  readonly mm: Actor<typeof mmMachine>;
  readonly notifier: Actor<typeof mmNotifierMachine>;
  readonly bond: Bond;
  /** Effects of the address space and the notifier, in order. */
  readonly log: string[] = [];
  /** Releases of its entries that are under way or have ended. */
  readonly releases: RunningOperation[] = [];
  readonly #world: Unit;
  readonly #number: number;

  constructor(world: Unit, number: number, pfns: readonly number[]) {
    this.#world = world;
    this.#number = number;
    world.report.mappable.set(number, new Set(pfns));
    const breach = (property: string, unexpected: string) =>
      void world.report.violations.push({ property, unexpected });
    this.mm = createActor(
      mmMachine.provide({
        actions: {
          releaseNotifiers: () => this.#release(),
          tearDownTables: () => {
            this.log.push('tables torn down');
            this.mm.send({ type: 'tables.torn-down' });
          },
          freePasid: () => void this.log.push('PASID freed'),
          violate: (_, { property, unexpected }) => breach(property, unexpected),
        },
      }),
      { input: { mm: number } },
    ).start();
    this.bond = new Bond(world, number, 'sva', () => this.notifier.send({ type: 'notifier.put' }));
    this.notifier = createActor(
      mmNotifierMachine.provide({
        guards: { mmHasUsers: () => this.mm.getSnapshot().hasTag('has-users') },
        actions: {
          takeStructure: () => this.mm.send({ type: 'structure.get' }),
          neutralise: () => this.#neutralise(),
          awaitGracePeriod: () => void this.log.push('grace period awaited'),
          freeDomain: () => this.bond.domain.send({ type: 'grace-period.ended' }),
          dropStructure: () => this.mm.send({ type: 'structure.put' }),
          violate: (_, { unexpected }) => breach('S8', unexpected),
        },
      }),
      { input: { mm: number, domain: number } },
    ).start();
    this.mm.send({ type: 'pasid.assigned', pasid: number });
    this.notifier.send({ type: 'notifier.register' });
  }

  /** Drops the process's own users; whoever holds others goes on. */
  exit(): this {
    this.mm.send({ type: 'users.put' });
    return this;
  }

  /** Runs the release to its end, and with it the exit. */
  finishRelease(): this {
    for (const release of this.releases) release.finish();
    return this;
  }

  endGracePeriod(): this {
    this.notifier.send({ type: 'grace-period.ended' });
    return this;
  }

  #release(): void {
    this.log.push('release');
    this.#world.report.mappable.delete(this.#number);
    if (this.notifier.getSnapshot().matches('registered')) {
      this.notifier.send({ type: 'mm.releasing' });
    } else this.mm.send({ type: 'notifiers.released' });
  }

  #neutralise(): void {
    const tracked = [...this.bond.tracked];
    const { driver } = this.#world;
    for (const attachment of tracked) {
      attachment.releases += 1;
      const release = new RunningOperation(
        this.#world,
        `mm-release-${this.#number}`,
        0,
        driver.operations['mm-release'],
        attachment,
        () => {
          attachment.releases -= 1;
          if (this.releases.every(({ isDone }) => isDone)) this.#released();
        },
      );
      this.releases.push(release);
    }
    if (tracked.length === 0) this.#released();
  }

  #released(): void {
    this.notifier.send({ type: 'release.finished' });
    this.mm.send({ type: 'notifiers.released' });
  }
}
