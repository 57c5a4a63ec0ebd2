/**
 * The `orders` command: tries every order of an operation's steps and says what they have in common.
 *
 * Effects: writes output, and files when they are named; threads start only in what it is handed.
 */
import { join } from 'node:path';
import type { Driver, OperationName } from '../actors/driver.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import { answerOrders } from '../scenarios/orders/answer-orders.ts';
import type { OrderQuestion } from '../scenarios/orders/order-host.ts';
import type { StartHosts } from '../scenarios/orders/order-threads.ts';
import { vendorOf } from '../scenarios/orders/order-world.ts';
import type { OrdersAnswer, OrdersKnown } from '../scenarios/orders/orders-answer.ts';
import type { OrdersProgress } from '../scenarios/orders/orders-search.ts';
import {
  carriesOut,
  OPERATION_ALIASES,
  ORDERED_OPERATIONS,
  worldsFor,
} from '../scenarios/orders/questions.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import { toldDriver } from '../scenarios/own/told-driver.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import { columnsOf } from '../viz/columns.ts';
import { hasseMermaid } from '../viz/hasse.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { OrdersArguments } from './orders-arguments.ts';
import { diagramOf } from './orders-diagram.ts';
import { ordersJson } from './orders-json.ts';
import { ordersReport } from './orders-report.ts';
import { paintFor } from './output.ts';
import { progressLine } from './progress.ts';
import type { Environment } from './storm-command.ts';

export type OrdersEnvironment = Pick<Environment, 'stdout' | 'stderr' | 'now' | 'signal'> & {
  readonly hosts: StartHosts;
};

/** Everything that can be wrong with the names is found here. */
export function prepareOrders(
  { driver: name, operation, quirks, statesMax }: OrdersArguments,
  own?: OwnDriver,
): Result<OrderQuestion, BadInput> {
  const told = { driver: own?.name ?? name, quirks, definition: own?.definition };
  const driver = toldDriver(told);
  if (!driver.ok) return driver;
  const found = operationMeant(driver.value, operation);
  return found.ok ? ok({ ...told, operation: found.value, statesMax }) : found;
}

function operationMeant(driver: Driver, name: string): Result<OperationName, BadInput> {
  const aliases = new Map(Object.entries(OPERATION_ALIASES));
  const names = [...aliases.keys(), ...ORDERED_OPERATIONS];
  const meant = aliases.get(name) ?? ORDERED_OPERATIONS.filter((each) => each === name);
  if (meant.length === 0) return err(noSuchName('operation', name, names));
  const found = meant.find((each) => isAsked(driver, each));
  if (found !== undefined) return ok(found);
  const others = ORDERED_OPERATIONS.filter((each) => isAsked(driver, each));
  return err(noSuchName('operation', `${name} of ${driver.name}`, others));
}

export const isAsked = (driver: Driver, operation: OperationName): boolean =>
  vendorOf(driver) !== undefined &&
  carriesOut(driver, operation) &&
  worldsFor(driver, operation).length > 0;

export async function ordersCommand(
  options: OrdersArguments,
  question: OrderQuestion,
  environment: OrdersEnvironment,
): Promise<Result<ExitCode, BadInput>> {
  const { stdout, stderr, now, signal, hosts } = environment;
  if (signal.aborted) return ok(EXIT.interrupted);
  const start = now();
  const progress = progressLine(stderr, now, progressText);
  let answer: OrdersAnswer;
  try {
    answer = await answerOrders(question, { hosts, signal, progress: progress.update });
  } finally {
    progress.end();
  }
  const { result } = answer;
  const isDrawn = options.mermaid && result.kind === 'known';
  stdout.write(
    options.json
      ? `${JSON.stringify(ordersJson(answer, (now() - start) / 1000))}\n`
      : isDrawn
        ? hasseMermaid(diagramOf(answer, result))
        : ordersReport(answer, options.columns, paintFor(stdout)),
  );
  if (result.kind === 'interrupted') return ok(EXIT.interrupted);
  if (result.kind === 'limited') return ok(EXIT.limited);
  const written = await writeFiles(options, answer, result);
  if (!written.ok) return written;
  return ok(result.own === undefined ? EXIT.fine : EXIT.violated);
}

export const progressText = (progress: OrdersProgress): string =>
  progress.kind === 'orders'
    ? [
        `${progress.level} of ${progress.of} steps`,
        `${progress.nodes.toLocaleString('en-US')} nodes`,
        `${progress.states.toLocaleString('en-US')} states`,
      ].join('  ')
    : `${progress.done} of ${progress.of} ways to what goes wrong`;

async function writeFiles(
  { svg, out }: OrdersArguments,
  answer: OrdersAnswer,
  known: OrdersKnown,
): Promise<Result<undefined, BadInput>> {
  if (svg === undefined && out === undefined) return ok(undefined);
  const { hasseSvg } = await import('../viz/hasse-svg.ts'); // the layout engine takes long to load
  const diagram = diagramOf(answer, known);
  const picture = await hasseSvg(diagram);
  if (svg !== undefined) {
    const written = await writeWholeFile(svg, picture);
    if (!written.ok) return written;
  }
  if (out === undefined) return ok(undefined);
  const made = await makeFolder(out);
  if (!made.ok) return made;
  const files = [
    { name: 'hasse.svg', text: picture },
    { name: 'hasse.mmd', text: hasseMermaid(diagram) },
    ...known.constraints.flatMap(({ before, after, wrong }) =>
      wrong === undefined
        ? []
        : [{ name: `${before}-before-${after}.txt`, text: columnsOf(wrong.trace) }],
    ),
  ];
  for (const { name, text } of files) {
    const written = await writeWholeFile(join(out, name), text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}
