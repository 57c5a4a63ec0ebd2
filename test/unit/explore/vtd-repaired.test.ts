/**
 * The repaired driver in every small world of a unit, every interleaving: complete, no property broken, nobody stuck.
 *
 * Numbers of states are exact. One that changes says that the model has changed: look at why before changing it here.
 */
import { expect, it } from 'vitest';

import { PROPERTIES } from '../../../src/scenarios/explore/unit/observers/table.ts';
import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';
import { worldOf } from './unit-worlds.ts';

/** A lost request of a group is what no answer of software's can make good: see the findings. */
const OVERFLOW_PARTIALS = 'overflow-partials';

const STATES: Readonly<Record<string, number>> = {
  'attach-detach': 33_451,
  'bad-request': 335,
  'bind-over-domain': 5,
  'bind-race': 379,
  'cut-rebind': 62_192,
  'detach-beside-unmap': 100,
  'detach-in-mid-group': 3323,
  'domain-at-three-places': 433,
  'exit-beside-unbind': 28_703,
  'exit-rebind': 4235,
  'exit-translations': 5630,
  'exit-unbind': 3755,
  'function-detach': 2235,
  'function-life': 1194,
  'function-replace': 2485,
  'nested-beside-parent': 256,
  'nested-domain': 136,
  'no-handler': 69,
  overflow: 19_833,
  'pasid-detach': 674,
  'pasid-replace': 1014,
  'pasid-replace-faults': 3246,
  'process-replace': 3511,
  report: 690,
  'response-needs-pasid': 50,
  'rid-detach': 674,
  'rid-replace': 3246,
  'stop-marker': 17_873,
  'sva-on-any-pasid': 364,
  'two-devices-drain': 17_535,
  'two-pasids-one-index': 13_139,
  'unbind-in-mid-group': 3613,
  'unbind-live': 28_448,
  'unmap-vs-fault': 786,
};

it.each(Object.entries(STATES))(
  '%s is safe and never stuck, in %i states',
  (scenario, states) => {
    expect(outcomeOf(worldOf(scenario, 'vtd'))).toMatchObject({
      kind: 'complete',
      states,
      unseen: [],
    });
  },
  60_000,
);

it('no scenario is left out', () => {
  const names = UNIT_SCENARIOS.flatMap(({ name, units = ['vtd'] }) =>
    units.includes('vtd') ? [name] : [],
  );
  expect(names.toSorted()).toEqual([...Object.keys(STATES), OVERFLOW_PARTIALS].toSorted());
});

it('a group that lost a request to an overflow is answered SUCCESS, which is all that can be said', () => {
  const outcome = outcomeOf(worldOf(OVERFLOW_PARTIALS, 'vtd'));
  expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S3' } });
  expect(stepsOf(outcome)).toBe(33);
});

it('and nothing else is wrong with it', () => {
  const properties = ['unexpected', ...PROPERTIES.map(({ id }) => id)].filter(
    (id) => id !== 'S3' && id !== 'L7',
  );
  const outcome = outcomeOf(worldOf(OVERFLOW_PARTIALS, 'vtd'), { properties });
  expect(outcome).toMatchObject({ kind: 'complete' });
});
