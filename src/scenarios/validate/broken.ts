/**
 * Broken: properties that a trace breaks although the driver explains it, with the event where it shows.
 *
 * A trace of a defect is a behaviour of the driver that has it. What every explanation breaks is broken; what only some
 * break may be.
 */

export type BrokenProperty = {
  readonly property: 'S1' | 'S6' | 'S8';
  readonly certainty: 'breaks' | 'may break';
  /** Of the file, from 1. */
  readonly line: number;
  /** One sentence, no full stop. */
  readonly what: string;
};

/** How many explanations have it so. */
export type Share = 'all' | 'some' | 'none';

/** Beyond these they are only counted. */
const KEPT_MAX = 256;

export class BrokenProperties {
  readonly #found: BrokenProperty[] = [];
  count = 0;

  add(property: BrokenProperty['property'], share: Share, line: number, what: string): void {
    if (share === 'none') return;
    this.count += 1;
    if (this.#found.length === KEPT_MAX) return;
    const certainty = share === 'all' ? 'breaks' : 'may break';
    this.#found.push({ property, certainty, line, what });
  }

  get found(): readonly BrokenProperty[] {
    return this.#found;
  }
}
