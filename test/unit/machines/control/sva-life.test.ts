/**
 * Bind and unbind over real parts: one process, two devices, one SVA domain; the driver's lists run where the bind
 * and the unbind wait for them.
 */
import { expect, test } from 'vitest';
import { type AnyActorRef, createActor } from 'xstate';

import type { RequesterId } from '../../../../src/core/ids.ts';
import { attachHandleMachine } from '../../../../src/machines/attach-handle.ts';
import { BIND_STEPS, svaBindMachine } from '../../../../src/machines/sva-bind.ts';
import { svaUnbindMachine, UNBIND_STEPS } from '../../../../src/machines/sva-unbind.ts';
import { OTHER_RID, RID, request } from '../report/harness.ts';
import type { Attachment } from './attachment.ts';
import { RunningOperation } from './running-operation.ts';
import { UnitWorld } from './unit-world.ts';

const MM = 1;
const STEP = { type: 'step' } as const;

/** sva_lock, the handles by device, and the list of the process's domains: it has one or none. */
class SvaWorld {
  readonly world: UnitWorld;
  readonly process;
  readonly log: string[] = [];
  readonly handles = new Map<RequesterId, AnyActorRef>();
  readonly attachments = new Map<RequesterId, Attachment>();
  #domains = 0;
  /** What an effect began and its actor now waits for. */
  #pending: (() => void) | undefined;

  constructor(name: string) {
    this.world = new UnitWorld(name);
    this.process = this.world.process(MM);
  }

  bind(rid: RequesterId): string {
    const note = (what: string) => void this.log.push(`bind ${what}`);
    const attachment = this.world.attachment(rid, MM);
    this.attachments.set(rid, attachment);
    attachment.next = this.process.bond;
    const { bond } = this.process;
    const actor = createActor(
      svaBindMachine.provide({
        actions: {
          allocateHandle: () => this.#handle(rid).send({ type: 'handle.allocate' }),
          attach: () => {
            note('attach');
            const steps = this.#steps('bind-sva', BIND_STEPS);
            this.#pending = () => {
              new RunningOperation(this.world, `attach-${rid}`, 50, steps, attachment).finish();
              actor.send({ type: 'attach.succeeded' });
            };
          },
          getDomain: () => bond.domain.send({ type: 'user.attached' }),
          linkDomain: () => {
            note('link');
            this.#domains = 1;
          },
          takeStructure: () => this.process.mm.send({ type: 'structure.get' }),
        },
        guards: {
          svaLockIsFree: () => true,
          deviceHasNoGroup: () => false,
          tablesAreIncompatible: () => false,
          mmHasPasid: () => true,
          pasidIsTooLarge: () => false,
          pasidsAreExhausted: () => false,
          bondExists: () => this.handles.get(rid)?.getSnapshot().matches('live') === true,
          bondIsOfAnotherMm: () => false,
          slotHoldsAnotherType: () => false,
          driverHasNoSva: () => false,
          mmHasDomains: () => this.#domains > 0,
        },
      }),
      { input: { bind: 1, device: rid, mm: MM } },
    ).start();
    const offers = [
      STEP,
      this.#domains > 0
        ? ({ type: 'domain.found', position: 0, domain: MM } as const)
        : ({ type: 'domain.missing', position: 0 } as const),
      { type: 'domain.allocated', domain: MM } as const,
    ];
    this.#run(actor, offers);
    return String(actor.getSnapshot().value);
  }

  unbind(rid: RequesterId): string {
    const attachment = this.attachments.get(rid);
    if (attachment === undefined) throw new Error('not bound');
    const { domain } = this.process.bond;
    const actor = createActor(
      svaUnbindMachine.provide({
        actions: {
          detach: () => {
            const steps = this.#steps('unbind-sva', UNBIND_STEPS);
            this.#pending = () => {
              const detach = new RunningOperation(
                this.world,
                `detach-${rid}`,
                60,
                steps,
                attachment,
              );
              this.world.operations.push(detach);
              this.world.settle();
              actor.send({ type: 'detach.finished' });
            };
          },
          putDomain: () => domain.send({ type: 'user.detached' }),
          unlinkDomain: () => {
            this.#domains = 0;
          },
          unlinkMm: () => void this.log.push('unbind unlinkMm'),
          clearSvaPresent: () => void this.log.push('unbind clearSvaPresent'),
          dropStructure: () => this.process.mm.send({ type: 'structure.put' }),
          freeHandle: () => this.#handle(rid).send({ type: 'handle.free' }),
        },
        guards: {
          svaLockIsFree: () => true,
          bondHasOtherUsers: () => false,
          domainHasOtherUsers: () => domain.getSnapshot().context.users > 1,
          mmHasOtherDomains: () => false,
          otherMmsHaveDomains: () => false,
        },
      }),
      { input: { unbind: 1, device: rid, mm: MM, domain: MM } },
    ).start();
    this.#run(actor, [STEP]);
    return String(actor.getSnapshot().value);
  }

  #run(actor: AnyActorRef, offers: readonly { readonly type: string }[]): void {
    for (;;) {
      const pending = this.#pending;
      this.#pending = undefined;
      const offer = offers.find((event) => actor.getSnapshot().can(event));
      if (pending !== undefined) pending();
      else if (offer !== undefined) actor.send(offer);
      else return;
    }
  }

  #steps(name: 'bind-sva' | 'unbind-sva', own: readonly string[]) {
    return this.world.driver.operations[name].filter((step) => !own.includes(step));
  }

  #handle(rid: RequesterId): AnyActorRef {
    const handle = this.handles.get(rid) ?? createActor(attachHandleMachine).start();
    this.handles.set(rid, handle);
    return handle;
  }
}

test.each(['vtd', 'vtd@7.3'])(
  '%s: two devices share the domain of one process; its last unbind frees it',
  (name) => {
    const sva = new SvaWorld(name);
    const { bond, mm, log } = sva.process;

    expect([sva.bind(RID), sva.bind(OTHER_RID)]).toEqual(['bound', 'bound']);
    expect(sva.log).toEqual(['bind attach', 'bind link', 'bind attach']);
    expect(bond.domain.getSnapshot().context.users).toBe(2);
    expect(mm.getSnapshot().context.structure).toBe(3);

    sva.world.report.receive(request(), request({ rid: OTHER_RID, pfn: 0x11 }));
    expect(sva.unbind(RID)).toBe('unbound');
    expect(bond.domain.getSnapshot().value).toBe('attached');
    expect(sva.handles.get(RID)?.getSnapshot().value).toBe('freed');

    expect(sva.unbind(OTHER_RID)).toBe('unbound');
    expect(bond.domain.getSnapshot().value).toBe('retiring');
    expect(sva.log.slice(3)).toEqual(['unbind unlinkMm', 'unbind clearSvaPresent']);
    expect(log).toEqual(['grace period awaited']);

    sva.process.endGracePeriod();
    expect(bond.domain.getSnapshot().value).toBe('freed');
    expect(mm.getSnapshot().context).toMatchObject({ structure: 1, pasid: MM });
    expect(sva.world.report.responses).toEqual(['success 1/3@10', 'success 1/3@11']);
    expect(sva.world.report.breaches()).toEqual([]);
  },
);

test('a second bind of the same device returns the same bond and attaches nothing', () => {
  const sva = new SvaWorld('vtd');
  sva.bind(RID);
  const before = sva.world.log.length;

  expect(sva.bind(RID)).toBe('bound');
  expect(sva.world.log).toHaveLength(before);
});
