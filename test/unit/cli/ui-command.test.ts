/**
 * Goal:   `ui` serves real charts until it is interrupted, and every link of its pages leads somewhere.
 * Method: the command line itself, on a port the system chooses, asked by fetch.
 */
import { describe, expect, test } from 'vitest';

import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Output } from '../../../src/cli/output.ts';
import { environmentWith } from './fixture.ts';

async function withServer(visit: (url: string) => Promise<void>): Promise<number> {
  const interruption = new AbortController();
  let said: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    said = resolve;
  });
  const { environment } = environmentWith({ signal: interruption.signal });
  const stdout: Output = { ...environment.stdout, write: (text) => said(text.trim()) };
  const ended = runCommandLine(['ui'], { ...environment, stdout });
  await visit(await url).finally(() => interruption.abort());
  return ended;
}

describe('ui', () => {
  test('serves the charts on loopback until interrupted', async () => {
    let address = '';
    const code = await withServer(async (url) => {
      address = url;
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const notifier = await (await fetch(new URL('machines/mm-notifier', url))).text();
      expect(notifier).toContain('data-state="mm-notifier.registered"');
      expect(notifier).not.toMatch(/<style|\sstyle=|<script/);
      const links = [...notifier.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href ?? '');
      expect(links.length).toBeGreaterThan(25);
      const missing = links.filter((link) => !/^\/(style\.css|machines\/\S+)$/.test(link));
      expect(missing).toEqual([]);
      const sheet = await fetch(new URL('style.css', url));
      expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
      expect(await sheet.text()).toContain('.state-chart .compound > .box');
    });
    expect(code).toBe(130);
    await expect(fetch(address)).rejects.toThrow();
  });

  test.each([
    [['--port', '70000'], '--port must be a whole number from 0 to 65535'],
    [['--trace', 'x.json'], '--trace is not built yet'],
    [['mm'], '"mm" is one argument too many'],
  ])('refuses %j', async (args, sentence) => {
    const { environment, stderr } = environmentWith();
    expect(await runCommandLine(['ui', ...args], environment)).toBe(2);
    expect(stderr()).toContain(sentence);
  });
});
