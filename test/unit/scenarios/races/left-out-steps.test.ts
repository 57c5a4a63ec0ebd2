/**
 * Each step of a teardown list, left out alone, is noticed as the table says; where the table says that nothing
 * notices, nothing does in the smallest scenario of its list. In all of them: test/races.
 */
import { describe, expect, it } from 'vitest';

import type { ExploreScenario } from '../../../../src/scenarios/explore/explore-scenario.ts';
import { EXIT_BESIDE_UNBIND } from '../../../../src/scenarios/explore/unit/scenarios.ts';
import * as underDma from '../../../../src/scenarios/races/left-out-dma.ts';
import {
  faultFile,
  faultFileOfFunction,
} from '../../../../src/scenarios/races/left-out-scenarios.ts';
import {
  LEFT_OUT_STEPS,
  scenariosOf,
  withoutStep,
} from '../../../../src/scenarios/races/left-out-steps.ts';
import { vtd } from '../../../../src/scenarios/races/report-scenarios.ts';
import { walkTogether } from '../../explore/lockstep.ts';
import { OPERATIONS, toldOf, UNNOTICED, vtdDriver } from './left-out.ts';

const MET_AGAIN: readonly ExploreScenario[] = [
  ...Object.values(underDma).map((of) => vtd(of)),
  faultFile,
  faultFileOfFunction,
];

describe('the table of left-out steps', () => {
  it('has every step of every teardown list, in its order', () => {
    for (const operation of OPERATIONS) {
      const steps = LEFT_OUT_STEPS.filter((row) => row.operation === operation);
      expect(
        steps.map(({ step }) => step),
        operation,
      ).toEqual(vtdDriver().operations[operation]);
    }
    expect(LEFT_OUT_STEPS.every(({ operation }) => OPERATIONS.includes(operation))).toBe(true);
  });
});

describe('a world of caches that are left full, or of a fault file', () => {
  it.each(MET_AGAIN)('is the same for tables and live actors: $name', ({ world }) => {
    const walked = walkTogether(world(vtdDriver()), { seed: 47, steps: 300, stepsOfWalkMax: 120 });
    expect(walked.steps).toBeGreaterThanOrEqual(300);
    expect(walked.violations).toBe(0);
  });
});

describe('a step that is left out', () => {
  const noticed = LEFT_OUT_STEPS.flatMap(({ operation, step, noticed: how }) =>
    'in' in how ? [{ operation, step, how }] : [],
  );
  it.each(noticed)('of $operation is noticed: $step, by $how.by', ({ operation, step, how }) => {
    const driver = withoutStep(vtdDriver(), operation, step);
    expect(toldOf(how.in, driver, how.by)).toBe(how.by);
  });

  it.each(UNNOTICED)('of $operation is not noticed: $step', ({ operation, step }) => {
    const [smallest] = scenariosOf(operation);
    if (smallest === undefined) throw new Error(`${operation} has no scenario`);
    expect(toldOf(smallest, withoutStep(vtdDriver(), operation, step))).toBe('complete');
  });

  const expected = UNNOTICED.flatMap(({ operation, step, noticed: how }) =>
    'evenIn' in how && how.evenIn !== undefined ? [{ operation, step, scenario: how.evenIn }] : [],
  );
  it.each(expected)('of $operation is not noticed: $step, even in $scenario.name', (row) => {
    const { operation, step, scenario } = row;
    expect(toldOf(scenario, vtdDriver())).toBe('complete');
    expect(toldOf(scenario, withoutStep(vtdDriver(), operation, step))).toBe('complete');
  });

  it('matters when what makes it redundant is left out too: await-release', () => {
    const driver = vtdDriver('release-not-awaited', 'absent-entry-not-drained');
    expect(toldOf(vtd(EXIT_BESIDE_UNBIND), driver, 'S6')).toBe('S6');
  });
});
