import { expect, test } from 'vitest';
import { parseCount, parseDuration, parseSeed } from '../../../src/cli/option-value.ts';

test.each([
  ['12', 12],
  ['0.5', 0.5],
  ['1e6', 1e6],
  ['2.5E3', 2500],
  ['250k', 250_000],
  ['4.35k', 4350],
  ['1M', 1e6],
  ['10G', 1e10],
  ['-5', undefined],
  ['1m', undefined],
  ['1e3k', undefined],
  ['k', undefined],
  ['', undefined],
  ['0x10', undefined],
  ['1,000', undefined],
  ['Infinity', undefined],
])('the count %s is %s', (text, count) => {
  expect(parseCount(text)).toBe(count);
});

test.each([
  ['10s', 10],
  ['500ms', 0.5],
  ['2m', 120],
  ['1h', 3600],
  ['1.5s', 1.5],
  ['3', 3],
  ['s', undefined],
  ['-1s', undefined],
  ['10 s', undefined],
  ['1d', undefined],
])('the duration %s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ['42', 42],
  ['0x2a', 42],
  ['4.2', undefined],
  ['x', undefined],
])('the seed %s is %s', (text, seed) => {
  expect(parseSeed(text)).toBe(seed);
});
