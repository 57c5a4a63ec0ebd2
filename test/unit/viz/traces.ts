/** Traces written by hand, to be drawn. */
import {
  type RecordedStep,
  type RecordedTrace,
  TRACE_SCHEMA,
} from '../../../src/explore/recorded-trace.ts';

/** A step of which only what is drawn is said. */
export const stepOf = (
  actor: string,
  label: string,
  details: readonly string[] = [],
  more: Partial<RecordedStep> = {},
): RecordedStep => ({
  ...{ actor, take: 0, event: { type: 'step' }, label, details, passes: details.length === 0 },
  ...{ effects: [], changes: [], fields: [], ...more },
});

export const traceOf = (
  steps: readonly RecordedStep[],
  more: Partial<RecordedTrace> = {},
): RecordedTrace => ({
  ...{ schema: TRACE_SCHEMA, scenario: 'by-hand', driver: 'vtd', quirks: [], strategy: 'bfs' },
  ...{ violation: undefined, columns: {}, steps, ...more },
});

/** An unbind that frees what a worker is about to use. */
export const RACE = traceOf(
  [
    stepOf('release', 'block-entry', ['clear present', 'entry: cleared'], {
      changes: [{ slot: 'entry', to: 'cleared' }],
    }),
    stepOf('worker[1]', 'work take: group 0', ['group: taken'], {
      event: { type: 'work.take' },
      changes: [
        { slot: 'group', to: 'taken' },
        { slot: 'ring', to: { pending: 'set', overflow: 'clear' } },
      ],
      fields: [{ slot: 'worker[1]', field: 'group', to: '0' }],
    }),
    stepOf('unbind', 'block-entry', ['found absent']),
    stepOf('unbind', 'invalidate-iotlb: submitting'),
    stepOf('unbind', 'invalidate-iotlb: waiting'),
    stepOf('unbind', 'drain-hardware-by-completion: submitting', [], { passes: false }),
    stepOf('unbind', 'untrack-pasid', [], { passes: false }),
    stepOf('unbind', 'free-handle', ['handle: freed']),
    stepOf('worker[1]', 'handling', ['dereference handle; again']),
  ],
  {
    violation: { slot: 'handle', property: 'S8', sentence: 'nobody uses a handle that was freed' },
    columns: { unbind: 'CPU 0: unbind', release: 'CPU 1: exit', worker: 'worker' },
  },
);
