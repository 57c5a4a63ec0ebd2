/**
 * Chart card: the chart of one slot with the states lit that it is in, moved so that they are in sight.
 *
 * The picture is the server's; the card only gives classes to its states.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { StateValue } from 'xstate';

import type { ChartAnswer } from '../../../src/ui/shapes.ts';
import type { PlayerSlot } from '../../../src/viz/player-shape.ts';
import { useAnswer } from '../hooks.ts';
import type { Source } from '../source.ts';
import { activeIds } from './active-ids.ts';
import { laneClass } from './lane-class.ts';

type CardProps = {
  readonly source: Source;
  readonly trace: string;
  readonly slot: PlayerSlot;
  readonly step: number;
  readonly isActor: boolean;
  readonly isChanged: boolean;
  readonly isPinned: boolean;
  /** What the slot is, for who reads. */
  readonly words: string;
  readonly state: StateValue;
  readonly was: StateValue;
  readonly toggle: (slot: string) => void;
};

export function ChartCard(props: CardProps) {
  const { source, trace, slot, step, isActor, isChanged, isPinned, words, state, was, toggle } =
    props;
  const body = useRef<HTMLDivElement>(null);
  const path = `/api/traces/${encodeURIComponent(trace)}/charts/${encodeURIComponent(slot.kind)}`;
  const got = useAnswer<ChartAnswer>(source, path);
  const svg = got.kind === 'got' ? got.answer.svg : undefined;

  useLayoutEffect(() => {
    if (body.current !== null && svg !== undefined) insert(body.current, svg);
  }, [svg]);
  // Each step is a reason to look again.
  useLayoutEffect(() => {
    if (body.current !== null && svg !== undefined) light(body.current, state, was);
  }, [svg, step, state, was]);

  const name = `chart of ${slot.slot}`;
  return (
    <article
      class={['card', isActor ? 'actor' : '', isChanged ? 'changed' : ''].join(' ')}
      aria-label={name}
    >
      <header class={laneClass(slot.lane)}>
        <h3>{slot.slot}</h3>
        <span class="card-state">{words}</span>
        <button
          type="button"
          class="quiet pin"
          aria-pressed={isPinned}
          title={isPinned ? 'Show only when a step is about it' : 'Keep this chart'}
          onClick={() => toggle(slot.slot)}
        >
          {isPinned ? 'Unpin' : 'Pin'}
        </button>
      </header>
      {got.kind === 'failed' ? <p class="empty">{got.sentence}</p> : null}
      {/* Who can't use a pointer scrolls it with the keys of the keyboard. */}
      <div class="card-body" ref={body} />
    </article>
  );
}

/** Parsed as a picture: nothing in it runs. */
function insert(body: HTMLElement, svg: string): void {
  const picture = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  body.replaceChildren(document.importNode(picture, true));
}

function light(body: HTMLElement, state: StateValue, was: StateValue): void {
  const states = [...body.querySelectorAll<SVGGElement>('[data-state]')];
  const root = states[0]?.dataset.state ?? '';
  const now = new Set(activeIds(root, state));
  const before = new Set(activeIds(root, was));
  for (const element of states) {
    const id = element.dataset.state ?? '';
    element.classList.toggle('active', now.has(id));
    element.classList.toggle('entered', now.has(id) && !before.has(id));
    element.classList.toggle('left', before.has(id) && !now.has(id));
  }
  const last = (kind: string) => states.filter(({ classList }) => classList.contains(kind)).at(-1);
  const to = last('entered') ?? last('active');
  if (to !== undefined) bringIntoSight(body, to, last('left') ?? to);
}

/** The middle between two states into the middle, if both fit; else that of the first. */
function bringIntoSight(body: HTMLElement, to: Element, from: Element): void {
  const frame = body.getBoundingClientRect();
  const end = to.getBoundingClientRect();
  const start = from.getBoundingClientRect();
  const middle = (low: 'top' | 'left', high: 'bottom' | 'right', room: number): number => {
    const least = Math.min(end[low], start[low]);
    const most = Math.max(end[high], start[high]);
    return (most - least <= room ? least + most : end[low] + end[high]) / 2;
  };
  body.scrollTop += middle('top', 'bottom', frame.height) - (frame.top + frame.height / 2);
  body.scrollLeft += middle('left', 'right', frame.width) - (frame.left + frame.width / 2);
}
