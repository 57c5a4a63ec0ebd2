/** Unjudged: events that the machines say nothing of, counted by what they are. */

export type UnjudgedEvents = { readonly what: string; readonly count: number };

export class Unjudged {
  readonly #counts = new Map<string, number>();

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The most frequent first, then by name. */
  listed(): readonly UnjudgedEvents[] {
    return [...this.#counts]
      .map(([what, count]) => ({ what, count }))
      .sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
  }
}
