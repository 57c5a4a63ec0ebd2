/**
 * The PRQ thread's chains of partial requests against the fault-queue machine: same groups, same order.
 *
 * Method: random requests of two PASIDs and three indices, stored or closing a group, under both matching rules.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../src/core/ids.ts';
import { faultQueueMachine } from '../../../src/machines/fault-queue.ts';
import { LINUX_7_3, REPAIRED, type ReportRules } from '../../../src/machines/report-rules.ts';
import { PartialRequests } from '../../../src/workers/partial-requests.ts';

const DEVICE = 0;

type Step =
  | { readonly kind: 'store' | 'close'; readonly pasid: number; readonly index: number }
  | { readonly kind: 'discard' }
  | { readonly kind: 'discard-pasid'; readonly pasid: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('store' as const, 'close' as const),
      pasid: fc.integer({ min: 1, max: 2 }),
      index: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'discard' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('discard-pasid' as const),
      pasid: fc.integer({ min: 1, max: 2 }),
    }),
  },
);

function machine(rules: ReportRules) {
  let group: number[] = [];
  const actor = createActor(
    faultQueueMachine.provide({
      actions: {
        fillGroup: (_, { requests }) => {
          group = requests.map(({ prgEpoch }) => prgEpoch);
        },
      },
    }),
    { input: { device: DEVICE, queue: 0, responds: true, rules } },
  ).start();
  actor.send({ type: 'device.add', allocated: true });
  const { param } = actor.getSnapshot().context;
  const request = (id: number, pasidNumber: number, index: number, last: boolean) => ({
    rid: requesterId(0x100),
    pasid: pasid(pasidNumber),
    prgi: prgIndex(index),
    iovaPfn: iovaPfn(id),
    access: { read: true, write: false, exec: false, privileged: false },
    last,
    owner: 1,
    prgEpoch: id,
  });
  return {
    apply: (id: number, act: Step): number[] => {
      group = [];
      switch (act.kind) {
        case 'store':
          actor.send({
            type: 'partial.store',
            param,
            request: request(id, act.pasid, act.index, false),
          });
          break;
        case 'close':
          actor.send({ type: 'reference.take', param });
          actor.send({
            type: 'group.build',
            param,
            group: id,
            request: request(id, act.pasid, act.index, true),
            onStack: false,
          });
          actor.send({ type: 'group.unlink', param, group: id });
          actor.send({ type: 'reference.put', param });
          break;
        case 'discard':
          actor.send({ type: 'partials.discard' });
          break;
        case 'discard-pasid':
          actor.send({ type: 'partials.discard-pasid', pasid: pasid(act.pasid) });
          break;
      }
      return group;
    },
  };
}

function chains(rules: ReportRules) {
  const partials = new PartialRequests(1, 16);
  const byIndex = rules.matchPartialsBy === 'index';
  return {
    apply: (id: number, act: Step): number[] => {
      switch (act.kind) {
        case 'store':
          expect(partials.add(DEVICE, act.index, id, 0, act.pasid, id)).toBe(true);
          return [];
        case 'close': {
          const members: number[] = [];
          const first = partials.first(DEVICE, act.index);
          for (let node = first; node >= 0; node = partials.after(node)) {
            if (byIndex || partials.pasid[node] === act.pasid)
              members.push(partials.id[node] ?? -1);
          }
          partials.remove(DEVICE, act.index, byIndex ? undefined : act.pasid);
          return [...members, id];
        }
        case 'discard':
          partials.removeOf(DEVICE, undefined);
          return [];
        case 'discard-pasid':
          partials.removeOf(DEVICE, act.pasid);
          return [];
      }
    },
  };
}

describe.each([
  ['Linux 7.3', LINUX_7_3],
  ['the repaired driver', REPAIRED],
])('under the rules of %s', (_, rules) => {
  it('assembles the groups that the machine does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const model = machine(rules);
        const real = chains(rules);
        for (const [id, act] of steps.entries()) {
          expect(real.apply(id, act)).toEqual(model.apply(id, act));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
