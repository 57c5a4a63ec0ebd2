/**
 * The catalogue says of every race of the index what it says there, and hides none: what isn't modelled says why.
 */
import { describe, expect, it } from 'vitest';

import { driverNames, quirkIds } from '../../../../src/actors/drivers.ts';
import { QUIRKS } from '../../../../src/actors/quirks.ts';
import { driversOf } from '../../../../src/scenarios/explore/explore-scenario.ts';
import { EXPLORE_SCENARIOS } from '../../../../src/scenarios/explore/scenarios.ts';
import { RACES } from '../../../../src/scenarios/races/catalogue.ts';
import { quirksOf } from '../../../../src/scenarios/races/race.ts';
import { outcomeOf } from '../../explore/outcome-of.ts';
import { driverOf } from '../../explore/unit-worlds.ts';
import { INDEX } from './index-of-catalogue.ts';
import { vtdDriver } from './left-out.ts';

/** What breaks no race of the catalogue: the scenario that shows it, and the property. */
const SHOWN_ELSEWHERE = [
  ['binds-over-host-table', 'walk-through-host-table', 'S26'],
  ['bind-switches-domain', 'bind-under-translated-dma', 'S16'],
  ['pasid-without-acs', 'peer-window', 'S25'],
  ['failed-attach-kept', 'group-attach', 'S14'],
  ['parent-untagged', 'nested-domain', 'S9'],
  ['converted-told-as-done', 'guest-invalidation', 'S9'],
] as const;
/** Another way to do it, and as good. */
const HARMLESS = ['first-stage-shares-id'];

describe('the race catalogue', () => {
  it('has the 58 entries of the index, in its order, with its facts', () => {
    expect(RACES.length).toBe(58);
    const rows = RACES.map(({ id, grade, reference, depth, weakMemory, properties }) => [
      id,
      grade,
      /CVE-\d+-\d+/.exec(reference)?.[0] ?? '',
      `${depth}${weakMemory === undefined ? '' : ' +wm'}`,
      properties.join(' '),
    ]);
    const expected = INDEX.map(([id, grade, cve, depth, properties]) => [
      id,
      grade,
      cve,
      depth,
      properties,
    ]);
    expect(rows).toEqual(expected);
  });

  it('says what a pending entry lacks and why another is not explored', () => {
    for (const race of RACES) {
      if (race.status === 'pending') expect(race.lacks, race.id).toMatch(/\w{3}/);
      if (race.status === 'not-explored') expect(race.why, race.id).toMatch(/\w{3}/);
      if (race.status === 'modelled') expect(race.experiments.length, race.id).toBeGreaterThan(0);
    }
  });

  it('never calls explored what needs weak memory', () => {
    const weak = RACES.filter(({ weakMemory }) => weakMemory === true);
    expect(weak.map(({ id, status }) => [id, status])).toEqual([
      ['attach-vs-unmap-missed-invalidate', 'not-explored'],
    ]);
  });

  it('names in its experiments drivers and quirks there are, and properties of its entry', () => {
    for (const race of RACES) {
      if (race.status !== 'modelled') continue;
      for (const { driver, quirks, expects } of race.experiments) {
        expect(driverNames, race.id).toContain(driver);
        expect(quirks.length, race.id).toBeGreaterThan(0);
        for (const quirk of quirks) expect(quirkIds, race.id).toContain(quirk);
        if (expects.kind !== 'clean') expect(expects.property, race.id).toMatch(/^[SL]\d+$/);
      }
      const broken = race.experiments.flatMap(({ expects }) =>
        expects.kind === 'breaks' ? [expects.property] : [],
      );
      expect(
        broken.some((property) => race.properties.includes(property)),
        race.id,
      ).toBe(true);
    }
  });

  it('shows of every quirk of history, and of every defect of a part, what it breaks', () => {
    const shown = RACES.flatMap(quirksOf).concat(
      HARMLESS,
      SHOWN_ELSEWHERE.map(([id]) => id),
    );
    const unshown = QUIRKS.filter(
      ({ id, kind, edit }) =>
        !shown.includes(id) && (kind === 'history' || edit(vtdDriver()).defects.length > 0),
    );
    expect(unshown.map(({ id }) => id)).toEqual([]);
  });

  it.each(SHOWN_ELSEWHERE)('leaves %s to %s, where it breaks %s', (id, name, property) => {
    const scenario = EXPLORE_SCENARIOS.find((each) => each.name === name);
    if (scenario === undefined) throw new Error(`no scenario ${name}`);
    const [driver = ''] = driversOf(scenario);
    const broken = { kind: 'violated', violation: { property } };
    const bounds = { properties: [property] };
    expect(outcomeOf(scenario.world(driverOf(driver)), bounds)).not.toMatchObject(broken);
    expect(outcomeOf(scenario.world(driverOf(driver, [id])), bounds)).toMatchObject(broken);
  });

  it('titles are sentences of their own, not two alike', () => {
    expect(new Set(RACES.map(({ title }) => title)).size).toBe(58);
    for (const { title } of RACES) expect(title).toMatch(/^[a-zA-Z].*[^.]$/);
  });
});
