/**
 * Orders page: what is known of the orders of every operation of every driver, as Markdown.
 */
import type { FoundWrong } from '../scenarios/orders/order-host.ts';
import type { NamedPair, OrdersAnswer, OrdersKnown } from '../scenarios/orders/orders-answer.ts';

const count = (value: bigint | number): string => value.toLocaleString('en-US');

/** File of an answer's picture. */
export const pictureName = ({ driver, operation }: OrdersAnswer): string =>
  `${driver}-${operation}.svg`;

/** A section for each repaired driver's operation, a row for each of Linux 7.3; `pictures` is their folder. */
export function ordersPage(answers: readonly OrdersAnswer[], pictures: string): string {
  const repaired = answers.filter(({ heldTo }) => heldTo === undefined);
  const others = answers.filter((answer) => !repaired.includes(answer));
  return [
    '# Orders',
    '',
    'Which step of an operation must come before which. Written by `npm run orders`; `stormdrain orders DRIVER OPERATION',
    '--columns` draws what goes wrong without a constraint. Every order of the steps is tried in every world named: _safe_ is an',
    'order with which nothing goes wrong in any of them, and nothing more. How it is done, and what it does not see:',
    '[decision 0020](decisions/0020-orders.md).',
    '',
    '## The repaired drivers',
    '',
    ...table(
      [
        'driver',
        'operation',
        'steps',
        'orders',
        'safe',
        'constraints',
        'alternatives',
        'sufficient',
        'own order',
      ],
      repaired.map((answer) => summaryRow(answer)),
    ),
    '## Linux 7.3 held to them',
    '',
    'The own order of 7.3, in the same worlds, and against the constraints of the repaired driver.',
    '',
    ...table(
      ['driver', 'operation', 'safe orders of its steps', 'own order', 'breaks', 'lacks'],
      others.map(heldRow),
    ),
    ...repaired.flatMap((answer) => ordersSection(answer, pictures)),
  ].join('\n');
}

function summaryRow(answer: OrdersAnswer): readonly string[] {
  const { driver, operation, steps, result } = answer;
  if (result.kind !== 'known') return [driver, operation, String(steps.length), result.kind];
  return [
    `\`${driver}\``,
    `[\`${operation}\`](#${anchorOf(answer)})`,
    String(steps.length),
    count(result.orders),
    count(result.safe),
    String(result.constraints.length),
    String(result.alternatives.length),
    result.keepAll === result.safe ? 'yes' : 'no',
    ownText(answer, result),
  ];
}

const ownText = (answer: OrdersAnswer, { own }: OrdersKnown): string =>
  own === undefined ? 'safe' : wrongText(answer, own);

function heldRow(answer: OrdersAnswer): readonly string[] {
  const { driver, operation, heldTo, result } = answer;
  if (result.kind !== 'known') return [driver, operation, result.kind];
  const broken = [
    ...(heldTo?.broken ?? []).map(pairText),
    ...(heldTo?.brokenAlternatives ?? []).map(
      ({ one, other }) => `neither ${pairText(one)} nor ${pairText(other)}`,
    ),
  ];
  return [
    `\`${driver}\``,
    `\`${operation}\``,
    `${count(result.safe)} of ${count(result.orders)}`,
    ownText(answer, result),
    broken.join('; ') || '-',
    (heldTo?.lacking ?? []).map((step) => `\`${step}\``).join(', ') || '-',
  ];
}

/** As Markdown makes it of a heading: lower case, blanks as hyphens, signs left out. */
const anchorOf = ({ driver, operation }: OrdersAnswer): string => `${driver}-${operation}`;

/** What is found of one operation of a repaired driver. */
export function ordersSection(answer: OrdersAnswer, pictures: string): readonly string[] {
  const { driver, operation, steps, worlds, result } = answer;
  const head = ['', `## ${driver} ${operation}`, '', steps.map((step) => `\`${step}\``).join(', ')];
  if (result.kind !== 'known') return [...head, '', result.kind];
  const { constraints, alternatives, needed, loose } = result;
  return [
    ...head,
    '',
    `![${driver} ${operation}](${pictures}/${pictureName(answer)})`,
    '',
    ...table(
      ['before', 'after', 'else', 'races'],
      constraints.map((each) => [
        `\`${each.before}\``,
        `\`${each.after}\``,
        wrongText(answer, each.wrong),
        each.races.map((race) => `\`${race}\``).join(', '),
      ]),
    ),
    ...(alternatives.length === 0
      ? []
      : table(
          ['one of two must stand', 'or', 'else'],
          alternatives.map((each) => [
            pairText(each.one),
            pairText(each.other),
            wrongText(answer, each.wrong),
          ]),
        )),
    ...table(
      ['needed step', 'without it'],
      needed.map((each) => [`\`${each.step}\``, wrongText(answer, each.wrong)]),
    ),
    `Anywhere: ${loose.map((step) => `\`${step}\``).join(', ') || 'no step'}.`,
    '',
    'Worlds, with the states of all orders together:',
    '',
    ...worlds.map(({ name, sentence, states }) => `- \`${name}\`, ${count(states)}: ${sentence}`),
  ];
}

const pairText = ({ before, after }: NamedPair): string => `\`${before}\` before \`${after}\``;

const wrongText = ({ worlds }: OrdersAnswer, wrong: FoundWrong | undefined): string =>
  wrong === undefined
    ? 'not shown by a change of the own order'
    : `${wrong.violation.property} in ${wrong.trace.steps.length} steps of \`${worlds[wrong.world]?.name ?? ''}\``;

/** An empty table says so. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return ['None.', ''];
  const line = (cells: readonly string[]): string =>
    `| ${head.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
