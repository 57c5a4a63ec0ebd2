/** Goal: a report shows every figure of a result, aligned; the JSON keeps its contract. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { paintFor } from '../../../src/cli/output.ts';
import { stormReport } from '../../../src/cli/storm-report.ts';
import { stormJson } from '../../../src/scenarios/storm-json.ts';
import { PLAN, RESULT, recorded, VIOLATED } from './fixture.ts';

const REPEAT = 'npx stormdrain storm steady --seed 42';
const plain = paintFor(recorded(false).output);
const coloured = paintFor(recorded(true).output);

describe('a report', () => {
  test('of a clean storm is this table', () => {
    expect(`\n${stormReport(PLAN, RESULT, REPEAT, plain)}`).toMatchInlineSnapshot(`
      "
      storm steady   driver vtd   seed 42   2 devices x 8 PASIDs   open loop, 50,000 groups/s   5.00 s
        offered   250,000 groups    624,890 requests    50,000 groups/s
        answered  250,000 groups    249,100 success        900 invalid            0 failure
        overflow        0 times           0 dropped          0 auto-answered
        churn         516 attaches      500 detaches       100 exits          2,440 unmaps
        retry           3 misses         41 strays
        ledger          0 lost            0 duplicated       0 violations
        threads         1 device          1 PRQ              1 resolver        1.85 cores used (CPU over wall)
        latency   38.3 µs p50  71.0 µs p90   410 µs p99  2.13 ms p99.9  14.2 ms max  (from the intended start)
        detach    5.50 µs p50   120 µs p90  1.20 ms p99  9.99 ms p99.9   1.25 s max
      "
    `);
  });

  test('of a violated storm tells property, seed, last events and how to run it again', () => {
    const plan = { ...PLAN, rate: undefined, quirks: ['skip-drain'], devices: 1 };
    expect(`\n${stormReport(plan, VIOLATED, REPEAT, plain)}`).toMatchInlineSnapshot(`
      "
      storm steady   driver vtd + skip-drain   seed 42   1 device x 8 PASIDs   closed loop, saturated   5.00 s
        offered   250,000 groups    624,890 requests    50,000 groups/s
        answered  250,000 groups    249,100 success        900 invalid            0 failure
        overflow       12 times         340 dropped          9 auto-answered
        churn         516 attaches      500 detaches       100 exits          2,440 unmaps
        retry           3 misses         41 strays
        ledger          0 lost            1 duplicated       1 violations
        threads         1 device          1 PRQ              1 resolver        1.85 cores used (CPU over wall)
        latency   38.3 µs p50  71.0 µs p90   410 µs p99  2.13 ms p99.9  14.2 ms max  (from the intended start)
        detach    5.50 µs p50   120 µs p90  1.20 ms p99  9.99 ms p99.9   1.25 s max

      VIOLATED answered-once: group 77 of PASID 42 was answered twice
        last events:
          12.0 ms  prq   group 77 reported
          12.1 ms  device  group 77 answered

      run it again: npx stormdrain storm steady --seed 42
      "
    `);
  });

  test('says that the storm was interrupted, and leaves out latencies nobody measured', () => {
    const result = { ...RESULT, interrupted: true, detaches: 0 };
    const text = stormReport(PLAN, result, REPEAT, plain);
    expect(text).toContain('5.00 s, interrupted');
    expect(text).not.toMatch(/^ {2}detach/m);
  });

  test('differs in colour only', () => {
    const text = stormReport(PLAN, VIOLATED, REPEAT, coloured);
    expect(text).toContain('\u001b[31m');
    expect(stripVTControlCharacters(text)).toBe(stormReport(PLAN, VIOLATED, REPEAT, plain));
  });
});

test('the JSON starts with its schema and has every field of the contract', () => {
  const json = JSON.parse(JSON.stringify(stormJson(PLAN, VIOLATED)));
  expect(Object.keys(json)[0]).toBe('schema');
  expect(json).toMatchObject({
    schema: 'stormdrain.storm/1',
    profile: 'steady',
    driver: 'vtd',
    seed: 42,
    elapsedSeconds: 5,
    pageRequests: 624_890,
    groups: 250_000,
    groupsPerSecond: 50_000,
    responses: { success: 249_100, invalid: 900, failure: 0 },
    overflows: 12,
    attaches: 516,
    detaches: 500,
    groupLatencyUs: VIOLATED.groupLatencyUs,
    detachLatencyUs: { p50: 5.5, p99: 1200, max: 1_250_000 },
    lost: 0,
    duplicated: 1,
    violations: VIOLATED.violations,
  });
  expect(Object.keys(json)).toMatchInlineSnapshot(`
    [
      "schema",
      "profile",
      "driver",
      "quirks",
      "seed",
      "devices",
      "pasids",
      "workers",
      "rate",
      "creditsPerDevice",
      "ringEntries",
      "programs",
      "elapsedSeconds",
      "groups",
      "groupsPerSecond",
      "coresUsed",
      "cpuSeconds",
      "pageRequests",
      "responses",
      "overflows",
      "droppedRequests",
      "autoResponses",
      "attaches",
      "detaches",
      "exits",
      "functionSwitches",
      "unmaps",
      "groupLatencyUs",
      "detachLatencyUs",
      "retryMisses",
      "strays",
      "lost",
      "duplicated",
      "violations",
      "misbehaviours",
      "resolverDeaths",
      "interrupted",
      "threads",
    ]
  `);
});
