/**
 * Goal:   chains per index hold the groups that Linux's one list a device would, in the same order.
 * Method: random arrivals and removals against that one list; a group is gathered by index, and by (PASID, index).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PartialRequests } from '../../../src/workers/partial-requests.ts';

const NODES = 12;
const DEVICES = 2;

type Request = {
  readonly device: number;
  readonly index: number;
  readonly pasid: number;
  readonly id: number;
};

const few = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'group', 'device'),
  device: fc.integer({ min: 0, max: DEVICES - 1 }),
  index: fc.constantFrom(0, 1, 511),
  pasid: fc.integer({ min: 1, max: 3 }),
  byPasid: fc.boolean(),
});

function chain(partials: PartialRequests, device: number, index: number): Request[] {
  const found: Request[] = [];
  for (let node = partials.first(device, index); node >= 0; node = partials.after(node)) {
    const [pasid = 0, id = 0] = [partials.pasid[node], partials.id[node]];
    expect([partials.pfnLow[node], partials.highAndAccess[node]]).toEqual([id * 2, id * 3]);
    found.push({ device, index, pasid, id });
  }
  return found;
}

describe('partial requests', () => {
  it('are the list that Linux keeps', () => {
    fc.assert(
      fc.property(fc.array(few, { maxLength: 120 }), (steps) => {
        const partials = new PartialRequests(DEVICES, NODES);
        let list: Request[] = [];
        for (const [id, { kind, device, index, pasid, byPasid }] of steps.entries()) {
          const goes = (each: Request): boolean =>
            each.device === device &&
            (kind === 'device' || each.index === index) &&
            (!byPasid || each.pasid === pasid);
          if (kind === 'add') {
            const added = partials.add(device, index, id * 2, id * 3, pasid, id);
            expect(added).toBe(list.length < NODES);
            if (added) list.push({ device, index, pasid, id });
          } else {
            const only = byPasid ? pasid : undefined;
            const removed =
              kind === 'group'
                ? partials.remove(device, index, only)
                : partials.removeOf(device, only);
            expect(removed).toBe(list.filter(goes).length);
            list = list.filter((each) => !goes(each));
          }
          for (let each = 0; each < DEVICES; each += 1) {
            expect(partials.countOf(each)).toBe(list.filter((one) => one.device === each).length);
            for (const at of [0, 1, 511]) {
              expect(chain(partials, each, at)).toEqual(
                list.filter((one) => one.device === each && one.index === at),
              );
            }
          }
        }
      }),
    );
  });
});
