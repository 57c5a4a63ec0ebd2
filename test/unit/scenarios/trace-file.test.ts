/**
 * A trace file is read as it was written; what is wrong with one is a sentence with the file and the field in it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { parseTrace, readTraceFile } from '../../../src/scenarios/trace-file.ts';
import { RACE } from '../viz/traces.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is wrong with a text, or the trace it holds. */
function read(text: string) {
  const trace = parseTrace(text, 't.json');
  return trace.ok ? trace.value : badInputSentence(trace.error);
}
/** The race with some fields other than they should be. */
const changed = (fields: object): string => JSON.stringify({ ...RACE, ...fields });
const step = (fields: object): string =>
  changed({ steps: [RACE.steps[0], { ...RACE.steps[1], ...fields }] });

describe('a trace file', () => {
  it('is read as it was written', async () => {
    const file = join(folder, 'race.json');
    const sampled = { ...RACE, seed: 7, iteration: 3 };
    await writeFile(file, JSON.stringify(sampled));
    expect(await readTraceFile(file)).toEqual({ ok: true, value: sampled });
  });

  it('may say more than it must', () => {
    expect(read(changed({ comment: 'seen on a Tuesday' }))).toEqual(RACE);
  });

  it('of a newer version is refused by name', () => {
    expect(read(changed({ schema: 'stormdrain.trace/2' }))).toBe(
      'trace t.json is "stormdrain.trace/2", but this version reads "stormdrain.trace/1"; use a newer stormdrain',
    );
  });

  it('that is not there, or a folder, is told as such', async () => {
    const sentences = await Promise.all(
      [join(folder, 'none.json'), folder].map(async (file) => {
        const trace = await readTraceFile(file);
        return trace.ok ? 'read' : badInputSentence(trace.error).replaceAll(folder, 'FOLDER');
      }),
    );
    expect(sentences).toEqual([
      'cannot read trace FOLDER/none.json: there is no such file; check the path',
      'cannot read trace FOLDER: it is a directory; check the path',
    ]);
  });

  it('says which field is wrong, and what it should be', () => {
    const sentences = [
      'not JSON',
      '[]',
      '{}',
      changed({ schema: 'another.trace/1' }),
      changed({ scenario: 5 }),
      changed({ driver: '' }),
      changed({ quirks: 'one' }),
      changed({ quirks: [1] }),
      changed({ columns: { unbind: 1 } }),
      changed({ seed: -1 }),
      changed({ violation: { property: 'S1' } }),
      changed({ steps: {} }),
      changed({ steps: [null] }),
      step({ actor: undefined }),
      step({ take: 0.5 }),
      step({ event: 'step' }),
      step({ event: { group: 1 } }),
      step({ changes: [{ slot: 'a', to: { b: 1 } }] }),
      step({ fields: [{ slot: 'a', to: 'x' }] }),
      step({ effects: [{ slot: 'a' }] }),
    ].map(read);
    expect(sentences).toMatchInlineSnapshot(`
      [
        "trace t.json must hold one JSON object, but has a mistake: Unexpected token 'o', "not JSON" is not valid JSON; write it anew with "stormdrain explore --trace"",
        "trace t.json: the whole file must be a mapping of fields, but is a list; write it anew with "stormdrain explore --trace"",
        "trace t.json: "schema" must be "stormdrain.trace/1", but is nothing; write it anew with "stormdrain explore --trace"",
        "trace t.json: "schema" must be "stormdrain.trace/1", but is "another.trace/1"; write it anew with "stormdrain explore --trace"",
        "trace t.json: "scenario" must be a name, but is 5; write it anew with "stormdrain explore --trace"",
        "trace t.json: "driver" must be a name, but is ""; write it anew with "stormdrain explore --trace"",
        "trace t.json: "quirks" must be a list of at most 10000, but is "one"; write it anew with "stormdrain explore --trace"",
        "trace t.json: "quirks[0]" must be a name, but is 1; write it anew with "stormdrain explore --trace"",
        "trace t.json: "columns" must be a mapping of names to titles, but is a mapping; write it anew with "stormdrain explore --trace"",
        "trace t.json: "seed" must be a whole number from 0 to 9007199254740991, but is -1; write it anew with "stormdrain explore --trace"",
        "trace t.json: "violation.slot" must be a text, but is nothing; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps" must be a list of at most 1000000, but is a mapping; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[0]" must be a mapping of fields, but is nothing; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].actor" must be a name, but is nothing; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].take" must be a whole number from 0 to 9007199254740991, but is 0.5; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].event" must be a mapping with a "type", and without null, but is "step"; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].event" must be a mapping with a "type", and without null, but is a mapping; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].changes[0].to" must be a state: a name, or a mapping of names to states, but is a mapping; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].fields[0].field" must be a name, but is nothing; write it anew with "stormdrain explore --trace"",
        "trace t.json: "steps[1].effects[0].type" must be a name, but is nothing; write it anew with "stormdrain explore --trace"",
      ]
    `);
  });
});
