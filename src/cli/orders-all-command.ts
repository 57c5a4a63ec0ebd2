/**
 * All orders: every operation of every driver, written as a page with its pictures.
 *
 * Effects: writes files; a page is written when all of it is known, and not before.
 */
import { join } from 'node:path';
import { driverWith } from '../actors/drivers.ts';
import { PASID_FLUSH } from '../actors/pasid-flush.ts';
import { ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { KnownNames } from '../scenarios/known-names.ts';
import { answerOrders } from '../scenarios/orders/answer-orders.ts';
import { vendorOf } from '../scenarios/orders/order-world.ts';
import type { OrdersAnswer } from '../scenarios/orders/orders-answer.ts';
import { ORDERED_OPERATIONS } from '../scenarios/orders/questions.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import { hasseSvg } from '../viz/hasse-svg.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { OrdersArguments } from './orders-arguments.ts';
import { isAsked, type OrdersEnvironment, progressText } from './orders-command.ts';
import { diagramOf } from './orders-diagram.ts';
import { ordersPage, pictureName } from './orders-page.ts';
import { progressLine } from './progress.ts';

const OUT_DEFAULT = 'docs';
const PICTURES = 'orders';

export async function allOrdersCommand(
  { out = OUT_DEFAULT, statesMax }: OrdersArguments,
  { drivers }: KnownNames,
  { stdout, stderr, now, signal, hosts }: OrdersEnvironment,
): Promise<Result<ExitCode, BadInput>> {
  const answers: OrdersAnswer[] = [];
  // Repaired ones first: the others are held to them.
  const names = drivers
    // A flush of one PASID stands where the whole one stood: asked for by name, it takes as long and says the same.
    .filter((name) => vendorOf({ name }) !== undefined && !name.endsWith(PASID_FLUSH))
    .toSorted((a, b) => Number(a.includes('@')) - Number(b.includes('@')));
  for (const driver of names) {
    const built = driverWith(driver, []);
    if (!built.ok) continue;
    for (const operation of ORDERED_OPERATIONS) {
      if (!isAsked(built.value, operation)) continue;
      const progress = progressLine(
        stderr,
        now,
        (at: Parameters<typeof progressText>[0]) => `${driver} ${operation}  ${progressText(at)}`,
      );
      const question = { driver, operation, quirks: [], statesMax };
      const answer = await answerOrders(
        question,
        { hosts, signal, progress: progress.update },
        answers,
      );
      progress.end();
      if (answer.result.kind === 'interrupted') return ok(EXIT.interrupted);
      if (answer.result.kind === 'limited') {
        stderr.write(`stormdrain: ${driver} ${operation} needs more than ${statesMax} states\n`);
        return ok(EXIT.limited);
      }
      answers.push(answer);
      stdout.write(`${driver} ${operation}\n`);
    }
  }
  return write(answers, out);
}

async function write(
  answers: readonly OrdersAnswer[],
  folder: string,
): Promise<Result<ExitCode, BadInput>> {
  const made = await makeFolder(join(folder, PICTURES));
  if (!made.ok) return made;
  const pictures = await Promise.all(
    answers.map(async (answer) => {
      const { driver, result } = answer;
      if (result.kind !== 'known' || vendorOf({ name: driver }) !== driver) return [];
      const text = await hasseSvg(diagramOf(answer, result));
      return [{ name: join(PICTURES, pictureName(answer)), text }];
    }),
  );
  const page = { name: 'orders.md', text: `${ordersPage(answers, PICTURES)}\n` };
  for (const { name, text } of [...pictures.flat(), page]) {
    const written = await writeWholeFile(join(folder, name), text);
    if (!written.ok) return written;
  }
  return ok(EXIT.fine);
}
