/**
 * Charts pane: all slots with their states as chips, and below them the charts of those that a step is about: whoever
 * takes it, and what it changes. A slot that is pinned stays.
 */
import { useState } from 'preact/hooks';

import type { PlayerSlot, PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import type { Source } from '../source.ts';
import { ChartCard } from './chart-card.tsx';
import { changedBy, type Held, slotsOf } from './held.ts';
import { heldWords } from './held-words.ts';
import { laneClass } from './lane-class.ts';

type PaneProps = {
  readonly source: Source;
  readonly summary: PlayerSummary;
  readonly step: number;
  readonly taken: PlayerStep | undefined;
  /** The steps before it, the last first, as far as they are known. */
  readonly earlier: readonly PlayerStep[];
  readonly held: Held;
  readonly before: Held;
};

/** More would be looked at by nobody; chips tell of the others. */
const CHARTS_MAX = 6;
/** Where a step is about fewer, those of the steps before it are kept in sight. */
const CHARTS_WANTED = 4;

export function ChartsPane(props: PaneProps) {
  const { source, summary, step, taken, earlier, held, before } = props;
  const [pinned, pin] = useState<ReadonlySet<string>>(new Set());
  const changed = taken === undefined ? new Set<string>() : changedBy(taken);
  const wanted =
    taken === undefined
      ? summary.slots.filter(({ lane }) => lane !== undefined).map(({ slot }) => slot)
      : slotsOf(taken);
  const recent = earlier.flatMap(slotsOf).filter((slot) => !wanted.includes(slot));
  const kept = [...new Set(recent)].slice(0, Math.max(0, CHARTS_WANTED - wanted.length));
  const shown = [...new Set([...pinned, ...wanted, ...kept])]
    .slice(0, Math.max(CHARTS_MAX, pinned.size))
    .flatMap((name) => summary.slots.filter(({ slot }) => slot === name));
  const toggle = (slot: string): void => {
    const next = new Set(pinned);
    if (!next.delete(slot)) next.add(slot);
    pin(next);
  };
  const moving = summary.slots.filter(({ lane, moves }) => lane !== undefined || moves);
  const chips = (of: readonly PlayerSlot[]) =>
    of.map((slot) => (
      <Chip
        key={slot.slot}
        slot={slot}
        state={heldWords(held.get(slot.slot))}
        isChanged={changed.has(slot.slot)}
        isPinned={pinned.has(slot.slot)}
        toggle={toggle}
      />
    ));
  return (
    <div class="charts-pane">
      <section class="chips" aria-label="States of all parts; press one to keep its chart">
        {chips(moving.filter(({ lane }) => lane !== undefined))}
        {chips(moving.filter(({ lane }) => lane === undefined))}
      </section>
      <div class="charts" key={summary.id}>
        {shown.map((slot) => (
          <ChartCard
            key={slot.slot}
            source={source}
            trace={summary.id}
            slot={slot}
            step={step}
            isActor={taken?.actor === slot.slot}
            isChanged={changed.has(slot.slot)}
            isPinned={pinned.has(slot.slot)}
            words={heldWords(held.get(slot.slot))}
            state={held.get(slot.slot)?.state ?? ''}
            was={before.get(slot.slot)?.state ?? ''}
            toggle={toggle}
          />
        ))}
      </div>
    </div>
  );
}

type ChipProps = {
  readonly slot: PlayerSlot;
  readonly state: string;
  readonly isChanged: boolean;
  readonly isPinned: boolean;
  readonly toggle: (slot: string) => void;
};

const Chip = ({ slot: { slot, lane }, state, isChanged, isPinned, toggle }: ChipProps) => (
  <button
    type="button"
    class={['slot', laneClass(lane), isChanged ? 'changed' : ''].join(' ')}
    aria-pressed={isPinned}
    title={`${slot}: ${state}`}
    onClick={() => toggle(slot)}
  >
    <span class="slot-name">{slot}</span> <span class="slot-state">{state}</span>
  </button>
);
