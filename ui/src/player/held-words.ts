/** Held words: what a slot is, in a few words: its state, or what it holds where its machine has one state only. */
import { stateText } from '../../../src/viz/drawn-trace.ts';
import type { PlayerHeld } from '../../../src/viz/player-shape.ts';

export function heldWords(held: PlayerHeld | undefined): string {
  if (held === undefined) return '';
  const text = stateText(held.state);
  if (text !== '') return text;
  return Object.entries(held.fields)
    .map(([field, value]) => `${field} ${value}`)
    .join(', ');
}
