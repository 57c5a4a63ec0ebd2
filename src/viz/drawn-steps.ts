/**
 * Drawn steps: the columns a trace is drawn in, one for each thread that takes a step, and its steps put into them.
 *
 * Policy: order is the titles' order, then that of first appearance. Steps of one actor that follow one another and
 *         were nothing to anybody else are drawn as one.
 */
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { laneTitle, laneTitles } from './lane-titles.ts';

export type DrawnStep = {
  readonly column: number;
  readonly label: string;
  readonly details: readonly string[];
};

export type DrawnSteps = {
  readonly titles: readonly string[];
  readonly steps: readonly DrawnStep[];
};

export function drawnStepsOf({ columns, steps }: RecordedTrace): DrawnSteps {
  const titles = laneTitles({ columns, steps });
  return {
    titles,
    steps: groupedSteps(steps).map(({ first, labels }) => ({
      column: titles.indexOf(laneTitle(columns, first.actor)),
      label: `${first.passes ? 'passes ' : ''}${labels.join(', ')}`,
      details: first.details,
    })),
  };
}

type Group = { readonly first: RecordedStep; readonly labels: string[] };

function groupedSteps(steps: readonly RecordedStep[]): readonly Group[] {
  const groups: Group[] = [];
  for (const step of steps) {
    const before = groups.at(-1);
    const goesOn = before?.first.actor === step.actor && isQuiet(step);
    const label = isQuiet(step) ? outermost(step) : step.label;
    // What was begun in the step before has ended: its beginning says it.
    if (goesOn && before.labels.at(-1)?.split(':')[0] === label) continue;
    const joins = goesOn && isQuiet(before.first) && before.first.passes === step.passes;
    if (joins) before.labels.push(label);
    else groups.push({ first: step, labels: [label] });
  }
  return groups;
}

/** A step of a list that nobody else noticed. */
const isQuiet = ({ event, details }: RecordedStep): boolean =>
  event.type === 'step' && details.length === 0;

/** Of the states it left, the outermost: what was done or passed as a whole. */
const outermost = ({ label }: RecordedStep): string => label.replace(/: .*/, '');
