/**
 * Goal: every kind of JSON that the sources name has a shipped schema that says what each field is; what is in the
 * repository and is read keeps to it.
 */
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { contentHash } from '../../../src/campaign/content-hash.ts';
import { TRACE_SCHEMA } from '../../../src/explore/recorded-trace.ts';
import { readStormProfile } from '../../../src/scenarios/storm-profile-file.ts';
import { pathsBelow, readBytes, readText, sourcesBelow } from '../house/sources.ts';
import { SCHEMAS, schemaText, sealedFaults, shippedFaults } from './validator.ts';

const named = SCHEMAS.flatMap(({ of }) => of.split(', '));

/** Made by programs of the repository, and by nobody who installs the package. */
const NOT_SHIPPED = ['stormdrain.soak/1', 'stormdrain.iova-contention/1'];

type Part = { readonly description?: unknown };

/** Properties of a schema, at any depth, that nothing describes. */
function undescribed(part: unknown, path = ''): readonly string[] {
  if (Array.isArray(part)) return part.flatMap((each) => undescribed(each, path));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([keyword, value]) => {
    if (keyword !== 'properties') return undescribed(value, path);
    const properties: Readonly<Record<string, Part>> = value;
    return Object.entries(properties).flatMap(([name, property]) => [
      ...(typeof property.description === 'string' ? [] : [`${path}.${name}`]),
      ...undescribed(property, `${path}.${name}`),
    ]);
  });
}

describe('the list of schemas', () => {
  it('has a row for every file, and for every kind that the sources name', () => {
    const files = pathsBelow('schemas', /\.json$/).map((path) => path.replace('schemas/', ''));
    expect(SCHEMAS.map(({ file }) => file)).toEqual(files.filter((file) => file !== 'index.json'));
    const kinds = ['src', 'load']
      .flatMap(sourcesBelow)
      .flatMap(({ text }) => [...text.matchAll(/['# ](stormdrain\.[a-z-]+\/\d+)[' ]/g)]);
    const distinct = [...new Set(kinds.map(([, kind = '']) => kind))];
    expect(distinct.filter((kind) => !named.includes(kind)).sort()).toEqual(NOT_SHIPPED.sort());
    expect(named).toContain(TRACE_SCHEMA);
  });

  it.each(SCHEMAS)('$file has a version that begins with its number', ({ of, version }) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const [, major = '1'] = /\/(\d+)$/.exec(of) ?? [];
    expect(version.split('.')[0]).toBe(major);
  });

  it.each(SCHEMAS)('$file is what version $version was, or its version was raised', (row) => {
    const { file, version } = row;
    const now = { version, hash: contentHash(schemaText(file)) };
    const raise =
      'raise the version in schemas/index.json as decision 0024 says, and give its hash';
    expect(now, raise).toEqual({ version, hash: row.hash });
  });

  it.each(SCHEMAS)('$file says what each field is', ({ file }) => {
    expect(undescribed(schemaText(file))).toEqual([]);
  });
});

describe('files that are read', () => {
  it.each(pathsBelow('load/profiles', /\.yaml$/))('%s is a profile', (path) => {
    expect(sealedFaults('profile.json', parse(readText(path)))).toEqual([]);
  });

  it.each(pathsBelow('load/campaigns', /\.yaml$/))('%s is a campaign file', (path) => {
    expect(sealedFaults('campaign-file.json', parse(readText(path)))).toEqual([]);
  });

  it.each(pathsBelow('load/processes', /\.jsonl$/))('%s is a recorded process', (path) => {
    const lines = readText(path).trim().split('\n');
    const faults = lines.flatMap((line) => sealedFaults('process.json', JSON.parse(line)));
    expect(faults).toEqual([]);
  });

  it.each(pathsBelow('test/fixtures/oracle', /\.jsonl(\.gz)?$/))('%s has sequences', (path) => {
    const bytes = readBytes(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const [first = ''] = text.split('\n');
    expect(sealedFaults('sequence.json', JSON.parse(first))).toEqual([]);
  });

  it('has a trace of before slots and calls were told, which is one still', () => {
    const trace = JSON.parse(readText('test/fixtures/exit-beside-unbind.trace.json'));
    expect(sealedFaults('trace.json', trace)).toEqual([]);
  });

  it('knows the same fields of a profile as its reader', async () => {
    const read = await readStormProfile('load/profiles/steady.yaml', {
      drivers: ['vtd'],
      quirks: [],
    });
    if (!read.ok) throw new Error('steady.yaml does not read');
    const { properties } = Object(schemaText('profile.json'));
    expect(Object.keys(properties).sort()).toEqual(Object.keys(read.value).sort());
  });
});

describe('a wrong file', () => {
  it.each([
    ['profile.json', { groups: 10, devices: 0 }, '/devices must be >= 1'],
    ['profile.json', { groups: 10, deviecs: 1 }, 'the whole must NOT have additional properties'],
    ['profile.json', { groups: 10, durationSeconds: 1 }, 'the whole must match exactly one schema'],
    [
      'campaign-file.json',
      { explorations: [{ scenarios: [] }] },
      'must NOT have fewer than 1 items',
    ],
    ['process.json', { op: 'jump' }, 'must match exactly one schema in oneOf'],
    ['recording.json', { from: 'steady', driver: 'vtd' }, "must have required property 'quirks'"],
  ])('%s refuses %o', (file, value, fault) => {
    expect(shippedFaults(file, value).join('; ')).toContain(fault);
  });
});
