/**
 * Goal:   a recorded storm tells its whole beginning, in an order in which nothing comes before its cause.
 * Method: real storms, with the recording judged group by group and against the storm's own counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

import { SEED } from './storms.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormdrain-record-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Line = {
  readonly ticks: number;
  readonly thread: string;
  readonly kind: string;
  readonly fields: { readonly group?: number; readonly code?: string; readonly pages?: number };
};

function recorded(...args: readonly string[]) {
  const file = join(folder, 'storm.jsonl');
  const typed = ['storm', ...args, '--record', file, '--json', '--seed', String(SEED)];
  const storm = JSON.parse(execFileSync(process.execPath, [main, ...typed], { encoding: 'utf8' }));
  const text = readFileSync(file, 'utf8');
  expect(readdirSync(folder)).toEqual(['storm.jsonl']);
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { storm, header, lines: lines as readonly Line[], replay: typed.join(' ') }; // judged below
}

/** What a group may live through: from each event to the next ones. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  nothing: ['page-group.sent'],
  'page-group.sent': ['page-group.queued', 'page-group.refused'],
  'page-group.queued': ['page-group.resolved', 'page-group.refused'],
  'page-group.refused': ['page-group.answered'],
  'page-group.resolved': ['page-group.answered'],
  'page-group.answered': [],
};

/** The first event of a group that its past does not allow, or undefined. */
function misplaced(lines: readonly Line[]): Line | undefined {
  const latest = new Map<unknown, string>();
  return lines.find(({ kind, fields: { group } }) => {
    if (group === undefined || kind === 'page-request.dropped') return false;
    const allowed = NEXT[latest.get(group) ?? 'nothing'] ?? [];
    latest.set(group, kind);
    return !allowed.includes(kind);
  });
}

const countOf = (lines: readonly Line[], kind: string): number =>
  lines.filter((line) => line.kind === kind).length;

describe('a recording', () => {
  it('of a short storm is complete, and counts what the storm counts', () => {
    const { storm, header, lines, replay } = recorded('detach-storm', '--groups', '5000');
    expect(header, replay).toEqual({
      schema: 'stormdrain.events/1',
      source: 'storm',
      from: 'detach-storm',
      driver: 'vtd',
      quirks: [],
      seed: SEED,
      complete: true,
    });
    expect(
      lines.map(({ ticks }) => ticks),
      replay,
    ).toEqual(lines.map((_, index) => index));
    expect(misplaced(lines), replay).toBeUndefined();
    expect(countOf(lines, 'page-group.sent'), replay).toBe(5000);
    expect(countOf(lines, 'page-group.answered'), replay).toBe(5000);
    const codes = lines.filter(({ kind }) => kind === 'page-group.answered');
    const success = codes.filter(({ fields }) => fields.code === 'success').length;
    expect(success, replay).toBe(storm.responses.success);
    const pages = lines.reduce((sum, { fields }) => sum + Number(fields.pages ?? 0), 0);
    expect(pages, replay).toBe(storm.pageRequests);
    // Winding up detaches the rest behind the storm's own count.
    expect(countOf(lines, 'pasid.detached'), replay).toBe(countOf(lines, 'pasid.attached'));
  });

  it('of a long storm is its beginning', () => {
    const { header, lines, replay } = recorded('overflow', '--groups', '40000');
    expect(header.complete, replay).toBe(false);
    expect(lines.length, replay).toBe(65_536);
    expect(misplaced(lines), replay).toBeUndefined();
    expect(countOf(lines, 'page-request.dropped'), replay).toBeGreaterThan(0);
  });
});

it('the judge of recordings sees an answer before its request, twice, or without a group', () => {
  const line = (kind: string, group: number): Line => ({
    ticks: 0,
    thread: 'x',
    kind,
    fields: { group },
  });
  const life = ['sent', 'queued', 'resolved', 'answered'].map((step) =>
    line(`page-group.${step}`, 1),
  );
  expect(misplaced(life)).toBeUndefined();
  expect(misplaced([...life, line('page-group.answered', 1)])).toBeDefined();
  expect(misplaced(life.toReversed())).toBeDefined();
  expect(misplaced(life.slice(1))).toBeDefined();
  expect(misplaced(life.toSpliced(2, 1))).toBeDefined();
});
