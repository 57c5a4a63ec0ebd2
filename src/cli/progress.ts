/**
 * The progress of a command on stderr: one line rewritten on a terminal, a plain line elsewhere.
 *
 * Effects: writes text.
 * Units:   milliseconds.
 */
import type { StormProgress } from '../workers/storm-plan.ts';
import type { Output } from './output.ts';

/** About five times a second: as fast as figures can be read. */
const TERMINAL_PERIOD_MILLISECONDS = 200;
const PLAIN_PERIOD_MILLISECONDS = 5000;
/** To the first column, and clear to the end of the line. */
const LINE_START = '\r\u001b[K';

export type ProgressLine<Progress> = {
  /** May be called at any rate. */
  readonly update: (progress: Progress) => void;
  /** Leaves the terminal as it was found. */
  readonly end: () => void;
};

export function progressLine<Progress>(
  output: Output,
  now: () => number,
  textOf: (progress: Progress) => string,
): ProgressLine<Progress> {
  const period = output.isTerminal ? TERMINAL_PERIOD_MILLISECONDS : PLAIN_PERIOD_MILLISECONDS;
  // A terminal shows life at once; a log gets its first line when there is something to tell.
  let due = output.isTerminal ? now() : now() + period;
  let isShown = false;
  return {
    update: (progress) => {
      if (now() < due) return;
      due = now() + period;
      const line = textOf(progress);
      if (!output.isTerminal) return output.write(`${line}\n`);
      // A line that wraps could not be rewritten.
      output.write(LINE_START + line.slice(0, Math.max(1, output.columns() - 1)));
      isShown = true;
    },
    end: () => {
      if (isShown) output.write(LINE_START);
      isShown = false;
    },
  };
}

/** The figures of one moment of a storm. */
export function stormProgressText(progress: StormProgress): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const violations = progress.violations > 0 ? [`VIOLATIONS ${count(progress.violations)}`] : [];
  return [
    `${progress.elapsedSeconds.toFixed(1)} s`,
    `${count(progress.groupsPerSecond)} groups/s`,
    `in flight ${count(progress.inFlight)}`,
    `overflows ${count(progress.overflows)}`,
    `detaches ${count(progress.detaches)}`,
    `exits ${count(progress.exits)}`,
    `workers ${Math.round(progress.workerBusy * 100)} %`,
    ...violations,
  ].join('  ');
}
