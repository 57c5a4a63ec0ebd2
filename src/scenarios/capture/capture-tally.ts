/**
 * The tally of a capture: what was understood, what was skipped and what could not be read.
 *
 * Policy: whatever a file holds, the tally stays small: names and examples are bounded.
 */

const NAMES_MAX = 256;
const NAME_LENGTH_MAX = 64;
const EXAMPLES_MAX = 5;
const EXAMPLE_LENGTH_MAX = 160;
/** Skipped events whose names found no room. */
const OTHERS = '(others)';

/** A line that is none of a trace, or an event whose payload is damaged. */
export type MalformedLine = {
  /** Counts from 1. */
  readonly line: number;
  readonly why: string;
  /** Cut to a length that can be shown. */
  readonly text: string;
};

export type CaptureTally = {
  readonly lines: number;
  /** Of text, unpacked. */
  readonly bytes: number;
  /** Events of a known kind; places where events were lost are no events. */
  readonly events: number;
  readonly eventsByKind: Readonly<Record<string, number>>;
  readonly skipped: number;
  readonly skippedByName: Readonly<Record<string, number>>;
  readonly malformed: number;
  /** The first of them. */
  readonly malformedLines: readonly MalformedLine[];
  /** As the recorder counts them. */
  readonly lost: number;
  /** Places of loss, with or without a count. */
  readonly lossPlaces: number;
};

/** A counter of names, sorted by name when it is read. */
class NameCount {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(name: string): void {
    this.total += 1;
    const count = this.#counts.get(name);
    if (count !== undefined) this.#counts.set(name, count + 1);
    else if (this.#counts.size < NAMES_MAX) this.#counts.set(ownText(name), 1);
    else this.#counts.set(OTHERS, (this.#counts.get(OTHERS) ?? 0) + 1);
  }

  /** Most frequent first; of equals, in the order of the alphabet. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts].sort(
        ([left, count], [right, other]) => other - count || (left < right ? -1 : 1),
      ),
    );
  }
}

/** A copy that keeps nothing else alive: what is cut from a text holds on to all of it. */
export const ownText = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

export class TallyKeeper {
  readonly #kinds = new NameCount();
  readonly #names = new NameCount();
  readonly #examples: MalformedLine[] = [];
  #malformed = 0;
  #lost = 0;
  #lossPlaces = 0;

  event(kind: string): void {
    this.#kinds.add(kind);
  }

  skip(name: string): void {
    this.#names.add(name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name);
  }

  malformed(line: number, why: string, text: string): void {
    this.#malformed += 1;
    if (this.#examples.length >= EXAMPLES_MAX) return;
    this.#examples.push({ line, why, text: ownText(text.slice(0, EXAMPLE_LENGTH_MAX)) });
  }

  lose(count: number | undefined): void {
    this.#lossPlaces += 1;
    this.#lost += count ?? 0;
  }

  read(lines: number, bytes: number): CaptureTally {
    return {
      lines,
      bytes,
      events: this.#kinds.total,
      eventsByKind: this.#kinds.counts(),
      skipped: this.#names.total,
      skippedByName: this.#names.counts(),
      malformed: this.#malformed,
      malformedLines: this.#examples,
      lost: this.#lost,
      lossPlaces: this.#lossPlaces,
    };
  }
}
