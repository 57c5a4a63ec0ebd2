/**
 * Heat strip: groups in flight by PASID over the time of a storm, darker for more.
 *
 * Policy: drawn on a canvas, for it has as many fields as all other charts have points together.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';

import type { StormSample } from '../../../src/workers/storm-plan.ts';
import { useSize } from '../hooks.ts';
import type { Theme } from '../theme.ts';
import { count } from '../words.ts';
import { momentIndex } from './moment.ts';
import { thinned } from './storm-run.ts';

type StripProps = {
  readonly samples: readonly StormSample[];
  readonly theme: Theme;
  readonly moment: number | undefined;
};

const HEIGHT = 168;
const LEFT = 62;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 24;

export function HeatStrip({ samples, theme, moment }: StripProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(frame);
  const drawn = thinned(samples);
  const rows = rowsOf(samples);
  const most = Math.max(1, ...drawn.flatMap(({ pasids }) => pasids.inFlight));
  // Another theme has other colours.
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, drawn, rows, most, width);
  }, [samples, width, theme]);
  const at = momentIndex(
    drawn.map(({ elapsedSeconds }) => elapsedSeconds),
    moment,
  );
  const sample = at === undefined ? drawn.at(-1) : drawn[at];
  const perRow = samples[0]?.pasids.perRow ?? 1;
  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">In flight by PASID</span>
        <span class="legend heat">
          most <b>{sample === undefined ? '–' : count(Math.max(...sample.pasids.inFlight))}</b>
        </span>
        <span class="legend plain">
          fullest <b>{count(most)}</b>
        </span>
      </figcaption>
      <div ref={frame} class="heat-frame">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Groups in flight of ${count(rows.length * perRow)} PASIDs over time`}
        />
        {rows.length === 0 ? null : (
          <>
            <span class="heat-side top">PASID {count((rows.at(-1) ?? 0) * perRow)}</span>
            <span class="heat-side bottom">{count((rows[0] ?? 0) * perRow)}</span>
          </>
        )}
      </div>
    </figure>
  );
}

/** Rows from the first PASID that ever had something in flight to the last. */
function rowsOf(samples: readonly StormSample[]): readonly number[] {
  const used = samples.flatMap(({ pasids }) =>
    pasids.inFlight.flatMap((groups, row) => (groups > 0 ? [row] : [])),
  );
  if (used.length === 0) return [];
  const first = used.reduce((least, row) => Math.min(least, row));
  const last = used.reduce((most, row) => Math.max(most, row));
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function draw(
  canvas: HTMLCanvasElement,
  samples: readonly StormSample[],
  rows: readonly number[],
  most: number,
  width: number,
): void {
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = HEIGHT * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(scale, scale);
  const styles = getComputedStyle(canvas);
  pen.fillStyle = styles.getPropertyValue('--heat-none');
  pen.fillRect(LEFT, TOP, width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
  pen.fillStyle = styles.getPropertyValue('--heat-full');
  const end = Math.max(samples.at(-1)?.elapsedSeconds ?? 0, 1);
  const across = (seconds: number): number => LEFT + ((width - LEFT - RIGHT) * seconds) / end;
  const each = (HEIGHT - TOP - BOTTOM) / Math.max(1, rows.length);
  let from = 0;
  for (const { elapsedSeconds, pasids } of samples) {
    const x = across(from);
    for (const [at, row] of rows.entries()) {
      const groups = pasids.inFlight[row] ?? 0;
      if (groups === 0) continue;
      // A square root, so that few can be told from none.
      pen.globalAlpha = Math.sqrt(groups / most);
      const y = HEIGHT - BOTTOM - (at + 1) * each;
      pen.fillRect(x, y, across(elapsedSeconds) - x + 0.5, Math.max(1, each - (each > 4 ? 1 : 0)));
    }
    from = elapsedSeconds;
  }
  pen.globalAlpha = 1;
}
