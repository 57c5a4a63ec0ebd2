/** Lanes head: the names of threads and objects above their lanes; those of objects lie aslant, for they are many. */
import type { PlayerSummary } from '../../../src/viz/player-shape.ts';
import { laneClass } from './lane-class.ts';
import { fitted, type LanesLayout, TEXT_SIZE } from './lanes-layout.ts';

const HEIGHT_MIN = 38;
/** Of the height that aslant names take. */
const ASLANT_HEIGHT = 112;
const ASLANT_WIDTH_MAX = 112;
const BASE = 10;
/** A name stands on two lines at most, between the lane beside and its own. */
const NAME_ROOM = 12;

type HeadProps = { readonly summary: PlayerSummary; readonly layout: LanesLayout };

export function LanesHead({ summary: { lanes, objects }, layout }: HeadProps) {
  const height = objects.length > 0 ? ASLANT_HEIGHT : HEIGHT_MIN;
  const [left = 0, next = layout.threadsEnd] = layout.threads;
  return (
    <svg class="lanes-head" width={layout.width} height={height} aria-hidden="true">
      {lanes.map((title, lane) => {
        const x = layout.threads[lane] ?? 0;
        const rows = wrappedName(title, next - left - NAME_ROOM);
        return (
          <g key={title} class={laneClass(lane)}>
            <title>{title}</title>
            {rows.map((row, at) => (
              <text
                key={row}
                class="thread"
                x={x}
                y={height - BASE - 8 - (rows.length - 1 - at) * (TEXT_SIZE + 2)}
              >
                {row}
              </text>
            ))}
            <path class="foot" d={`M${x - 14} ${height - BASE}h28`} />
          </g>
        );
      })}
      {objects.map((title, object) => {
        const x = layout.objects[object] ?? 0;
        return (
          <g key={title} transform={`translate(${x + 3} ${height - BASE}) rotate(-60)`}>
            <title>{title}</title>
            <text class="object">{fitted(title, ASLANT_WIDTH_MAX, TEXT_SIZE - 1, undefined)}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** A name on one line or, where it has words, on several; what does not fit is cut. */
function wrappedName(title: string, widthMax: number): readonly string[] {
  if (fitted(title, widthMax, TEXT_SIZE, 'bold') === title) return [title];
  const words = title.split(/(?<=[ _-])/);
  const rows: string[] = [];
  for (const word of words) {
    const joined = `${rows.at(-1) ?? ''}${word}`;
    if (rows.length > 0 && fitted(joined.trim(), widthMax, TEXT_SIZE, 'bold') === joined.trim()) {
      rows[rows.length - 1] = joined;
    } else rows.push(word);
  }
  return rows.slice(0, 4).map((row) => fitted(row.trim(), widthMax, TEXT_SIZE, 'bold'));
}
