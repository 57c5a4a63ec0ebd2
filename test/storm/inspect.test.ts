/**
 * Goal:   a storm is shown to inspectors while it runs, and none of them can hold it up; a replay waits for one.
 * Method: the built program, read by the receiver of @statelyai/inspect, and by one that never reads.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWebSocketReceiver } from '@statelyai/inspect';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { SEED } from './storms.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormdrain-inspect-'));
const TRACE = fileURLToPath(new URL('../fixtures/exit-beside-unbind.trace.json', import.meta.url));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Message = {
  readonly type: string;
  readonly sessionId: string;
  readonly rootId: string;
  readonly event?: { readonly type: string };
  readonly snapshot?: { readonly value: unknown };
};

type Run = {
  readonly child: ChildProcess;
  /** Where its live actors are told. */
  readonly url: Promise<string>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
};

function stormdrain(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [main, ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const url = new Promise<string>((resolve) => {
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      const [found] = /ws:\/\/\S+/.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const ended = new Promise<Awaited<Run['ended']>>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, url, ended };
}

const STORM = ['storm', 'processes', '--duration', '2s', '--seed', String(SEED), '--inspect'];

describe('a storm', () => {
  it('tells its live actors, and counts what they take', async () => {
    const file = join(folder, 'coverage.json');
    const { url, ended } = stormdrain(...STORM, '--coverage', file);
    const messages: Message[] = [];
    createWebSocketReceiver({ server: await url }).subscribe((message) => {
      messages.push(message as Message); // judged below
    });
    const { code, stderr, stdout } = await ended;
    expect(code, stderr + stdout).toBe(0);
    const names = new Set(messages.map(({ sessionId }) => sessionId.replaceAll(/\d+/g, 'N')));
    expect([...names]).toEqual(
      expect.arrayContaining([
        ...['storm processes', 'invalidation-queue', 'process-N/mm', 'device-N/fault-reporting'],
        ...['attachment-N/pasid-entry', 'operation-N/bind-sva', 'operation-N/unbind-sva'],
      ]),
    );
    expect(new Set(messages.map(({ rootId }) => rootId))).toEqual(new Set(['storm processes']));
    const written = messages.filter(
      ({ type, sessionId, snapshot }) =>
        type === '@xstate.snapshot' &&
        sessionId.endsWith('/pasid-entry') &&
        snapshot?.value === 'present',
    );
    expect(written.length).toBeGreaterThan(0);
    const { machines } = JSON.parse(readFileSync(file, 'utf8'));
    const live = machines.map(({ machine }: { readonly machine: string }) => machine);
    expect(live).toEqual(expect.arrayContaining(['mm', 'mm-notifier', 'bind-sva', 'unbind-sva']));
  });

  it('goes on beside a reader that never reads, and ends', async () => {
    const { url, ended } = stormdrain(...STORM);
    const { hostname, port } = new URL(await url);
    const deaf = connect(Number(port), hostname);
    deaf.pause();
    deaf.on('error', () => {});
    deaf.write(
      [
        'GET / HTTP/1.1',
        `Host: ${hostname}:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: c3Rvcm1kcmFpbiB0ZXN0IQ==',
        '\r\n',
      ].join('\r\n'),
    );
    const { code, stdout, stderr } = await ended;
    deaf.destroy();
    expect(code, stderr + stdout).toBe(0);
    expect(stdout).toMatch(/ledger +0 lost +0 duplicated +0 violations/);
  });
});

describe('a replay', () => {
  it('waits for a reader, takes the steps by live actors, and ends when it leaves', async () => {
    const { url, ended } = stormdrain('replay', TRACE, '--inspect');
    const messages: Message[] = [];
    const reader = new WebSocket(await url);
    reader.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data))));
    const isOver = (): boolean =>
      messages.some(
        ({ sessionId, event }) => sessionId === 'work-queue' && event?.type === 'work.queued',
      );
    await expect.poll(isOver, { timeout: 20_000 }).toBe(true);
    reader.close();
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toContain('MATCHED: all 24 steps');
    expect(messages[0]).toMatchObject({ sessionId: 'exit-beside-unbind', type: '@xstate.actor' });
  });

  it('that nobody reads ends when interrupted', async () => {
    const { child, url, ended } = stormdrain('replay', TRACE, '--inspect');
    await url;
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });
});
