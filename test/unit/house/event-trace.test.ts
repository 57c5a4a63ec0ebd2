/** The page of the event trace names every kind of event there is, with the fields it has in real captures. */
import { expect, test } from 'vitest';

import { EXPECTED_CAPTURES } from '../scenarios/capture/expected-captures.ts';
import { captureText, linesOf, readLines } from '../scenarios/capture/fixtures.ts';
import { readText } from './sources.ts';

const rows = new Map(
  [...readText('docs/event-trace.md').matchAll(/^\| `([a-z-]+\.[a-z]+)` +\|[^|]*\| (.*)\|$/gm)].map(
    ([, kind = '', fields = '']) => [
      kind,
      [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field ?? ''),
    ],
  ),
);

test('every kind of event in any capture has a row that names its fields', () => {
  const seen = new Set<string>();
  for (const { file } of EXPECTED_CAPTURES) {
    for (const { fact } of readLines(linesOf(captureText(file))).events) {
      const { kind, ...fields } = fact;
      seen.add(kind);
      const named = rows.get(kind) ?? [];
      const missing = Object.keys(fields).filter(
        (field) => !named.includes(field) && !(field === 'caller' && kind === 'function.entered'),
      );
      expect(missing, `${kind} in ${file}`).toEqual([]);
    }
  }
  // Nobody recorded these.
  const unseen = ['range.mapped', 'range.unmapped', 'io-page-fault.reported'];
  expect([...seen, ...unseen].sort()).toEqual([...rows.keys()].sort());
});
