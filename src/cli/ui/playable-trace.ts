/** Playable trace: a trace with the world it is a way in, and what it is called. */
import type { RecordedTrace } from '../../explore/recorded-trace.ts';
import type { World } from '../../explore/world.ts';
import type { PlayerTitle } from '../../viz/player-trace.ts';

export type PlayableTrace = {
  readonly title: PlayerTitle;
  readonly trace: RecordedTrace;
  readonly world: World;
};
