/**
 * The table of left-out steps in full: with all steps every scenario of a list is clean, and a step that the table says
 * nothing notices is noticed in none of them.
 */
import { describe, expect, it } from 'vitest';

import { scenariosOf, withoutStep } from '../../src/scenarios/races/left-out-steps.ts';
import { OPERATIONS, toldOf, UNNOTICED, vtdDriver } from '../unit/scenarios/races/left-out.ts';

describe('the scenarios of a teardown list', () => {
  it.each(OPERATIONS)('are clean with all its steps: %s', (operation) => {
    for (const scenario of scenariosOf(operation)) {
      expect(toldOf(scenario, vtdDriver()), scenario.name).toBe('complete');
    }
  });

  it.each(UNNOTICED)('of $operation do not notice: $step', ({ operation, step }) => {
    const driver = withoutStep(vtdDriver(), operation, step);
    for (const scenario of scenariosOf(operation)) {
      expect(toldOf(scenario, driver), scenario.name).toBe('complete');
    }
  });
});
