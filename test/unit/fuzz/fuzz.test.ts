/**
 * Goal:   no reader crashes, hangs, or tells a user what no user should see, whatever it is given.
 * Method: a few inputs for every target (`npm run fuzz` reads a million), and every input that ever failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { faultOf, fuzz } from '../../../load/fuzz/fuzz-run.ts';
import { type FuzzTarget, sentenceFault } from '../../../load/fuzz/fuzz-target.ts';
import { shrunk } from '../../../load/fuzz/shrink.ts';
import { inputsOf, TARGETS } from '../../../load/fuzz/targets.ts';
import { packageRoot } from '../../../src/scenarios/package-root.ts';

const INPUTS = 3000;
const { FUZZ_SEED = '1' } = process.env;
const FIXTURES = join(packageRoot(), 'test/fixtures/fuzz');

afterAll(async () => {
  for (const { close } of TARGETS) await close?.();
});

describe('inputs that are wrong', () => {
  it.each(TARGETS)('are read or refused: $name', async (target) => {
    const to = Math.max(5, inputsOf(target, INPUTS));
    const { failure, accepted, refused } = await fuzz(target, {
      seed: Number(FUZZ_SEED),
      from: 0,
      to,
    });
    const again = `FUZZ_SEED=${FUZZ_SEED} npx vitest run --project unit test/unit/fuzz`;
    expect(failure && `input ${failure.number}: ${failure.fault}`, again).toBeUndefined();
    expect(accepted + refused).toBe(to);
  });

  it.each(TARGETS.filter(({ name }) => existsSync(join(FIXTURES, name))))(
    'and failed once are kept, and fail no more: $name',
    async (target) => {
      for (const file of readdirSync(join(FIXTURES, target.name))) {
        const input = readFileSync(join(FIXTURES, target.name, file));
        expect(await faultOf(target, input), file).toBeUndefined();
      }
    },
  );
});

describe('the fuzzing itself', () => {
  const fragile = (read: FuzzTarget['read']): FuzzTarget => ({
    ...{ name: 'fragile', share: 1, read },
    seeds: () => [Buffer.from('{"schema":"x","list":[1,2,3]}')],
  });
  const within = { seed: 1, from: 0, to: 2000 };

  it('sees a reader that throws, and finds it again from its number', async () => {
    const target = fragile((input) => {
      if (input.includes('__proto__')) throw new TypeError('not a function');
      return undefined;
    });
    const { failure } = await fuzz(target, within);
    expect(failure?.fault).toContain('TypeError: not a function');
    const number = failure?.number ?? 0;
    const again = await fuzz(target, { seed: 1, from: number, to: number + 1 });
    expect(again.failure?.input).toEqual(failure?.input);
    const least = await shrunk(
      failure?.input ?? Buffer.alloc(0),
      async (input) => (await faultOf(target, input)) !== undefined,
    );
    expect(least.toString()).toBe('__proto__');
  });

  it('nests deeper than recursion goes', async () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Object.values(value).reduce((most, part) => Math.max(most, depth(part)), 0)
        : 0;
    const target = fragile((input) => {
      try {
        return String(depth(JSON.parse(input.toString())));
      } catch (error) {
        if (error instanceof SyntaxError) return 'no JSON';
        throw error;
      }
    });
    const { failure } = await fuzz(target, within);
    expect(failure?.fault).toContain('Maximum call stack size exceeded');
  });

  it.each([
    ['', 'without a word'],
    ['first\nsecond', 'more than one line'],
    ['it is \u001b[31mred', 'what no user should see'],
    ['x'.repeat(5000), '5000 characters'],
  ])('does not take %j for a sentence', (sentence, fault) => {
    expect(sentenceFault(sentence)).toContain(fault);
    expect(sentenceFault('campaign file x.yaml:3: "seeds" must be 1; mend it')).toBeUndefined();
  });
});
