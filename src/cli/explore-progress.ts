/** The progress of an exploration as one line. */
import type { Extent } from '../scenarios/explored.ts';

/** The figures of one moment. */
export function exploreProgressText(progress: {
  readonly extent: Extent;
  readonly seconds: number;
}): string {
  const { extent, seconds } = progress;
  const rate = (value: number): string => count(value / Math.max(seconds, 0.001));
  const figures =
    extent.kind === 'search'
      ? [
          `${count(extent.states)} states`,
          `${rate(extent.states)} states/s`,
          `${count(extent.states - extent.expanded)} to expand`,
          `depth ${extent.depth}`,
          `${count(extent.bytes / 1e6)} MB`,
        ]
      : [
          `${count(extent.walks)} walks`,
          `${rate(extent.steps)} steps/s`,
          `longest ${extent.longest}`,
        ];
  return [`${seconds.toFixed(1)} s`, ...figures].join('  ');
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
