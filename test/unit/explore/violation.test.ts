/**
 * A violation is told in the words of its machine; where it has none, by what came, to what, and in what state.
 */
import { describe, expect, it } from 'vitest';

import { type Met, propertyIn, violationIn } from '../../../src/explore/violation.ts';

const FREED: Met = { machine: 'attach-handle', event: 'handle.dereference', state: 'freed' };
const ATS_OFF: Met = {
  machine: 'device-tlb',
  event: 'invalidation.complete',
  state: { ats: 'off', function: 'inReset' },
};

const seen = (params: unknown, met: Met) => violationIn({ slot: 'it', params }, met);

describe('a violation', () => {
  it.each([
    {
      params: { unexpected: 'handle.dereference', property: 'S8' },
      met: FREED,
      property: 'S8',
      sentence: 'the attach handle met handle.dereference while freed',
    },
    {
      params: { unexpected: 'invalidation.complete' },
      met: ATS_OFF,
      property: 'unexpected',
      sentence: 'the device TLB met invalidation.complete while ATS: off, function: in reset',
    },
    {
      params: { unexpected: 'group.freed', property: 'S7', sentence: 'a group is freed once' },
      met: FREED,
      property: 'S7',
      sentence: 'a group is freed once',
    },
    // A machine of one's own need say nothing.
    {
      params: undefined,
      met: FREED,
      property: 'unexpected',
      sentence: 'the attach handle met handle.dereference while freed',
    },
    {
      params: { property: 7, sentence: null },
      met: FREED,
      property: 'unexpected',
      sentence: 'the attach handle met handle.dereference while freed',
    },
  ])('$sentence', ({ params, met, property, sentence }) => {
    expect(seen(params, met)).toEqual({ slot: 'it', property, sentence });
    expect(propertyIn(params)).toBe(property);
  });
});
