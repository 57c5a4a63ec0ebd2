/**
 * Every example does what its header says, and stays short enough to be read at once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explore, type OwnDriver, type OwnScenario, replay } from 'stormdrain';
import { expect, it } from 'vitest';

import { detachUnderFault, safe, unsafe } from '../../../examples/drivers.ts';
import { drained, undrained } from '../../../examples/idxd-like.ts';
import { peterson, swapped } from '../../../examples/peterson.ts';
import { stopMarkerDevice } from '../../../examples/stop-marker.ts';
import { serve } from '../../../examples/vmm.ts';

const FOLDER = join(import.meta.dirname, '../../../examples');
const LINES_END = 60;

type Row = [
  scenario: OwnScenario,
  driver: OwnDriver | string | undefined,
  property: string | undefined,
];

const VERDICTS: readonly Row[] = [
  [detachUnderFault, safe, undefined],
  [detachUnderFault, unsafe, 'S8'],
  [detachUnderFault, 'vtd', undefined],
  [stopMarkerDevice, 'vtd', undefined],
  [stopMarkerDevice, 'amd@7.3', 'S6'],
  [drained, undefined, undefined],
  [undrained, undefined, 'user-live'],
  [peterson, undefined, undefined],
  [swapped, undefined, 'exclusion'],
];

it.each(VERDICTS.map(([scenario, driver, property]) => ({ scenario, driver, property })))(
  '$scenario.name, $driver.name: $property',
  async ({ scenario, driver, property }) => {
    const result = await explore(scenario, driver === undefined ? {} : { driver });
    expect(result.violation?.property).toBe(property);
    expect(result.complete).toBe(property === undefined);
    expect(result.unseen).toEqual([]);
    if (result.violation === null) return;
    const drivers = driver === undefined || typeof driver === 'string' ? [] : [driver];
    const again = await replay(result.violation.trace, { scenarios: [scenario], drivers });
    expect(again.matched).toBe(true);
  },
);

it('the VMM maps what its guest has, refuses what it has not, and owes nothing when it goes', () => {
  expect(serve(new Set([0x100_1000n, 0x100_2000n]))).toEqual([
    'group 1: success',
    'group 2: invalid',
    'group 3: invalid',
    'cookie 1 was never written',
  ]);
});

it.each(readdirSync(FOLDER))('%s has fewer than 60 lines', (file) => {
  const lines = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n').length;
  expect(lines).toBeLessThan(LINES_END);
});
