/** What `orders` prints for people: constraints, what goes wrong without them, whether they are enough. */
import type { FoundWrong } from '../scenarios/orders/order-host.ts';
import type {
  HeldTo,
  NamedPair,
  OrdersAnswer,
  OrdersKnown,
} from '../scenarios/orders/orders-answer.ts';
import { columnsOf } from '../viz/columns.ts';
import type { Paint } from './output.ts';

const count = (value: bigint | number): string => value.toLocaleString('en-US');

export function ordersReport(answer: OrdersAnswer, drawsColumns: boolean, paint: Paint): string {
  const { driver, quirks, operation, steps, worlds, result } = answer;
  const title = [driver, ...quirks.map((quirk) => `with ${quirk},`), operation].join(' ');
  const lines = [paint('bold', `${title}: ${steps.length} steps`), `  ${steps.join(', ')}`, ''];
  switch (result.kind) {
    case 'interrupted':
      return [...lines, 'interrupted: nothing is known yet of any pair of steps', ''].join('\n');
    case 'limited':
      return [
        ...lines,
        `the limit of states was reached in ${result.world}: nothing is known; try --max-states`,
        '',
      ].join('\n');
    case 'known':
      return [
        ...lines,
        ...countLines(result, paint),
        ...constraintLines(answer, result, paint),
        ...neededLines(answer, result, paint),
        ...ownLines(answer, result, paint),
        '',
        `bounds: ${countOf(worlds.length, 'world')}, each under every order that the others leave`,
        ...worlds.map(
          ({ name, sentence, states }) => `  ${name}: ${sentence} (${count(states)} states)`,
        ),
        '',
        ...(drawsColumns ? drawings(answer, result, paint) : []),
      ].join('\n');
  }
}

function countLines(
  { orders, safe, keepConstraints, keepAll, constraints, alternatives, loose }: OrdersKnown,
  paint: Paint,
): readonly string[] {
  if (safe === 0n) {
    const sentence = `of ${count(orders)} orders none is safe`;
    return [paint('red', sentence), ''];
  }
  const found = [
    countOf(constraints.length, 'constraint'),
    ...(alternatives.length === 0 ? [] : [countOf(alternatives.length, 'alternative')]),
  ].join(' and ');
  const enough =
    keepAll === safe
      ? paint('green', `sufficient: ${found} admit no other`)
      : paint('yellow', `not sufficient: ${count(keepAll)} orders keep all that was found`);
  return [
    `of ${count(orders)} orders ${count(safe)} are safe`,
    ...(alternatives.length === 0
      ? []
      : [
          `the constraints alone admit ${count(keepConstraints)}, for something else may take a step's place`,
        ]),
    enough,
    ...(loose.length === 0 ? [] : [`anywhere: ${loose.join(', ')}`]),
    '',
  ];
}

const countOf = (value: number, what: string): string =>
  `${value} ${what}${value === 1 ? '' : 's'}`;

const pairText = ({ before, after }: NamedPair): string => `${before} before ${after}`;

const wrongText = ({ worlds }: OrdersAnswer, wrong: FoundWrong | undefined): string =>
  wrong === undefined
    ? '-'
    : `${wrong.violation.property} in ${wrong.trace.steps.length} steps, ${worlds[wrong.world]?.name ?? ''}`;

function constraintLines(
  answer: OrdersAnswer,
  { constraints, alternatives }: OrdersKnown,
  paint: Paint,
): readonly string[] {
  if (constraints.length + alternatives.length === 0) return [];
  return [
    ...table(
      ['constraint', 'else', 'race'],
      constraints.map((each) => [
        pairText(each),
        wrongText(answer, each.wrong),
        each.races.join(', '),
      ]),
      paint,
    ),
    ...(alternatives.length === 0
      ? []
      : table(
          ['one of two', 'else'],
          alternatives.map((each) => [
            `${pairText(each.one)}, or ${pairText(each.other)}`,
            wrongText(answer, each.wrong),
          ]),
          paint,
        )),
  ];
}

function neededLines(
  answer: OrdersAnswer,
  { needed, safe }: OrdersKnown,
  paint: Paint,
): readonly string[] {
  if (safe === 0n || needed.length === 0) return [];
  return table(
    ['needed step', 'without it'],
    needed.map((each) => [each.step, wrongText(answer, each.wrong)]),
    paint,
  );
}

function ownLines(answer: OrdersAnswer, { own }: OrdersKnown, paint: Paint): readonly string[] {
  const { driver, heldTo } = answer;
  const held = heldTo === undefined ? [] : heldLines(heldTo, driver);
  if (own === undefined) {
    return [paint('green', `the order of ${driver} is safe in all these worlds`), ...held];
  }
  const { sentence } = own.violation;
  return [
    paint('red', `the order of ${driver} is not safe: ${wrongText(answer, own)}`),
    `  ${sentence}`,
    ...held,
  ];
}

function heldLines({ driver, broken, brokenAlternatives, lacking }: HeldTo, own: string): string[] {
  const kept = broken.length + brokenAlternatives.length + lacking.length === 0;
  if (kept)
    return [`  it keeps every constraint of ${driver}, and has all steps that are needed there`];
  return [
    `held to what was found for ${driver}, ${own}`,
    ...broken.map((pair) => `  breaks ${pairText(pair)}`),
    ...brokenAlternatives.map(
      ({ one, other }) => `  has neither ${pairText(one)} nor ${pairText(other)}`,
    ),
    ...lacking.map((step) => `  lacks ${step}`),
  ];
}

/** Columns as wide as what is in them; the head is set off. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(head)), ...rows.map(line), ''];
}

const drawings = (
  answer: OrdersAnswer,
  { constraints, alternatives, own }: OrdersKnown,
  paint: Paint,
): readonly string[] =>
  [
    { title: 'the own order', wrong: own },
    ...constraints.map((each) => ({ title: `without ${pairText(each)}`, wrong: each.wrong })),
    ...alternatives.map(({ one, other, wrong }) => ({
      title: `with neither ${pairText(one)} nor ${pairText(other)}`,
      wrong,
    })),
  ].flatMap(({ title, wrong }) =>
    wrong === undefined
      ? []
      : [paint('bold', `${title}: ${wrongText(answer, wrong)}`), '', columnsOf(wrong.trace)],
  );
