/**
 * Goal:   `orders` says what must come before what, in text, JSON and pictures, and ends with the right code.
 * Method: the command over small operations, worlds on this thread; arguments through the whole command line.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readArguments } from '../../../src/cli/arguments.ts';
import { ordersCommand, prepareOrders } from '../../../src/cli/orders-command.ts';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { onThisThread } from '../../../src/scenarios/orders/order-threads.ts';
import { recorded } from './fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-orders-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], signal = new AbortController().signal) {
  const invocation = readArguments(['orders', ...args]);
  if (!invocation.ok) return { code: 2, stdout: '', stderr: badInputSentence(invocation.error) };
  if (invocation.value.kind !== 'orders') throw new Error('no orders');
  const { orders } = invocation.value;
  const question = prepareOrders(orders);
  if (!question.ok) return { code: 2, stdout: '', stderr: badInputSentence(question.error) };
  const stdout = recorded();
  const stderr = recorded();
  const code = await ordersCommand(orders, question.value, {
    stdout: stdout.output,
    stderr: stderr.output,
    now: () => 0,
    signal,
    hosts: onThisThread,
  });
  return {
    code: code.ok ? code.value : 2,
    stdout: stdout.text(),
    stderr: code.ok ? stderr.text() : badInputSentence(code.error),
  };
}

describe('orders', () => {
  test('prints constraints, what goes wrong without them, and bounds', async () => {
    const { code, stdout } = await run(['vtd', 'attach']);
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "vtd attach-pasid: 8 steps
        allocate-handle, reserve-slot, get-domain, track-pasid, enable-reporting, await-reporting, program-entry, publish-handle

      of 40,320 orders 5,040 are safe
      sufficient: 3 constraints admit no other
      anywhere: await-reporting

      constraint                           else                                             race
      reserve-slot before publish-handle   unexpected in 7 steps, attach-and-use-accounted
      get-domain before program-entry      unexpected in 6 steps, attach-under-dma
      program-entry before publish-handle  S19 in 7 steps, attach-and-use-accounted

      needed step       without it
      allocate-handle   S8 in 19 steps, attach-and-use-accounted
      reserve-slot      unexpected in 7 steps, attach-and-use-accounted
      get-domain        unexpected in 6 steps, attach-under-dma
      track-pasid       S19 in 7 steps, attach-and-use-accounted
      enable-reporting  S15 in 7 steps, attach-and-use-accounted
      program-entry     S17 in 7 steps, attach-and-use-accounted
      publish-handle    S15 in 7 steps, attach-and-use-accounted

      the order of vtd is safe in all these worlds

      bounds: 2 worlds, each under every order that the others leave
        attach-and-use-accounted: a place is attached and then used; and what is left is counted (158 states)
        attach-under-dma: a place is attached, and its device reads through it (41 states)
      "
    `);
  });

  test('is one JSON object, and the same but for the time', async () => {
    const { code, stdout } = await run(['smmuv3', 'mm-release', '--json']);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      schema: 'stormdrain.orders/1',
      driver: 'smmuv3',
      operation: 'mm-release',
      complete: true,
      orders: 24,
      exact: { orders: '24' },
      constraints: [
        { before: 'mark-fault-disabled', after: 'invalidate-device-tlb', property: 'S9' },
      ],
      sufficient: true,
      own: { safe: true, heldTo: null },
    });
    expect(answer.constraints[0].steps).toBeGreaterThan(0);
  });

  test('ends with 1 when the own order is not safe, and draws why', async () => {
    const { code, stdout } = await run([
      'vtd',
      'attach-pasid',
      '--quirk',
      'publish-before-hardware',
      '--columns',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('breaks program-entry before publish-handle');
    expect(stdout).toContain('S19: attach-pasid has published a handle');
  });

  test('draws a Hasse diagram, and writes it with every way to what goes wrong', async () => {
    const out = join(folder, 'out');
    const svg = join(folder, 'attach.svg');
    const { stdout } = await run(['vtd', 'attach', '--mermaid', '--svg', svg, '--out', out]);
    expect(stdout).toContain('flowchart TD');
    expect(stdout).toMatch(/s\d+ -->\|S19\| s\d+/);
    expect(await readFile(join(out, 'hasse.mmd'), 'utf8')).toBe(stdout);
    const picture = await readFile(svg, 'utf8');
    expect(picture).toContain('data-step="program-entry"');
    expect(picture).toContain('data-before="program-entry" data-after="publish-handle"');
    expect(await readdir(out)).toContain('program-entry-before-publish-handle.txt');
  });

  test('says when a limit came first, and when it was interrupted', async () => {
    const limited = await run(['vtd', 'mm-release', '--max-states', '5']);
    expect(limited.code).toBe(3);
    expect(limited.stdout).toContain('the limit of states was reached in exit-under-dma');
    const interrupted = await run(['vtd', 'mm-release', '--json'], AbortSignal.abort());
    expect(interrupted.code).toBe(130);
  });

  test.each([
    [['vdt'], 'there is no driver "vdt"; did you mean "vtd"?'],
    [['vtd', 'detatch'], 'there is no operation "detatch"; did you mean "detach"?'],
    [['amd', 'replace-pasid'], 'there is no operation "replace-pasid of amd"'],
    [['vtd', 'detach', 'now'], '"now" is one argument too many'],
    [['vtd', '--quirk', 'nothing'], 'there is no quirk "nothing"'],
    [['vtd', '--json', '--mermaid'], '--json'],
    [['--all', '--json'], '--all'],
    [['vtd', '--workers', '0'], '--workers'],
  ])('refuses %j with one sentence', async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('tells a folder that is none', async () => {
    const { code, stderr } = await run([
      'smmuv3',
      'mm-release',
      '--svg',
      join(folder, 'no', 'x.svg'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot write');
  });
});
