/** Held words: what a slot is, in a few words: its state, or what it holds where its machine has one state only. */

import type { PlayerHeld } from '../../../src/viz/player-shape.ts';
import { stateText } from '../../../src/viz/state-text.ts';

export function heldWords(held: PlayerHeld | undefined): string {
  if (held === undefined) return '';
  const text = stateText(held.state);
  if (text !== '') return text;
  return Object.entries(held.fields)
    .map(([field, value]) => `${field} ${value}`)
    .join(', ');
}
