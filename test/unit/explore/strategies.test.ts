/**
 * What each strategy does with its walks: how it spreads them, how often it leaves an actor that could go on.
 */
import { describe, expect, it } from 'vitest';

import { modelOf } from '../../../src/explore/model.ts';
import { delayBounded } from '../../../src/explore/sampling/delay-bounded.ts';
import { pct } from '../../../src/explore/sampling/pct.ts';
import { pos } from '../../../src/explore/sampling/pos.ts';
import { profileOf } from '../../../src/explore/sampling/profile.ts';
import { randomWalk } from '../../../src/explore/sampling/random-walk.ts';
import type { Profile, Strategy } from '../../../src/explore/sampling/strategy.ts';
import { surw } from '../../../src/explore/sampling/surw.ts';
import { walkPrng } from '../../../src/explore/sampling/walk-prng.ts';
import { walkerOf } from '../../../src/explore/sampling/walker.ts';
import type { World } from '../../../src/explore/world.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { writersWorld } from './small-worlds.ts';

/** Walks of `strategy` to their ends: each one's last state, and how often it left an actor that could go on. */
function walked(world: World, walks: number, make: (profile: Profile) => Strategy) {
  const model = modelOf(world);
  const walker = walkerOf(model, () => true);
  const profile = profileOf(world, model, walker, 1, 1_000);
  const strategy = make(profile);
  return Array.from({ length: walks }, (_, walk) => {
    strategy.begin(walkPrng(1, walk), walk);
    walker.restart();
    let before = -1;
    let preemptions = 0;
    for (let step = 0; ; step += 1) {
      walker.look();
      const open = walker.open.subarray(0, walker.openCount());
      if (open.length === 0) break;
      const choice = strategy.choose(walker, step);
      expect(open).toContain(choice);
      const actor = profile.actorOf[choice] ?? -1;
      const couldGoOn = [...open].some((other) => profile.actorOf[other] === before);
      if (actor !== before && couldGoOn) preemptions += 1;
      before = actor;
      walker.take(choice);
    }
    return { end: walker.locals().join(), preemptions };
  });
}

/** Walks by where they end. */
function ends(all: readonly { readonly end: string }[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const { end } of all) counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => a - b);
}

describe('SURW', () => {
  // Of six orders of the four writes, a walk that asks nobody favours those in which writers take turns.
  it('makes every order of the events of its set about as likely as every other', () => {
    const counts = ends(walked(writersWorld(), 6_000, surw));
    expect(counts).toHaveLength(6);
    // 1,000 each; three standard deviations are 87
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });

  it('differs in that from a random walk', () => {
    const counts = ends(walked(writersWorld(), 6_000, randomWalk));
    expect(counts).toHaveLength(6);
    expect(counts.at(-1)).toBeGreaterThan(1.5 * (counts[0] ?? 0));
  });
});

describe('bounds', () => {
  const bench = () => benchWorld({ groups: 3, pasids: 2, ringSlots: 2, workers: 1 }, 'correct');

  it.each([0, 1, 2, 5])('%i delays leave an actor that could go on at most as often', (delays) => {
    const all = walked(bench(), 500, (profile) => delayBounded(delays, profile));
    const most = Math.max(...all.map(({ preemptions }) => preemptions));
    expect(most).toBeLessThanOrEqual(delays);
    expect(most).toBeGreaterThan(delays === 0 ? -1 : 0);
  });

  it('a PCT of depth 1 never changes priorities: actors that wait for nobody run to their ends', () => {
    const all = walked(writersWorld(), 200, (profile) => pct(1, profile));
    expect(all.every(({ preemptions }) => preemptions === 0)).toBe(true);
    expect(ends(all)).toHaveLength(2);
    const deeper = walked(writersWorld(), 500, (profile) => pct(3, profile));
    expect(ends(deeper).length).toBeGreaterThan(2);
    expect(Math.max(...deeper.map(({ preemptions }) => preemptions))).toBeLessThanOrEqual(2);
  });

  it('POS comes to every order too', () => {
    expect(ends(walked(writersWorld(), 1_000, pos))).toHaveLength(6);
  });
});

describe('a race', () => {
  it('is one of two that look at what the other changes', () => {
    const model = modelOf(writersWorld());
    const walker = walkerOf(model, () => true);
    walker.restart();
    walker.look();
    const choiceOf = (name: string): number =>
      model.choices.find(({ slot }) => slot.name === name)?.number ?? -1;
    const [dawdler, first, second] = ['dawdler', 'writer[0]', 'writer[1]'].map(choiceOf);
    expect(walker.race(first ?? -1, second ?? -1)).toBe(true);
    expect(walker.race(dawdler ?? -1, first ?? -1)).toBe(false);
    const note = model.cells.slots.named(['note', 0]).number;
    expect(walker.touches(first ?? -1, [note])).toBe(true);
    expect(walker.touches(dawdler ?? -1, [note])).toBe(false);
  });
});
