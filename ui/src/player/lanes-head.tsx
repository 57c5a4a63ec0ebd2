/** Lanes head: the names of threads and objects above their lanes; where they are many they lie aslant. */
import type { PlayerSummary } from '../../../src/viz/player-shape.ts';
import { laneClass } from './lane-class.ts';
import { fitted, type LanesLayout, TEXT_SIZE } from './lanes-layout.ts';

const HEIGHT_MIN = 38;
/** Of the height that aslant names take. */
const ASLANT_HEIGHT = 112;
const ASLANT_WIDTH_MAX = 112;
const BASE = 10;
/** Between two names. */
const NAME_ROOM = 12;

type HeadProps = { readonly summary: PlayerSummary; readonly layout: LanesLayout };

export function LanesHead({ summary: { lanes, objects }, layout }: HeadProps) {
  const [left = 0, next = layout.threadsEnd] = layout.threads;
  const room = next - left - NAME_ROOM;
  const areAslant = lanes.some((title) => fitted(title, room, TEXT_SIZE, 'bold') !== title);
  const height = objects.length > 0 || areAslant ? ASLANT_HEIGHT : HEIGHT_MIN;
  return (
    <svg class="lanes-head" width={layout.width} height={height} aria-hidden="true">
      {lanes.map((title, lane) => {
        const x = layout.threads[lane] ?? 0;
        return (
          <g key={title} class={laneClass(lane)}>
            {areAslant ? (
              <Aslant title={title} look="thread" x={x + 3} y={height - BASE - 6} />
            ) : (
              <text class="thread" x={x} y={height - BASE - 8} text-anchor="middle">
                {title}
              </text>
            )}
            <path class="foot" d={`M${x - FOOT / 2} ${height - BASE}h${FOOT}`} />
          </g>
        );
      })}
      {objects.map((title, object) => (
        <Aslant
          key={title}
          title={title}
          look="object"
          x={(layout.objects[object] ?? 0) + 3}
          y={height - BASE}
        />
      ))}
    </svg>
  );
}

const FOOT = 18;

type AslantProps = {
  readonly title: string;
  readonly look: 'thread' | 'object';
  readonly x: number;
  readonly y: number;
};

const Aslant = ({ title, look, x, y }: AslantProps) => (
  <g transform={`translate(${x} ${y}) rotate(-60)`}>
    <title>{title}</title>
    <text class={look}>{fitted(title, ASLANT_WIDTH_MAX, TEXT_SIZE, undefined)}</text>
  </g>
);
