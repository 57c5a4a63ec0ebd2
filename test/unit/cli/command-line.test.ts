/**
 * Goal:   every way a command ends has its exit code, its stream and its sentence.
 * Method: the whole command line over real profiles, with storms that only pretend.
 */
import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import { InvariantViolation } from '../../../src/core/invariant.ts';
import type { StormPlan } from '../../../src/workers/storm-plan.ts';
import { environmentWith, RESULT, VIOLATED } from './fixture.ts';

async function run(args: readonly string[], storm: Partial<Environment> = {}) {
  const { environment, stdout, stderr } = environmentWith(storm);
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe('a storm', () => {
  test('is planned from profile, options and a drawn seed, and reported on stdout', async () => {
    const plans: StormPlan[] = [];
    const runStorm: Environment['runStorm'] = async (plan) => {
      plans.push(plan);
      return RESULT;
    };
    const ended = await run(['storm', '--devices', '5', '--process', 'gzip'], { runStorm });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^storm processes {3}driver vtd {3}seed 7 {3}5 devices/);
    expect(plans).toMatchObject([
      { name: 'processes', devices: 5, seed: 7, processes: [{ program: 'gzip' }] },
    ]);
  });

  test('without a profile lives the bundled recordings', async () => {
    const plans: StormPlan[] = [];
    const runStorm: Environment['runStorm'] = async (plan) => {
      plans.push(plan);
      return RESULT;
    };
    await run(['storm'], { runStorm });
    const programs = plans[0]?.processes.map(({ program }) => program);
    expect(programs).toEqual(['gzip', 'sort', 'sqlite3']);
  });

  test('with --json prints one object and nothing else on stdout', async () => {
    const ended = await run(['storm', 'steady', '--json', '--seed', '9']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ schema: 'stormdrain.storm/1', seed: 9 });
  });

  test('that violates a property ends with 1 and the command that runs it again', async () => {
    const args = ['storm', 'steady', '--seed', '9', '--quirk', 'skip-drain', '--process', 'gzip'];
    const ended = await run(args, { runStorm: async () => VIOLATED });
    expect(ended.code).toBe(1);
    expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe(
      'run it again: npx stormdrain storm steady --quirk skip-drain --process gzip --seed 9',
    );
  });

  test('that lost a group ends with 1, whether or not a property says so', async () => {
    const ended = await run(['storm'], { runStorm: async () => ({ ...RESULT, lost: 1 }) });
    expect(ended.code).toBe(1);
  });

  test('that is interrupted still reports, and ends with 130', async () => {
    const runStorm = async () => ({ ...RESULT, interrupted: true });
    const ended = await run(['storm', 'steady'], { runStorm });
    expect(ended.code).toBe(130);
    expect(ended.stdout).toContain('interrupted');
  });

  test('that is interrupted before it starts never starts', async () => {
    const runStorm = () => Promise.reject(new Error('started'));
    const ended = await run(['storm', 'steady'], { runStorm, signal: AbortSignal.abort() });
    expect(ended).toMatchObject({ code: 130, stdout: '' });
  });

  test('that meets a contradiction tells it with its seed and ends with 1', async () => {
    const runStorm = () => Promise.reject(new InvariantViolation('two heads, one ring'));
    expect(await run(['storm', 'steady'], { runStorm })).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "stormdrain: contradiction: two heads, one ring; run it again: npx stormdrain storm steady --seed 7
      ",
        "stdout": "",
      }
    `);
  });
});

test('bad input ends with 2, one sentence on stderr and no storm', async () => {
  const runStorm = () => Promise.reject(new Error('started'));
  const sentences: string[] = [];
  for (const args of [
    ['strom'],
    ['storm', 'stedy'],
    ['storm', './nowhere.yaml'],
    ['storm', 'src'],
    ['storm', '--driver', 'vtd@7.4'],
    ['storm', '--driver', './mine.ts'],
    ['storm', '--quirk', 'skip'],
    ['storm', '--process', 'gzp'],
    ['storm', '--process', 'nowhere.jsonl'],
    ['storm', '--report', 'nowhere/page.html'],
  ]) {
    const ended = await run(args, { runStorm });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    sentences.push(ended.stderr);
  }
  expect(`\n${sentences.join('')}`).toMatchInlineSnapshot(`
    "
    stormdrain: there is no command "strom"; did you mean "storm"?
    stormdrain: there is no profile "stedy"; did you mean "steady"?
    stormdrain: cannot read storm profile ./nowhere.yaml: there is no such file; check the path
    stormdrain: cannot read storm profile src: it is a directory; check the path
    stormdrain: there is no driver "vtd@7.4"; did you mean "vtd@7.3"?
    stormdrain: cannot read module ./mine.ts: there is no such file; check the path
    stormdrain: there is no quirk "skip"; see "stormdrain quirks" for those there are
    stormdrain: there is no recording "gzp"; did you mean "gzip"?
    stormdrain: cannot read process recording nowhere.jsonl: there is no such file; check the path
    stormdrain: cannot write nowhere/page.html: there is no such folder; try another folder
    "
  `);
});

test('help and version are printed on stdout', async () => {
  expect(`\n${(await run(['--help'])).stdout}`).toMatchInlineSnapshot(`
    "
    stormdrain: a laboratory for I/O page faults (PCIe PRI, SVA; VT-d, AMD and SMMUv3 as Linux 7.3 drives them)

    usage: stormdrain <command> [options]

    commands
      storm [profile]                a page-request storm on real threads
      explore [scenario]             search the interleavings of a scenario, bundled or yours
      races [list | run [ID...]]     the catalogue of races, and their reproduction
      quirks                         every defect that --quirk switches on
      replay TRACE                   run a trace again, step by step
      orders <driver> [operation]    try every order of the steps of a teardown
      conform FILE...                compare recorded iommufd sequences with the model
      validate FILE                  is a recorded trace a behaviour of the model
      import FILE                    read a kernel trace capture into a profile
      charts                         draw every machine's state chart
      ui                             races, traces, live storms and machines in a web page
      campaign FILE                  many explorations and storms
      worker                         do jobs of other hosts' campaigns
      init [DIR]                     a project with a driver, a scenario and a test of your own
      completion SHELL               completions for bash, zsh or fish

    options
      --help       this text; after a command, the options of that command
      --version    the version

    exit codes: 0 fine, 1 a property was violated, 2 bad usage or input, 3 a limit was met before
    the answer was known, 130 interrupted
    "
  `);
  expect(`\n${(await run(['storm', '--help'])).stdout}`).toMatchInlineSnapshot(`
    "
    usage: stormdrain storm [profile] [options]

    Devices on threads of their own raise page requests; the queue is drained, groups are resolved
    and answered by resolver threads, while PASIDs come and go and processes die. A ledger checks all.

    profile: a name or a YAML or JSON file; without one, "processes"
      burst, credits-overflow, detach-storm, device-completes-twice, device-deaf-tlb, device-floods,
      device-ignores-responses, device-malformed-requests, device-removed, device-replugged,
      device-reuses-index, device-silent-tlb, device-stop-markers, driver-fails-groups,
      driver-malformed-commands, driver-unasked-responses, exit-storm, full-command-queue,
      function-storm, overflow, processes, resolver-killed, resolver-out-of-memory, resolver-stuck,
      slow-resolver, slow-unit, steady

    options
      --devices N          devices, 1 to 64
      --pasids N           PASIDs attached to each device, 1 to 1024
      --workers N          resolver threads, 0 to 16; 0 resolves on the thread that drains the queue
      --duration TIME      how long, such as 500ms, 10s or 2m
      --groups N           how many page request groups instead, such as 250k or 1e6
      --rate N             groups a second over all devices; without a rate, as many as credits allow
      --driver NAME        vtd, vtd@7.3, amd;
                           or one of a module of yours: my.ts, my.ts#name
      --quirk ID           a defect to switch on; repeatable; "stormdrain quirks" lists them
      --process RECORDING  a recorded process instead of the profile's; repeatable: a file,
                           or gzip, sort, sqlite3
      --seed N             seed of everything left to chance; the report names the one used
      --json               one JSON object on stdout; progress stays on stderr
      --record FILE        write the first 65,536 events as a kernel's trace text, which "import" and
                           "validate" read; as a compact binary log when FILE ends in .sdl
      --report FILE.html   write a page of it to one file: figures over time and the summary
      --coverage FILE      count the transitions that live machines take, for "stormdrain charts --heat"
      --inspect            tell what live XState actors do over WebSocket on 127.0.0.1, in the shapes of
                           @statelyai/inspect; the address is printed
      --inspect-port N     the same on that port
      --help               this text
    "
  `);
  expect(await run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});
