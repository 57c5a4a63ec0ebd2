/**
 * Player: a trace step by step: charts with what is active lit, lanes of threads and objects, what changed, what is
 * wrong in the end and which step could last have prevented it.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { Prevention } from '../../../src/explore/prevention.ts';
import type { PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { useAnswer } from '../hooks.ts';
import { hrefOf, routeOf } from '../route.ts';
import type { Source } from '../source.ts';
import { plural } from '../words.ts';
import { ChartsPane } from './charts-pane.tsx';
import { heldAfter } from './held.ts';
import { Lanes } from './lanes.tsx';
import { StepPanel } from './step-panel.tsx';
import { stepSentence } from './step-words.ts';
import { Timeline } from './timeline.tsx';
import { type TraceSteps, useTraceSteps } from './trace-steps.ts';

type PlayerProps = {
  readonly source: Source;
  readonly id: string;
  /** Undefined: the first. */
  readonly step: number | undefined;
  /** Keys go to a player that is in sight only. */
  readonly isShown: boolean;
};

export function Player({ source, id, step, isShown }: PlayerProps) {
  const path = `/api/traces/${encodeURIComponent(id)}`;
  const got = useAnswer<PlayerSummary>(source, path);
  const prevention = useAnswer<Prevention | null>(
    source,
    got.kind === 'got' ? `${path}/prevention` : undefined,
  );
  switch (got.kind) {
    case 'waiting':
      return <p class="empty">Fetching the trace…</p>;
    case 'failed':
      return (
        <div class="empty">
          <p>
            There is no trace “{id}” here: {got.sentence}.
          </p>
          <p>
            A race's trace is found when the race is run:{' '}
            <a href={hrefOf({ page: 'races', id: id.split('.')[0] })}>to the catalogue</a>.
          </p>
        </div>
      );
    case 'got':
      return (
        <Played
          source={source}
          summary={got.answer}
          prevention={prevention.kind === 'got' ? (prevention.answer ?? undefined) : undefined}
          step={Math.max(0, Math.min(got.answer.steps, step ?? Math.min(1, got.answer.steps)))}
          isShown={isShown}
        />
      );
  }
}

type PlayedProps = {
  readonly source: Source;
  readonly summary: PlayerSummary;
  readonly prevention: Prevention | undefined;
  readonly step: number;
  readonly isShown: boolean;
};

const PLAY_MILLISECONDS = 700;
/** Steps looked back upon for charts. */
const EARLIER_STEPS = 8;

function Played({ source, summary, prevention, step, isShown }: PlayedProps) {
  const { id, steps } = summary;
  const trace = useTraceSteps(source, summary);
  const [isPlaying, play] = useState(false);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(steps, to));
    // A step is a place to link to, and not one to go back through.
    history.replaceState(undefined, '', hrefOf({ page: 'trace', id, step: next }));
    dispatchEvent(new HashChangeEvent('hashchange'));
  };
  trace.want(step, step);
  useKeys(
    isShown,
    steps,
    () => stepOf(id) ?? step,
    go,
    () => play(!isPlaying),
  );
  useEffect(() => {
    if (!isPlaying) return;
    if (step >= steps) return play(false);
    const timer = setTimeout(() => go(step + 1), PLAY_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isPlaying, step, steps]);

  const page = trace.page(step);
  const taken = step === 0 ? undefined : trace.step(step);
  const held = useMemo(() => page && heldAfter(page, step), [page, step]);
  const before = useMemo(() => page && heldAfter(page, Math.max(0, step - 1)), [page, step]);
  const lastChance = prevention?.kind === 'found' ? prevention.step : undefined;
  return (
    <div class="player">
      <Heading summary={summary} />
      <div class="player-left">
        {held === undefined || before === undefined ? null : (
          <ChartsPane
            source={source}
            summary={summary}
            step={step}
            taken={taken}
            earlier={earlierSteps(trace, step)}
            held={held}
            before={before}
          />
        )}
      </div>
      <div class="player-right">
        <Lanes summary={summary} trace={trace} step={step} lastChance={lastChance} go={go} />
        <StepPanel
          summary={summary}
          step={step}
          taken={taken}
          before={before}
          prevention={prevention}
          go={go}
        />
      </div>
      <Timeline
        summary={summary}
        step={step}
        sentence={stepSentence(step, summary, taken)}
        lastChance={lastChance}
        isPlaying={isPlaying}
        go={go}
        play={play}
      />
    </div>
  );
}

/** The last first; those of another page may not be known. */
const earlierSteps = (trace: TraceSteps, step: number): readonly PlayerStep[] =>
  Array.from({ length: EARLIER_STEPS }, (_, back) => trace.step(step - 1 - back)).filter(
    (each) => each !== undefined,
  );

function Heading({ summary }: { readonly summary: PlayerSummary }) {
  const { title, scenario, driver, quirks, steps, violation, differences } = summary;
  return (
    <header class="player-heading">
      <h1>{title}</h1>
      <p>
        <span>{scenario}</span>
        {driver === undefined ? null : <span>driver {driver}</span>}
        {quirks.map((quirk) => (
          <span key={quirk} class="chip quirk">
            {quirk}
          </span>
        ))}
        <span>{plural(steps, 'step')}</span>
        {violation === undefined ? (
          <span class="chip fine">nothing violated</span>
        ) : (
          <span class="chip wrong">violates {violation.property}</span>
        )}
      </p>
      {differences.length === 0 ? null : (
        <details class="differs">
          <summary>
            Today it goes another way in {plural(differences.length, 'place')} than was recorded
          </summary>
          <ul>
            {differences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}

/** The step that the address names: keys come faster than pictures, and each counts from where the last one led. */
function stepOf(id: string): number | undefined {
  const route = routeOf(location.hash, { page: 'storm' }, id);
  return route.page === 'trace' && route.id === id ? route.step : undefined;
}

/** Arrow keys, Home, End, Page Up, Page Down and space, unless they mean something where the focus is. */
function useKeys(
  isShown: boolean,
  steps: number,
  now: () => number,
  go: (step: number) => void,
  toggle: () => void,
): void {
  useEffect(() => {
    if (!isShown) return;
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      const target = targetOf(event.key, now(), steps);
      if (target === undefined && event.key !== ' ') return;
      event.preventDefault();
      if (target === undefined) toggle();
      else go(target);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}

const PAGE_STEPS = 10;

function targetOf(key: string, step: number, steps: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return step + 1;
    case 'ArrowLeft':
    case 'ArrowUp':
      return step - 1;
    case 'PageDown':
      return step + PAGE_STEPS;
    case 'PageUp':
      return step - PAGE_STEPS;
    case 'Home':
      return 0;
    case 'End':
      return steps;
    default:
      return undefined;
  }
}

/** The slider has the same keys and does the same; what is typed or opened is not for the player. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input[type=range]') !== null) return false;
  if (key === ' ' && target.closest('button, a, summary') !== null) return true;
  return target.closest('input, select, textarea') !== null;
}
