/** The report of an import: what the capture holds, what was left out, and what came of it. */
import type { CaptureImport } from '../scenarios/capture/import-capture.ts';
import { printable } from '../scenarios/field-check.ts';
import type { Paint } from './output.ts';

const TITLE_WIDTH = 'malformed'.length;
const FIGURE_WIDTH = 11;
/** Names shown of a long list; the JSON has all. */
const SHOWN_MAX = 8;

type Row = { readonly title: string; readonly figure: number; readonly note: string };

/** The report's text. */
export function importReport(file: string, imported: CaptureImport, paint: Paint): string {
  const { reading, profileFile, traceFile, profile } = imported;
  const { lines, bytes } = reading;
  const written = [
    ...(profileFile === undefined ? [] : [`profile  ${printable(profileFile, 400)}`]),
    ...(traceFile === undefined ? [] : [`trace    ${printable(traceFile, 400)}`]),
  ];
  const hint =
    profileFile !== undefined
      ? [`offer the same load: npx stormdrain storm ${printable(profileFile, 400)}`]
      : profile === undefined
        ? []
        : ['nothing was written; --out DIR writes a profile and a trace'];
  return [
    paint(
      'bold',
      `capture ${printable(file, 400)}   ${count(lines)} lines   ${count(bytes)} bytes`,
    ),
    ...[...readRows(imported), ...loadRows(imported)].map((row) => rowText(row, paint)),
    ...reading.malformedLines.map(
      ({ line, why, text }) =>
        `  ${printable(file, 400)}:${line}: ${why}: ${printable(text.trim(), 80)}`,
    ),
    ...imported.notes.map((note) => `  ${paint('yellow', 'note')}  ${note}`),
    ...written.map((line) => `  ${line}`),
    ...hint,
    '',
  ].join('\n');
}

function readRows({ reading, load }: CaptureImport): readonly Row[] {
  return [
    { title: 'events', figure: reading.events, note: counts(reading.eventsByKind) },
    { title: 'skipped', figure: reading.skipped, note: counts(reading.skippedByName) },
    { title: 'malformed', figure: reading.malformed, note: '' },
    { title: 'lost', figure: reading.lost, note: '' },
    {
      title: 'devices',
      figure: load.devices.length,
      note: list(
        load.devices.map(({ unit, device, rid }) =>
          device === undefined ? `${unit}/rid 0x${rid.toString(16)}` : `${unit}/${device}`,
        ),
      ),
    },
    { title: 'PASIDs', figure: load.pasids.length, note: list(load.pasids.map(String)) },
  ];
}

function loadRows({ load, profile }: CaptureImport): readonly Row[] {
  if (profile === undefined) return [];
  const { groups, arrivals } = load;
  const { success, invalid, failure } = groups.answers;
  const sizes = groups.sizes.flatMap((share, pages) =>
    share === 0 ? [] : [`${pages}: ${count(share)}`],
  );
  const pace =
    arrivals.rate === undefined
      ? 'pace unknown'
      : `${count(arrivals.rate)} a second${arrivals.burst === undefined ? '' : ' in bursts'}`;
  return [
    {
      title: 'groups',
      figure: profile.groups,
      note: `${pace}; ${count(groups.untraced)} known by their answer alone; by pages ${list(sizes)}`,
    },
    {
      title: 'answers',
      figure: success + invalid + failure,
      note: `${count(success)} success, ${count(invalid)} invalid, ${count(failure)} failure`,
    },
  ];
}

const rowText = ({ title, figure, note }: Row, paint: Paint): string =>
  `  ${paint('dim', title.padEnd(TITLE_WIDTH))}${count(figure).padStart(FIGURE_WIDTH)}  ${note}`.trimEnd();

const counts = (byName: Readonly<Record<string, number>>): string =>
  list(Object.entries(byName).map(([name, figure]) => `${printable(name)} ${count(figure)}`));

function list(items: readonly string[]): string {
  const shown = items.slice(0, SHOWN_MAX).join(', ');
  return items.length > SHOWN_MAX ? `${shown}, and ${count(items.length - SHOWN_MAX)} more` : shown;
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
