/** What is found of the orders of small operations, without being told. */
import { describe, expect, it } from 'vitest';
import { turnedOrder } from '../../../../src/explore/orders/nearest-order.ts';
import { partialOrder } from '../../../../src/explore/orders/partial-order.ts';
import { answerOrders } from '../../../../src/scenarios/orders/answer-orders.ts';
import { onThisThread } from '../../../../src/scenarios/orders/order-threads.ts';
import { answerOf, knownIn } from './answers.ts';

describe('the orders of a detach', () => {
  it('have what the catalogue knows, each with a way to what goes wrong', async () => {
    const { constraints, alternatives, needed, necessary, own, ...counts } = knownIn(
      await answerOf('vtd', 'detach-pasid'),
    );
    expect(own).toBeUndefined();
    expect(counts.safe).toBeGreaterThan(0n);
    expect(counts.keepAll).toBe(counts.safe);
    const races = [...constraints, ...needed].flatMap((each) => each.races);
    expect(races).toEqual(
      expect.arrayContaining([
        'sva-teardown-order',
        'flush-workqueue-before-hw-queue',
        'iopf-remove-before-drain',
        'rid-detach-without-drain',
      ]),
    );
    expect(necessary).toEqual(
      expect.arrayContaining([
        { before: 'block-entry-owing-drain', after: 'drain-ring' },
        { before: 'drain-ring', after: 'flush-workqueue' },
        { before: 'flush-workqueue', after: 'drop-reporting' },
        { before: 'flush-workqueue', after: 'free-handle' },
      ]),
    );
    for (const { wrong } of [...constraints, ...alternatives]) {
      expect(wrong?.violation.property).toMatch(/^[SL]\d+$|deadlock|unexpected/);
      expect(wrong?.trace.steps.length).toBeGreaterThan(0);
    }
    expect(needed.map(({ step }) => step)).not.toContain('drain-hardware');
  }, 120_000);
});

describe('the orders of an attach', () => {
  it('break the constraint that a quirk turns round', async () => {
    const { result, heldTo } = await answerOf('vtd', 'attach-pasid', 'publish-before-hardware');
    expect(result).toMatchObject({ kind: 'known', own: { violation: { property: 'S19' } } });
    expect(heldTo).toEqual({
      driver: 'vtd',
      broken: [{ before: 'program-entry', after: 'publish-handle' }],
      brokenAlternatives: [],
      lacking: [],
    });
  });
});

describe('the orders of an mm release', () => {
  it('are all found, and their constraints are enough', async () => {
    const { orders, safe, keepAll, constraints, alternatives } = knownIn(
      await answerOf('vtd', 'mm-release'),
    );
    expect({ orders, safe, keepAll, alternatives }).toEqual({
      orders: 120n,
      safe: 6n,
      keepAll: 6n,
      alternatives: [],
    });
    expect(
      constraints.map(({ before, after, wrong }) => [before, after, wrong?.violation.property]),
    ).toEqual([
      ['block-entry-owing-flush', 'invalidate-pasid-cache', 'S13'],
      ['invalidate-pasid-cache', 'invalidate-iotlb', 'S9'],
      ['invalidate-pasid-cache', 'invalidate-device-tlb', 'S9'],
      ['invalidate-pasid-cache', 'mark-fault-disabled', 'S13'],
    ]);
  });
});

describe('a search for orders', () => {
  const question = { driver: 'vtd', quirks: [], operation: 'mm-release', statesMax: 5 } as const;
  const hooks = { hosts: onThisThread, progress: () => {} };

  it('says which world had more states than it may', async () => {
    const signal = new AbortController().signal;
    const { result } = await answerOrders(question, { ...hooks, signal });
    expect(result).toEqual({ kind: 'limited', world: expect.any(String) });
  });

  it('ends when it is told to', async () => {
    const { result } = await answerOrders(question, { ...hooks, signal: AbortSignal.abort() });
    expect(result).toEqual({ kind: 'interrupted' });
  });
});

describe('the nearest order in which a pair is turned round', () => {
  const necessary = partialOrder([0, 1, 2, 3], [{ first: 2, second: 3 }]);
  const base = [0, 1, 2, 3];
  it('keeps what must come before, and changes little else', () => {
    expect(turnedOrder(base, necessary, [{ first: 0, second: 1 }])).toEqual([1, 0, 2, 3]);
    expect(turnedOrder(base, necessary, [{ first: 0, second: 3 }])).toEqual([1, 2, 3, 0]);
    expect(turnedOrder(base, necessary, [{ first: 2, second: 3 }])).toEqual([0, 1, 3, 2]);
  });

  it('may have two pairs turned round, and there may be none', () => {
    const one = { first: 0, second: 1 };
    expect(turnedOrder(base, necessary, [one, { first: 0, second: 2 }])).toEqual([1, 2, 0, 3]);
    expect(turnedOrder(base, necessary, [one, { first: 1, second: 0 }])).toBeUndefined();
  });
});
