/**
 * Chart text: what stands in a state's box and beside an arrow, line by line.
 */
import {
  actionsText,
  type ChartState,
  type ChartTransition,
  isIgnored,
  triggerText,
} from './chart.ts';
import { isLoopOfParallel } from './chart-arrows.ts';
import { eventText } from './chart-words.ts';
import { linesOf, type Piece, type TextLine } from './text-line.ts';

const INSIDE_WIDTH_MAX = 300;
const LABEL_WIDTH_MAX = 210;

/** Lines that stand for one transition, or for none. */
export type TextBlock = {
  readonly transition: ChartTransition | undefined;
  readonly lines: readonly TextLine[];
};

/** Entry, exit, and the transitions that do not leave the state. */
export function insideOf(state: ChartState): readonly TextBlock[] {
  const { entry, exit, transitions } = state;
  const done = [
    { word: 'entry', actions: entry },
    { word: 'exit', actions: exit },
  ].filter(({ actions }) => actions.length > 0);
  return [
    ...done.map(({ word, actions }) => ({
      transition: undefined,
      lines: linesOf(
        [piece('event', word), piece('action', actionsText(actions))],
        INSIDE_WIDTH_MAX,
      ),
    })),
    ...transitions
      .filter((transition) => staysInside(state, transition))
      .map((transition) => ({ transition, lines: told(transition, INSIDE_WIDTH_MAX) })),
  ];
}

export const staysInside = (state: ChartState, { targets }: ChartTransition): boolean =>
  targets.every((id) => isLoopOfParallel(state, { id }));

/** What an arrow stands for, one block a transition. */
export const labelOf = (transitions: readonly ChartTransition[]): readonly TextBlock[] =>
  transitions.map((transition) => ({ transition, lines: told(transition, LABEL_WIDTH_MAX) }));

/** What happens on the way from the initial dot. */
export const initialLabelOf = ({ initialActions }: ChartState): readonly TextBlock[] =>
  initialActions.length === 0
    ? []
    : [
        {
          transition: undefined,
          lines: linesOf([piece('action', actionsText(initialActions))], LABEL_WIDTH_MAX),
        },
      ];

const piece = (look: Piece['look'], text: string): Piece => ({ look, text });

function told(transition: ChartTransition, widthMax: number): readonly TextLine[] {
  const event = eventText(transition.event);
  const anew = transition.targets.length > 0 && transition.reenter ? '(enters anew)' : '';
  return linesOf(
    [
      piece('event', event),
      piece('guard', triggerText(transition).slice(event.length).trim()),
      piece('action', actionsText(transition.actions)),
      piece('note', isIgnored(transition) ? '(ignored)' : ''),
      piece('note', anew),
      piece('note', takenText(transition)),
    ],
    widthMax,
  );
}

/** How often, where that is known. */
export const takenText = ({ taken }: ChartTransition): string => {
  if (taken === undefined) return '';
  if (taken === 0) return '(never)';
  const count = String(taken).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return taken === 1 ? '(once)' : `(${count} times)`;
};
