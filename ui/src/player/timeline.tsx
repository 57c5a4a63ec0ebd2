/**
 * Timeline: where in the trace one is: buttons, a slider, and above it which thread took which steps.
 */
import type { PlayerSummary } from '../../../src/viz/player-shape.ts';
import { count } from '../words.ts';
import { laneClass } from './lane-class.ts';

type TimelineProps = {
  readonly summary: PlayerSummary;
  readonly step: number;
  readonly sentence: string;
  readonly lastChance: number | undefined;
  readonly isPlaying: boolean;
  readonly go: (step: number) => void;
  readonly play: (isPlaying: boolean) => void;
};

export function Timeline(props: TimelineProps) {
  const { summary, step, sentence, lastChance, isPlaying, go, play } = props;
  const { steps, violation } = summary;
  const share = (at: number): string => `${steps === 0 ? 0 : (100 * at) / steps}%`;
  return (
    <footer class="timeline">
      <div class="timeline-buttons">
        <button type="button" title="To the beginning (Home)" onClick={() => go(0)}>
          <Sign d="M3 3v10M13 3 6 8l7 5z" name="To the beginning" />
        </button>
        <button type="button" title="One step back (left arrow)" onClick={() => go(step - 1)}>
          <Sign d="M11 3 4 8l7 5z" name="One step back" />
        </button>
        <button
          type="button"
          class="primary"
          title={isPlaying ? 'Stop (space)' : 'Play (space)'}
          onClick={() => {
            if (!isPlaying && step >= steps) go(0);
            play(!isPlaying);
          }}
        >
          {isPlaying ? (
            <Sign d="M4 3h3v10H4zM9 3h3v10H9z" name="Stop" />
          ) : (
            <Sign d="M4 2.5 13 8l-9 5.5z" name="Play" />
          )}
        </button>
        <button type="button" title="One step on (right arrow)" onClick={() => go(step + 1)}>
          <Sign d="m5 3 7 5-7 5z" name="One step on" />
        </button>
        <button type="button" title="To the end (End)" onClick={() => go(steps)}>
          <Sign d="m3 3 7 5-7 5zM13 3v10" name="To the end" />
        </button>
      </div>
      <div class="timeline-track">
        <Overview summary={summary} />
        {lastChance === undefined ? null : (
          <span
            class="mark chance"
            style={{ left: share(lastChance) }}
            title={`Step ${lastChance}: the last chance`}
          />
        )}
        {violation === undefined ? null : (
          <span
            class="mark wrong"
            style={{ left: '100%' }}
            title={`Violates ${violation.property}`}
          />
        )}
        <input
          type="range"
          min={0}
          max={steps}
          value={step}
          aria-label="Step"
          aria-valuetext={sentence}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
      </div>
      <output class="timeline-count">
        <b>{count(step)}</b> / {count(steps)}
      </output>
      <p class="unseen" aria-live="polite">
        {sentence}
      </p>
    </footer>
  );
}

const Sign = ({ d, name }: { readonly d: string; readonly name: string }) => (
  <svg viewBox="0 0 16 16" width="16" height="16" role="img" aria-label={name}>
    <path d={d} />
  </svg>
);

/** One path a lane, however long the trace is. */
function Overview({ summary: { overview, lanes } }: { readonly summary: PlayerSummary }) {
  const paths = lanes.map((_, lane) =>
    overview.map((each, at) => (each === lane ? `M${at} 0h1v1h-1z` : '')).join(''),
  );
  return (
    <svg
      class="overview"
      viewBox={`0 0 ${Math.max(1, overview.length)} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {paths.map((d, lane) => (
        <path key={lanes[lane]} class={laneClass(lane)} d={d} />
      ))}
    </svg>
  );
}
