/**
 * Line chart: figures over the time of a storm, one or several lines; the moment under the pointer is told in figures.
 *
 * Policy: moments are shared, so that all charts of a storm tell of the same one.
 */
import { useRef } from 'preact/hooks';

import { useSize } from '../hooks.ts';
import { momentIndex } from './moment.ts';
import { linear, logarithmic, type Scale, time } from './scale.ts';
import type { Series } from './storm-run.ts';

export type Line = {
  readonly name: string;
  /** Its colour, as the style sheet knows it. */
  readonly look: string;
  readonly series: Series;
  readonly isFilled?: boolean;
  /** Told in figures only, for it would dwarf the others. */
  readonly isUndrawn?: boolean;
};

type ChartProps = {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly text: (value: number) => string;
  readonly isLogarithmic?: boolean;
  /** A level to be compared with, such as what a ring can hold. */
  readonly level?: { readonly name: string; readonly value: number };
  readonly moment: number | undefined;
  readonly setMoment: (seconds: number | undefined) => void;
};

const HEIGHT = 168;
const LEFT = 62;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 24;

export function LineChart(props: ChartProps) {
  const { title, lines, text, isLogarithmic = false, level, moment, setMoment } = props;
  const drawn = lines.filter(({ isUndrawn }) => isUndrawn !== true);
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const seconds = lines[0]?.series.seconds ?? [];
  const right = Math.max(LEFT + 1, width - RIGHT);
  const x = time(seconds.at(-1) ?? 0, LEFT, right);
  const y = scaleOf(drawn, level?.value ?? 0, isLogarithmic);
  const at = momentIndex(seconds, moment);
  const pointed = ({ offsetX }: { readonly offsetX: number }): void => {
    const last = Math.max(seconds.at(-1) ?? 0, 1);
    setMoment(Math.max(0, Math.min(last, (last * (offsetX - LEFT)) / (right - LEFT))));
  };
  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">{title}</span>
        {lines.map(({ name, look, series, isUndrawn }) => {
          const value = series.values[at ?? series.values.length - 1];
          return (
            <span key={name} class={`legend ${isUndrawn === true ? 'plain' : look}`}>
              {name} <b>{value === undefined ? '–' : text(value)}</b>
            </span>
          );
        })}
      </figcaption>
      <div ref={frame}>
        {width === 0 ? null : (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`${title} over time`}
            onPointerMove={pointed}
            onPointerLeave={() => setMoment(undefined)}
          >
            <Grid x={x} y={y} right={right} text={text} />
            {level === undefined ? null : (
              <path class="level" d={`M${LEFT} ${y.at(level.value)}H${right}`}>
                <title>{level.name}</title>
              </path>
            )}
            {drawn.map(({ name, look, series, isFilled }) => (
              <g key={name} class={look}>
                {isFilled === true ? <path class="fill" d={area(series, x, y)} /> : null}
                <path class="line" d={path(series, x, y)} />
              </g>
            ))}
            {at === undefined ? null : (
              <path class="moment" d={`M${x.at(seconds[at] ?? 0)} ${TOP}V${HEIGHT - BOTTOM}`} />
            )}
          </svg>
        )}
      </div>
    </figure>
  );
}

function scaleOf(lines: readonly Line[], level: number, isLogarithmic: boolean): Scale {
  const values = lines.flatMap(({ series }) =>
    series.values.filter((value): value is number => value !== undefined),
  );
  const most = Math.max(level, ...values, isLogarithmic ? 1 : 0);
  if (!isLogarithmic) return linear(most === 0 ? 1 : most, HEIGHT - BOTTOM, TOP);
  const positive = values.filter((value) => value > 0);
  return logarithmic(positive.length === 0 ? 1 : Math.min(...positive), most, HEIGHT - BOTTOM, TOP);
}

type GridProps = {
  readonly x: Scale;
  readonly y: Scale;
  readonly right: number;
  readonly text: (value: number) => string;
};

const Grid = ({ x, y, right, text }: GridProps) => (
  <g class="grid">
    {y.ticks.map((tick) => (
      <g key={tick}>
        <path d={`M${LEFT} ${y.at(tick)}H${right}`} />
        <text x={LEFT - 8} y={y.at(tick) + 4} class="side">
          {text(tick)}
        </text>
      </g>
    ))}
    {x.ticks.map((tick) => (
      <text key={tick} x={x.at(tick)} y={HEIGHT - 6} class="foot">
        {Number(tick.toFixed(2))} s
      </text>
    ))}
  </g>
);

/** Where nothing is known the line is broken. */
function path({ seconds, values }: Series, x: Scale, y: Scale): string {
  let isDown = false;
  const parts: string[] = [];
  for (const [at, value] of values.entries()) {
    if (value !== undefined) {
      const point = `${x.at(seconds[at] ?? 0).toFixed(1)} ${y.at(value).toFixed(1)}`;
      parts.push(`${isDown ? 'L' : 'M'}${point}`);
    }
    isDown = value !== undefined;
  }
  return parts.join('');
}

function area(series: Series, x: Scale, y: Scale): string {
  const first = series.seconds[0];
  const last = series.seconds.at(-1);
  if (first === undefined || last === undefined) return '';
  const floor = (HEIGHT - BOTTOM).toFixed(1);
  return `${path(series, x, y)}L${x.at(last).toFixed(1)} ${floor}L${x.at(first).toFixed(1)} ${floor}Z`;
}
