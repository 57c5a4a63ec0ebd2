/** Lane class: the colour of a thread, the same wherever it is drawn. */

const COLOURS = 8;

export const laneClass = (lane: number | undefined): string =>
  lane === undefined ? '' : `lane-${lane % COLOURS}`;
