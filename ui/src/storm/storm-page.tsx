/**
 * Storm page: a page-request storm on real threads, started here and watched while it goes on; then its summary.
 */
import { useEffect, useState } from 'preact/hooks';

import type { StormEvent } from '../../../src/ui/shapes.ts';
import type { Source } from '../source.ts';
import type { Theme } from '../theme.ts';
import { count, duration } from '../words.ts';
import { StormCharts } from './storm-charts.tsx';
import { StormForm } from './storm-form.tsx';
import { NO_RUN, type StormRun, withEvents } from './storm-run.ts';
import { StormSummary } from './storm-summary.tsx';

type PageProps = { readonly source: Source; readonly isReport: boolean; readonly theme: Theme };

export function StormPage({ source, isReport, theme }: PageProps) {
  const [run, setRun] = useState<StormRun>(NO_RUN);
  useEffect(() => {
    // What comes at once is drawn at once: a storm that is long over has thousands of samples.
    let heard: StormEvent[] = [];
    let frame: number | undefined;
    const told = (): void => {
      const events = heard;
      heard = [];
      frame = undefined;
      setRun((before) => withEvents(before, events));
    };
    const stop = source.listen<StormEvent>('/api/storm/events', (event) => {
      heard.push(event);
      frame ??= requestAnimationFrame(told);
    });
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [source]);
  const { plan, samples, result, fault, notes } = run;
  return (
    <div class="storm">
      <header class="page-heading">
        <div>
          <h1>Storm</h1>
          <p class="faint">
            {plan === undefined
              ? 'Page requests on real threads: a device thread, a PRQ thread, resolvers.'
              : [
                  plan.name,
                  `driver ${[plan.driver, ...plan.quirks].join(' + ')}`,
                  `seed ${plan.seed}`,
                  `${plan.devices} × ${plan.pasids} PASIDs`,
                  plan.rate === undefined ? 'saturated' : `${count(plan.rate)} groups/s offered`,
                ].join(' · ')}
          </p>
        </div>
      </header>
      {isReport ? null : <StormForm source={source} isRunning={run.isRunning} />}
      {notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      {fault === undefined ? null : (
        <p class="violation" role="status">
          <b>The storm broke down.</b> {fault}. Run it again: <code>{plan?.repeat}</code>
        </p>
      )}
      {plan === undefined ? null : (
        <>
          <Tiles run={run} />
          <StormCharts samples={samples} theme={theme} />
          {result === undefined ? null : <StormSummary plan={plan} result={result} />}
        </>
      )}
    </div>
  );
}

function Tiles({ run: { samples, result, isRunning } }: { readonly run: StormRun }) {
  const last = samples.at(-1);
  const seconds = result?.elapsedSeconds ?? last?.elapsedSeconds ?? 0;
  const groups = result?.groups ?? last?.groups ?? 0;
  const most = Math.max(0, ...samples.map(({ ring }) => ring.most));
  const entries = last?.ring.entries ?? 0;
  const p99 = result?.groupLatencyUs.p99 ?? last?.groupLatencyUs?.p99;
  const violations = result?.violations.length ?? last?.violations ?? 0;
  const rate =
    result === undefined ? (last?.groupsPerSecond ?? 0) : seconds > 0 ? groups / seconds : 0;
  return (
    <dl class="tiles">
      <Tile name={isRunning ? 'running for' : 'ran for'} value={`${seconds.toFixed(1)} s`} />
      <Tile name={isRunning ? 'groups/s now' : 'groups/s'} value={count(rate)} />
      <Tile name="groups answered" value={count(groups)} />
      <Tile name="p99" value={p99 === undefined ? '–' : duration(p99)} />
      <Tile
        name="ring, fullest"
        value={entries === 0 ? '–' : `${count(most)} / ${count(entries)}`}
      />
      <Tile name="overflows" value={count(result?.overflows ?? last?.overflows ?? 0)} />
      <Tile name="detaches" value={count(result?.detaches ?? last?.detaches ?? 0)} />
      <Tile name="violations" value={count(violations)} look={violations > 0 ? 'wrong' : 'fine'} />
    </dl>
  );
}

type TileProps = { readonly name: string; readonly value: string; readonly look?: string };

const Tile = ({ name, value, look = '' }: TileProps) => (
  <div class={`tile ${look}`}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
