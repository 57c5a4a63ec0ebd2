/** The list of quirks: goal is that every one is there, with its sentence, in the kind it belongs to. */
import { expect, it } from 'vitest';
import { QUIRKS } from '../../../src/actors/quirks.ts';
import { quirksCommand } from '../../../src/cli/quirks-command.ts';

function printed(json: boolean): string {
  const texts: string[] = [];
  quirksCommand(
    { json },
    { write: (text) => texts.push(text), isTerminal: false, columns: () => 80, hasColours: false },
  );
  return texts.join('');
}

it('prints every quirk once, in lines that fit', () => {
  const lines = printed(false).split('\n');
  for (const { id } of QUIRKS) expect(lines.filter((line) => line === `  ${id}`)).toHaveLength(1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('gives them as one JSON object', () => {
  const { schema, quirks } = JSON.parse(printed(true));
  expect(schema).toBe('stormdrain.quirks/1');
  expect(quirks.map(({ id }: { readonly id: string }) => id)).toEqual(QUIRKS.map(({ id }) => id));
  expect(quirks[0]).toMatchInlineSnapshot(`
    {
      "id": "fault-disable-not-marked",
      "kind": "linux-7.3",
      "sentence": "mm release clears P before it asks whether the entry is present, so the mark that owes a drain is lost",
    }
  `);
});
