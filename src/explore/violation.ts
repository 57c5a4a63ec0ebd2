/**
 * Violation: a contract found broken, by a machine's `violate` effect or by a property of the world.
 */

export type Violation = {
  /** The slot that saw it; empty for a property of the whole world. */
  readonly slot: string;
  /** As the race catalogue numbers them; `unexpected` when the machine names none. */
  readonly property: string;
  readonly sentence: string;
};

/** Reads the params of a `violate` effect. */
export function violationIn(effect: {
  readonly slot: string;
  readonly params: unknown;
}): Violation {
  const { params } = effect;
  const fields = new Map<string, unknown>(
    typeof params === 'object' && params !== null ? Object.entries(params) : [],
  );
  const text = (field: string, otherwise: string): string => {
    const value = fields.get(field);
    return typeof value === 'string' ? value : otherwise;
  };
  return {
    slot: effect.slot,
    property: text('property', 'unexpected'),
    sentence: text('sentence', `${text('unexpected', 'an event')} must not come`),
  };
}

/** The properties that are broken by now, sorted, none twice. */
export const brokenBy = (
  before: readonly string[],
  violations: readonly Violation[],
): readonly string[] =>
  violations.length === 0
    ? before
    : [...new Set([...before, ...violations.map(({ property }) => property)])].sort();
