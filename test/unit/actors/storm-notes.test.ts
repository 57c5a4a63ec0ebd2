/** What a user is told before a storm in which something asked for makes no difference. */
import { expect, test } from 'vitest';

import { stormNotes } from '../../../src/actors/storm-notes.ts';
import { PLAN } from '../cli/fixture.ts';

const notes = (driver: string, ...quirks: string[]) => stormNotes({ ...PLAN, driver, quirks });

test('nothing is said of what makes a difference', () => {
  expect(notes('vtd', 'skip-ring-drain', 'keep-partials-on-overflow')).toEqual([]);
  expect(notes('amd', 'skip-workqueue-flush', 'skip-device-tlb-invalidation')).toEqual([]);
});

test('a quirk that no storm can show says why, on every unit', () => {
  const sentence =
    'quirk drains-share-completion changes nothing in a storm: sva_lock keeps the drains of a storm apart';
  expect(notes('vtd', 'drains-share-completion')).toEqual([sentence]);
  expect(notes('amd', 'drains-share-completion')).toEqual([sentence]);
});

test('a quirk of a step or rule that the unit has not is told apart from one that it has', () => {
  expect(notes('amd', 'absent-entry-not-drained', 'free-handle-first')).toEqual([
    'quirk absent-entry-not-drained changes nothing in a storm with driver amd: it has no such step or rule',
  ]);
});

test('stalls have neither partial requests nor device TLBs, nor groups of several', () => {
  expect(
    notes('smmuv3', 'keep-partials-on-overflow', 'skip-device-tlb-invalidation', 'skip-ring-drain'),
  ).toEqual([
    'quirk keep-partials-on-overflow changes nothing in a storm with driver smmuv3: it has no such step or rule',
    'quirk skip-device-tlb-invalidation changes nothing in a storm with driver smmuv3: it has no such step or rule',
    'with driver smmuv3 each access that faults is a group of its own, so groups of 1 to 4 pages are of 1',
  ]);
  expect(stormNotes({ ...PLAN, driver: 'smmuv3', groupPagesMax: 1 })).toEqual([]);
});

test('a quirk that 7.3 has on already is no news of the unit', () => {
  expect(notes('vtd@7.3', 'partials-matched-by-index')).toEqual([]);
});
