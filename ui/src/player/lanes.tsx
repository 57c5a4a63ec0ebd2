/**
 * Lanes: the sequence of a trace, a row a step: who took it, and which objects it changed. What is yet to come is
 * faded.
 *
 * Policy: only rows in sight are drawn, however long the trace is.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import { slotParts } from '../../../src/viz/lane-titles.ts';
import type { PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { useSize } from '../hooks.ts';
import { laneClass } from './lane-class.ts';
import { LanesHead } from './lanes-head.tsx';
import { HALF_NOTCH, type LanesLayout, lanesLayout, ROW_HEIGHT, stepBox } from './lanes-layout.ts';
import { rowsWindow, scrolledHeight, scrolledTo } from './rows-window.ts';
import type { TraceSteps } from './trace-steps.ts';

type LanesProps = {
  readonly summary: PlayerSummary;
  readonly trace: TraceSteps;
  readonly step: number;
  readonly lastChance: number | undefined;
  readonly go: (step: number) => void;
};

export function Lanes({ summary, trace, step, lastChance, go }: LanesProps) {
  const view = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(view);
  const [scrollTop, setScrollTop] = useState(0);
  const layout = useMemo(() => lanesLayout(summary, width), [summary, width]);
  const list = { rows: summary.steps, rowHeight: ROW_HEIGHT, viewHeight: height };
  const { first, end, top } = rowsWindow(list, scrollTop);
  trace.want(first + 1, Math.max(first + 1, end));

  // Who scrolls away looks at something.
  useLayoutEffect(() => {
    const element = view.current;
    if (element === null || height === 0) return;
    element.scrollTop = scrolledTo(list, element.scrollTop, Math.max(0, step - 1));
    setScrollTop(element.scrollTop);
  }, [step, height]);

  const rows = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at + 1);
  const { violation } = summary;
  return (
    <section class="lanes" aria-label="Sequence">
      <LanesHead summary={summary} layout={layout} />
      <div
        class="lanes-view"
        ref={view}
        onScroll={({ currentTarget }) => setScrollTop(currentTarget.scrollTop)}
      >
        <div class="lanes-list" style={{ height: `${scrolledHeight(list)}px` }}>
          <svg
            class="lanes-rows"
            style={{ transform: `translateY(${top}px)` }}
            width={layout.width}
            height={rows.length * ROW_HEIGHT}
            role="img"
            aria-label="Threads and the objects they change, a row a step"
          >
            <LifeLines layout={layout} height={rows.length * ROW_HEIGHT} />
            {rows.map((number) => (
              <Row
                key={number}
                number={number}
                y={(number - 1 - first) * ROW_HEIGHT}
                step={trace.step(number)}
                summary={summary}
                layout={layout}
                kind={[
                  number > step ? 'future' : '',
                  number === step ? 'current' : '',
                  number === lastChance ? 'chance' : '',
                  number === summary.steps && violation !== undefined ? 'wrong' : '',
                ].join(' ')}
                go={go}
              />
            ))}
          </svg>
        </div>
      </div>
    </section>
  );
}

const LifeLines = ({
  layout,
  height,
}: {
  readonly layout: LanesLayout;
  readonly height: number;
}) => (
  <>
    {layout.threads.map((x, lane) => (
      <path key={`thread ${x}`} class={`life ${laneClass(lane)}`} d={`M${x} 0V${height}`} />
    ))}
    {layout.objects.map((x) => (
      <path key={`object ${x}`} class="life object" d={`M${x} 0V${height}`} />
    ))}
  </>
);

type RowProps = {
  readonly number: number;
  readonly y: number;
  /** Undefined: on its way. */
  readonly step: PlayerStep | undefined;
  readonly summary: PlayerSummary;
  readonly layout: LanesLayout;
  readonly kind: string;
  readonly go: (step: number) => void;
};

const MIDDLE = ROW_HEIGHT / 2;

/** Keys move the player itself, so a row needs none of its own. */
function Row({ number, y, step, summary, layout, kind, go }: RowProps) {
  const { width, gutter } = layout;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider and the keys do the same
    <g
      class={`row ${kind} ${step?.passes === true ? 'passes' : ''}`}
      transform={`translate(0 ${y})`}
      onClick={() => go(number)}
      data-step={number}
    >
      <rect class="band" width={width} height={ROW_HEIGHT} />
      <text class="number" x={gutter - 10} y={MIDDLE + 4}>
        {number}
      </text>
      {step === undefined ? null : <Taken step={step} summary={summary} layout={layout} />}
    </g>
  );
}

type TakenProps = Pick<RowProps, 'summary' | 'layout'> & { readonly step: PlayerStep };

function Taken({ step, summary, layout }: TakenProps) {
  const box = stepBox(step, layout.threads[step.lane] ?? layout.gutter, layout);
  const notch = box.side === 'left' ? box.x : box.x + box.width - 2 * HALF_NOTCH;
  const touches = touchesOf(step, summary);
  const last = Math.max(...touches.map(({ object }) => layout.objects[object] ?? 0), 0);
  const hasDetail = box.detail !== '';
  return (
    <g class={laneClass(step.lane)}>
      <title>{[`${step.actor}: ${step.label}`, ...step.details].join('\n')}</title>
      {last === 0 ? null : <path class="reach" d={`M${box.x + box.width} ${MIDDLE}H${last}`} />}
      {touches.map(({ object, violates }) => (
        <Touch key={object} x={layout.objects[object] ?? 0} violates={violates} />
      ))}
      <rect class="box" x={box.x} y={3} width={box.width} height={ROW_HEIGHT - 6} rx={5} />
      <rect class="notch" x={notch} y={3} width={2 * HALF_NOTCH} height={ROW_HEIGHT - 6} rx={2} />
      <text class="label" x={box.x + 10} y={hasDetail ? 15.5 : MIDDLE + 4}>
        {box.label}
      </text>
      {hasDetail ? (
        <text class="detail" x={box.x + 10} y={27.5}>
          {box.detail}
        </text>
      ) : null}
    </g>
  );
}

const Touch = ({ x, violates }: { readonly x: number; readonly violates: boolean }) =>
  violates ? (
    <g class="touch violates">
      <circle cx={x} cy={MIDDLE} r={8} />
      <path d={`M${x - 3} ${MIDDLE - 3}l6 6m0 -6l-6 6`} />
    </g>
  ) : (
    <circle class="touch" cx={x} cy={MIDDLE} r={5} />
  );

/** Kinds of object, by number, that a step changes or that object to it. */
function touchesOf({ changes, fields, violates }: PlayerStep, { objects }: PlayerSummary) {
  const objectOf = (slot: string): number => objects.indexOf(slotParts(slot).kind);
  const objecting = new Set(violates.map(({ slot }) => objectOf(slot)));
  const changed = new Set([...changes, ...fields].map(({ slot }) => objectOf(slot)));
  return [...new Set([...changed, ...objecting])]
    .filter((object) => object >= 0)
    .map((object) => ({ object, violates: objecting.has(object) }));
}
