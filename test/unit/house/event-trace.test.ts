/** The page of the event trace names every kind of event there is, with the fields it has. */
import { expect, test } from 'vitest';

import { recordingHeader, stormRecordingText } from '../../../src/scenarios/storm-recording.ts';
import { EVENT } from '../../../src/workers/event-log.ts';
import { RECORD } from '../../../src/workers/event-recording.ts';
import { UNIT_KINDS } from '../../../src/workers/unit-kind.ts';
import { PLAN } from '../cli/fixture.ts';
import { EXPECTED_CAPTURES } from '../scenarios/capture/expected-captures.ts';
import { captureText, linesOf, readLines } from '../scenarios/capture/fixtures.ts';
import { readText } from './sources.ts';

const [ofCaptures = '', ofStorms = ''] = readText('docs/event-trace.md').split('## Of a storm');

/** Kinds, with the fields that their rows name. */
const rowsOf = (page: string) =>
  new Map(
    [...page.matchAll(/^\| `([a-z-]+\.[a-z]+)` +\|[^|]*\| (.*)\|$/gm)].map(
      ([, kind = '', fields = '']) => [
        kind,
        [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field ?? ''),
      ],
    ),
  );

const rows = rowsOf(ofCaptures);

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

test('every event of a storm, on any unit, is one of these, or one that only storms have', () => {
  const ownRows = rowsOf(ofStorms);
  const seen = new Set<string>();
  for (const driver of UNIT_KINDS) {
    // A whole range of pages is emptied from the IOTLB, in the words of each unit.
    const command = COMMANDS[driver];
    const events = [...Object.values(EVENT), ...Object.values(RECORD)].map((event) => ({
      thread: 1,
      event,
      words: event === RECORD.submitted ? command : ([5, 1, 100, 1, 0, 0] as const),
    }));
    const text = stormRecordingText(recordingHeader({ ...PLAN, driver }, events), events);
    const { events: read, tally } = readLines(linesOf(text));
    expect(tally, driver).toMatchObject({ malformed: 0, skipped: 0 });
    for (const { fact } of read) {
      const { kind, ...fields } = fact;
      seen.add(kind);
      const named = [...(rows.get(kind) ?? []), ...(ownRows.get(kind) ?? [])];
      expect(
        Object.keys(fields).filter((field) => !named.includes(field)),
        `${kind} on ${driver}`,
      ).toEqual([]);
    }
  }
  expect([...seen].filter((kind) => !rows.has(kind)).sort()).toEqual([...ownRows.keys()].sort());
});

const COMMANDS = {
  vtd: [0x26, 1, 0, 0, 1, 0],
  amd: [1, 0x3000_0100, -0xff9 | 0, 0x7fff_ffff, 1, 0],
  smmuv3: [0x11, 7 << 16, 0, 0, 1, 0],
} as const;
