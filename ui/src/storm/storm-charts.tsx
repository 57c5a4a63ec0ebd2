/** Storm charts: what the threads do, over time: rate, latency, the ring, PASIDs, attaches and detaches, overflows. */
import { useMemo, useState } from 'preact/hooks';

import type { Percentiles, StormSample } from '../../../src/workers/storm-plan.ts';
import type { Theme } from '../theme.ts';
import { count, duration, short } from '../words.ts';
import { HeatStrip } from './heat-strip.tsx';
import { type Line, LineChart } from './line-chart.tsx';
import { seriesOf } from './storm-run.ts';

type ChartsProps = { readonly samples: readonly StormSample[]; readonly theme: Theme };

type Figure = (sample: StormSample, before: StormSample | undefined) => number | undefined;

const latency =
  (which: keyof Percentiles): Figure =>
  ({ groupLatencyUs }) =>
    groupLatencyUs?.[which];

/** How fast a count grows. */
const perSecond =
  (which: 'attaches' | 'detaches' | 'exits'): Figure =>
  (sample, before) =>
    before === undefined
      ? undefined
      : (sample[which] - before[which]) / Math.max(sample.seconds, 1e-3);

/** How much a count grew. */
const since =
  (which: 'overflows' | 'droppedRequests'): Figure =>
  (sample, before) =>
    sample[which] - (before?.[which] ?? 0);

export function StormCharts({ samples, theme }: ChartsProps) {
  const [moment, setMoment] = useState<number | undefined>();
  const shared = { moment, setMoment };
  const charts = useMemo(() => {
    const line = (name: string, look: string, figure: Figure, isFilled = false): Line => ({
      name,
      look,
      series: seriesOf(samples, figure),
      isFilled,
    });
    return {
      rate: [line('groups/s', 'series-1', ({ groupsPerSecond }) => groupsPerSecond, true)],
      latency: [
        line('p50', 'series-1', latency('p50')),
        line('p90', 'series-2', latency('p90')),
        line('p99', 'series-3', latency('p99')),
        line('p99.9', 'series-4', latency('p999')),
      ],
      ring: [line('most', 'series-1', ({ ring }) => ring.most, true)],
      churn: [
        line('attaches/s', 'series-1', perSecond('attaches')),
        line('detaches/s', 'series-2', perSecond('detaches')),
        line('exits/s', 'series-4', perSecond('exits')),
      ],
      overflow: [
        line('episodes', 'series-3', since('overflows'), true),
        {
          ...line('requests dropped', 'series-2', since('droppedRequests')),
          isUndrawn: true,
        },
      ],
    };
  }, [samples]);
  const entries = samples[0]?.ring.entries ?? 0;
  return (
    <div class="plots">
      <LineChart title="Rate" lines={charts.rate} text={short} {...shared} />
      <LineChart
        title="Latency from the intended start"
        lines={charts.latency}
        text={duration}
        isLogarithmic
        {...shared}
      />
      <LineChart
        title="Page request queue"
        lines={charts.ring}
        text={short}
        {...(entries === 0
          ? {}
          : { level: { name: `it holds ${count(entries)}`, value: entries } })}
        {...shared}
      />
      <HeatStrip samples={samples} theme={theme} moment={moment} />
      <LineChart title="Attach and detach" lines={charts.churn} text={short} {...shared} />
      <LineChart
        title="Overflow episodes, each fifth of a second"
        lines={charts.overflow}
        text={short}
        {...shared}
      />
    </div>
  );
}
