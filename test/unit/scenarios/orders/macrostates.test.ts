/**
 * A walk through macrostates says of an order what an exploration of the world with that very list says. Orders are
 * drawn by chance, those close to the driver's own among them.
 */
import { describe, expect, it } from 'vitest';

import type { OperationName } from '../../../../src/actors/driver.ts';
import { driverOf, orderHost } from '../../../../src/scenarios/orders/order-host.ts';
import { worldsFor } from '../../../../src/scenarios/orders/questions.ts';
import { drawnOrders } from './drawn-orders.ts';

type Row = readonly [driver: string, operation: OperationName, orders: number];

const ROWS: readonly Row[] = [
  ['vtd', 'attach-pasid', 12],
  ['vtd', 'detach-pasid', 4],
  ['vtd', 'mm-release', 8],
  ['vtd', 'unbind-sva', 4],
  ['vtd@7.3', 'detach-rid', 4],
  ['amd', 'unbind-sva', 4],
  ['amd', 'detach-rid', 4],
  ['smmuv3', 'unbind-sva', 4],
];

describe('an order is safe in macrostates just when it is safe by itself', () => {
  it.each(ROWS)(
    '%s %s',
    (name, operation, orders) => {
      const driver = driverOf({ driver: name, quirks: [] });
      const steps = driver.operations[operation];
      const host = orderHost({ driver: name, quirks: [], operation, statesMax: 1_000_000 });
      const seen = { safe: 0, broken: 0 };
      for (const order of drawnOrders(steps.length, orders, 42)) {
        const list = order.flatMap((step) => steps[step] ?? []);
        for (const [world, { scenario }] of worldsFor(driver, operation).entries()) {
          const walked = host({ kind: 'walk', world, order }).numbers[0] === 1;
          const { found } = host({ kind: 'search', world, steps: list });
          expect(walked, `${scenario.name}: ${list}`).toBe(found === undefined);
          seen[walked ? 'safe' : 'broken'] += 1;
        }
      }
      expect(seen.safe).toBeGreaterThan(0);
      expect(seen.broken).toBeGreaterThan(0);
    },
    120_000,
  );
});
