/**
 * Traces as text: a race in columns that fits a commit message, a table, a sequence diagram. Exact pictures of a
 * trace by hand; width and order for any trace.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { columnsOf } from '../../../src/viz/columns.ts';
import { sequenceOf } from '../../../src/viz/sequence.ts';
import { stepTableOf } from '../../../src/viz/step-table.ts';
import { RACE, stepOf, traceOf } from './traces.ts';

const WIDTH = 78;

describe('columns', () => {
  it('draw a thread each, time downward, with the property below', () => {
    expect(`\n${columnsOf(RACE)}`).toMatchInlineSnapshot(`
      "
      CPU 0: unbind                    CPU 1: exit       worker 1
      -------------                    -----------       --------
                                       block-entry
                                         clear present
                                         entry: cleared
                                                         work take: group 0
                                                           group: taken
      block-entry
        found absent
      passes invalidate-iotlb
      drain-hardware-by-completion,
        untrack-pasid
      free-handle
        handle: freed
                                                         handling
                                                           dereference handle; again

      S8: nobody uses a handle that was freed (seen by handle)
      "
    `);
  });

  it('draw each instance by itself, and together who is given the same title', () => {
    const steps = [stepOf('device[0]', 'one', ['x']), stepOf('port', 'two', ['y'])];
    const apart = columnsOf(
      traceOf([...steps, stepOf('device[1]', 'three', ['z'])], { columns: { device: 'dev' } }),
    );
    expect(apart.split('\n')[0]).toMatch(/^dev 0 +dev 1 +port$/);
    const together = columnsOf(
      traceOf(steps, { columns: { 'device[0]': 'hardware', port: 'hardware' } }),
    );
    expect(together.split('\n')[0]).toBe('hardware');
  });

  it('of nothing are the property alone', () => {
    const violation = { slot: '', property: 'S1', sentence: 'at once' };
    expect(columnsOf(traceOf([], { violation }))).toBe('\n\nS1: at once\n');
  });

  const word = fc.stringMatching(/^[a-z-]{1,30}$/);
  const sentence = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
  const step = fc
    .tuple(fc.integer({ min: 0, max: 3 }), sentence, fc.array(sentence, { maxLength: 3 }))
    .map(([actor, label, details]) => stepOf(`thread-${actor}`, label, ['did', ...details]));

  it('of up to four threads fit a commit message and lose no word', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const drawn = columnsOf(traceOf(steps));
        for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDTH);
        // Words are cut at the edge of a column, never dropped: letter by letter all of them are there.
        const letters = (text: string) => [...text.replaceAll(/[^a-z]/g, '')].sort().join('');
        const titles = [...new Set(steps.map(({ actor }) => actor))].join('');
        const told = steps.flatMap(({ label, details }) => [label, ...details]).join('');
        expect(letters(drawn)).toBe(letters(titles + told));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

it('a table numbers the steps and tells what changed', () => {
  expect(`\n${stepTableOf(RACE)}`).toMatchInlineSnapshot(`
    "
    step  actor      does                                      changes
       1  release    block-entry                               entry cleared
       2  worker[1]  work take: group 0                        group taken; ring pending: set, overflow: clear; worker[1].group = 0
       3  unbind     block-entry
       4  unbind     invalidate-iotlb: submitting
       5  unbind     invalidate-iotlb: waiting
       6  unbind     drain-hardware-by-completion: submitting
       7  unbind     untrack-pasid
       8  unbind     free-handle
       9  worker[1]  handling

    S8: nobody uses a handle that was freed (seen by handle)
    "
  `);
});

it('a sequence diagram has a participant a thread, and nothing that Mermaid would misread', () => {
  expect(`\n${sequenceOf(RACE)}`).toMatchInlineSnapshot(`
    "
    sequenceDiagram
      participant T0 as CPU 0: unbind
      participant T1 as CPU 1: exit
      participant T2 as worker 1
      T1->>T1: block-entry<br/>clear present<br/>entry: cleared
      T2->>T2: work take: group 0<br/>group: taken
      T0->>T0: block-entry<br/>found absent
      T0->>T0: passes invalidate-iotlb
      T0->>T0: drain-hardware-by-completion, untrack-pasid
      T0->>T0: free-handle<br/>handle: freed
      T2->>T2: handling<br/>dereference handle#59; again
      Note over T0,T2: S8: nobody uses a handle that was freed
    "
  `);
});
