/** Answers of questions that a test has the patience for, each found once. */
import type { OperationName } from '../../../../src/actors/driver.ts';
import { answerOrders } from '../../../../src/scenarios/orders/answer-orders.ts';
import { onThisThread } from '../../../../src/scenarios/orders/order-threads.ts';
import type { OrdersAnswer, OrdersKnown } from '../../../../src/scenarios/orders/orders-answer.ts';

const found = new Map<string, Promise<OrdersAnswer>>();

export function answerOf(
  driver: string,
  operation: OperationName,
  ...quirks: readonly string[]
): Promise<OrdersAnswer> {
  const name = [driver, operation, ...quirks].join(' ');
  const answer =
    found.get(name) ??
    answerOrders(
      { driver, quirks, operation, statesMax: 1_000_000 },
      { hosts: onThisThread, signal: new AbortController().signal, progress: () => {} },
    );
  found.set(name, answer);
  return answer;
}

export function knownIn({ result }: OrdersAnswer): OrdersKnown {
  if (result.kind !== 'known') throw new Error(result.kind);
  return result;
}
