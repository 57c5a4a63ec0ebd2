/**
 * Every property that a VT-d world judges can be broken: one quirk on the repaired driver, one scenario, a shortest
 * trace. What the quirk breaks is judged alone, so that the number of steps says how far away it is.
 */
import { describe, expect, it } from 'vitest';

import { PROPERTIES } from '../../../src/scenarios/explore/unit/observers/table.ts';
import { RACES } from '../../../src/scenarios/races/catalogue.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';
import { worldOf } from './unit-worlds.ts';

type Row = {
  readonly property: string;
  readonly quirk: string;
  readonly scenario: string;
  readonly steps: number;
};

const row = (property: string, quirk: string, scenario: string, steps: number): Row => ({
  property,
  quirk,
  scenario,
  steps,
});

const ROWS: readonly Row[] = [
  row('S1', 'reporting-dropped-first', 'rid-detach', 18),
  row('S2', 'partials-answered-without-handler', 'no-handler', 9),
  row('S3', 'partials-matched-by-index', 'two-pasids-one-index', 37),
  row('S4', 'rejects-strand-partials', 'bad-request', 33),
  row('S4', 'keep-partials-on-overflow', 'overflow-partials', 27),
  row('S5', 'partials-survive-drain', 'cut-rebind', 78),
  row('S5', 'handle-replaced-last', 'rid-replace', 37),
  row('S6', 'skip-ring-drain', 'unbind-live', 22),
  row('S6', 'skip-workqueue-flush', 'unbind-live', 34),
  row('S6', 'partials-survive-drain', 'detach-in-mid-group', 35),
  row('S7', 'reporting-dropped-first', 'rid-detach', 19),
  row('S8', 'free-handle-first', 'unbind-live', 13),
  row('S8', 'handle-replaced-last', 'pasid-replace-faults', 38),
  row('S9', 'skip-device-tlb-invalidation', 'unmap-vs-fault', 20),
  row('S9', 'torn-entry-not-flushed', 'exit-translations', 30),
  row('S11', 'pasid-freed-with-users', 'exit-rebind', 13),
  row('S12', 'reserved-id-counted', 'sva-on-any-pasid', 0),
  row('S14', 'release-leaves-entry-live', 'exit-unbind', 4),
  row('S15', 'replace-leaks-count', 'pasid-replace-faults', 26),
  row('S19', 'publish-before-hardware', 'attach-detach', 7),
  row('S20', 'pasid-freed-with-users', 'exit-rebind', 14),
  row('S22', 'faults-on-dying-mm', 'exit-unbind', 14),
  row('S24', 'partials-matched-by-index', 'two-pasids-one-index', 30),
  row('L1', 'acknowledge-after-read', 'report', 6),
  row('L2', 'drains-share-completion', 'two-devices-drain', 32),
  row('L3', 'acknowledge-after-read', 'unbind-live', 14),
  row('L6', 'release-flushes', 'exit-unbind', 16),
  row('L7', 'partials-matched-by-index', 'two-pasids-one-index', 38),
  row('L9', 'drains-share-completion', 'two-devices-drain', 32),
];

it.each(ROWS)(
  '$property is broken by $quirk in $scenario, after $steps steps',
  ({ property, quirk, scenario, steps }) => {
    const bounds = { properties: [property], mayDeadlock: property.startsWith('L') };
    const outcome = outcomeOf(worldOf(scenario, 'vtd', quirk), bounds);
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property } });
    expect(stepsOf(outcome)).toBe(steps);
  },
  60_000,
);

/** The model's own: broken in test/unit/explore/groups.test.ts and amd.test.ts. */
const BEYOND_THE_CATALOGUE = ['S25', 'S26'];

describe('the table of properties', () => {
  it('has all of the catalogue, and the model’s own, in order', () => {
    const ids = [
      ...Array.from({ length: 26 }, (_, at) => `S${at + 1}`),
      ...Array.from({ length: 9 }, (_, at) => `L${at + 1}`),
    ];
    expect(PROPERTIES.map(({ id }) => id)).toEqual(ids);
  });

  it('says which a VT-d world sees: those broken here', () => {
    const seen = PROPERTIES.filter(({ seen: { by } }) => by !== 'another world');
    expect(seen.map(({ id }) => id)).toEqual(
      PROPERTIES.map(({ id }) => id).filter((id) => ROWS.some(({ property }) => property === id)),
    );
  });

  it('says of the others that another world does: each is broken by a race of the catalogue', () => {
    const broken = RACES.flatMap((race) =>
      race.status === 'modelled' ? race.experiments.map(({ expects }) => expects) : [],
    ).flatMap((expects) => (expects.kind === 'breaks' ? [expects.property] : []));
    broken.push(...BEYOND_THE_CATALOGUE);
    const elsewhere = PROPERTIES.filter(({ seen: { by } }) => by === 'another world');
    expect(elsewhere.filter(({ id }) => !broken.includes(id))).toEqual([]);
    expect(elsewhere.length).toBeGreaterThan(0);
  });
});
