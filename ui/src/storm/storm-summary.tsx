/** Storm summary: the figures of a storm that is over, and what the ledger found wrong. */
import type { StormPlanned } from '../../../src/ui/shapes.ts';
import type { Percentiles, StormResult } from '../../../src/workers/storm-plan.ts';
import { count, duration } from '../words.ts';

type SummaryProps = { readonly plan: StormPlanned; readonly result: StormResult };

type Cell = readonly [figure: string, label: string, look?: 'wrong' | 'fine'];

export function StormSummary({ plan, result }: SummaryProps) {
  const { violations, interrupted } = result;
  return (
    <section class="storm-summary" aria-label="Summary">
      <h2>Summary{interrupted ? ' (stopped early)' : ''}</h2>
      {violations.map(({ property, message, events }) => (
        <div key={`${property} ${message}`} class="violation">
          <p>
            <b>{property} was violated.</b> {message}
          </p>
          {events.length === 0 ? null : <pre>{events.join('\n')}</pre>}
        </div>
      ))}
      <table>
        <tbody>
          {rowsOf(result).map(([title, cells]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {cells.map(([figure, label, look]) => (
                <td key={label} class={look}>
                  <b>{figure}</b> {label}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="faint">
        Again: <code>{plan.repeat}</code>
      </p>
    </section>
  );
}

function rowsOf(result: StormResult): readonly (readonly [string, readonly Cell[]])[] {
  const { responses, threads, elapsedSeconds } = result;
  const perSecond = (value: number): number => (elapsedSeconds > 0 ? value / elapsedSeconds : 0);
  const bad = (value: number): 'wrong' | 'fine' => (value > 0 ? 'wrong' : 'fine');
  const cell = (value: number, label: string, look?: 'wrong' | 'fine'): Cell =>
    look === undefined ? [count(value), label] : [count(value), label, look];
  return [
    [
      'offered',
      [
        cell(result.groups, 'groups'),
        cell(result.pageRequests, 'requests'),
        cell(perSecond(result.groups), 'groups/s'),
      ],
    ],
    [
      'answered',
      [
        cell(responses.success, 'success'),
        cell(responses.invalid, 'invalid'),
        cell(responses.failure, 'failure'),
      ],
    ],
    [
      'overflow',
      [
        cell(result.overflows, 'times'),
        cell(result.droppedRequests, 'dropped'),
        cell(result.autoResponses, 'auto-answered'),
      ],
    ],
    [
      'churn',
      [
        cell(result.attaches, 'attaches'),
        cell(result.detaches, 'detaches'),
        cell(result.exits, 'exits'),
        cell(result.unmaps, 'unmaps'),
      ],
    ],
    ['retry', [cell(result.retryMisses, 'misses'), cell(result.strays, 'strays')]],
    ['latency', percentileCells(result.groupLatencyUs)],
    ...(result.detaches > 0 ? [['detach', percentileCells(result.detachLatencyUs)] as const] : []),
    [
      'ledger',
      [
        cell(result.lost, 'lost', bad(result.lost)),
        cell(result.duplicated, 'duplicated', bad(result.duplicated)),
        cell(result.violations.length, 'violations', bad(result.violations.length)),
      ],
    ],
    [
      'threads',
      [
        cell(threads.device + threads.prq + threads.resolvers, 'threads'),
        cell(threads.resolvers, 'of them resolvers'),
        [perSecond(result.cpuSeconds).toFixed(2), 'cores used'],
      ],
    ],
  ];
}

const percentileCells = ({ p50, p90, p99, p999, max }: Percentiles): readonly Cell[] => [
  [duration(p50), 'p50'],
  [duration(p90), 'p90'],
  [duration(p99), 'p99'],
  [duration(p999), 'p99.9'],
  [duration(max), 'max'],
];
