/**
 * HTTP target: bytes sent to the page server as no browser would send them.
 *
 * Effects: listens on the loopback interface, and connects to it.
 */
import { asked } from '../../src/cli/ui/asked.ts';
import { chartsFor } from '../../src/cli/ui/charts.ts';
import { plannedStorm, stormChoices } from '../../src/cli/ui/storm-desk.ts';
import { traceShelf } from '../../src/cli/ui/trace-shelf.ts';
import { uiSite } from '../../src/cli/ui/ui-site.ts';
import { listOf, oneOf, sealedRecord } from '../../src/scenarios/field-check.ts';
import { RACES } from '../../src/scenarios/races/catalogue.ts';
import { jobOf } from '../../src/ui/job.ts';
import { type Served, serve } from '../../src/ui/server.ts';
import type { Site } from '../../src/ui/site.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { KNOWN } from './known-names.ts';
import { answerOf, statusOf } from './loopback.ts';

/** Stands in the requests for the name the server has. */
const HOST = 'HOST';
const request = (line: string, ...rest: string[]): Buffer =>
  Buffer.from([`${line} HTTP/1.1`, `Host: ${HOST}`, 'Connection: close', ...rest].join('\r\n'));

const post = (path: string, body: unknown): Buffer => {
  const text = JSON.stringify(body);
  const type = 'Content-Type: application/json';
  const length = `Content-Length: ${text.length}`;
  return request(`POST ${path}`, `Origin: http://${HOST}`, type, length, '', text);
};

const REQUESTS = [
  request('GET /', '', ''),
  request('HEAD /api/machines/domain?x=1#y', 'Origin: http://evil', '', ''),
  request('GET /%2e%2e/%2e%2e/etc/passwd', '', ''),
  request('GET /api/traces/a/pages/0', '', ''),
  request('GET /api/races/events', '', ''),
  request('OPTIONS *', '', ''),
  Buffer.from('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
  Buffer.from(
    `GET / HTTP/1.0\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  ),
  post('/api/races/run', { races: ['tag-lock-lost'] }),
  post('/api/storm/run', { profile: 'steady', driver: 'vtd', quirks: [], seed: 1 }),
  post('/api/storm/stop', {}),
];

/** The real site; what it may start is checked as ever, and then nothing is started. */
async function site(): Promise<Site> {
  const charts = chartsFor(async () => ({ svg: '<svg></svg>', text: '' }));
  const choices = await stormChoices(KNOWN.drivers);
  const ids = RACES.map(({ id }) => id);
  const order = sealedRecord<{ readonly races: readonly string[] }>({
    races: listOf(oneOf(ids), ids.length),
  });
  const start = {
    ...{ version: '0', pages: ['races', 'storm', 'machines'] as const, traces: [] },
    ...{ isReport: false, command: undefined, text: undefined },
  };
  const page = { html: '', script: '', style: '', icon: '', isStale: false };
  return uiSite({ start, charts, shelf: traceShelf(charts), races: RACES }, page, {
    choices,
    races: jobOf<readonly string[]>(async () => undefined),
    raceOrder: (body) => {
      const read = asked(order, body);
      return read.ok ? { ok: true, value: read.value.races } : read;
    },
    storm: jobOf(async () => undefined),
    stormOrder: (body) => plannedStorm(body, choices, { known: KNOWN, drawSeed: () => 1 }),
  });
}

let served: Promise<Served> | undefined;

async function begun(): Promise<Served> {
  const server = await serve(await site(), 0);
  if (!server.ok) throw new Error(`no port: ${server.error}`);
  return server.value;
}

export const HTTP_TARGET: FuzzTarget = {
  name: 'http',
  share: 20,
  seeds: () => REQUESTS,
  read: async (input) => {
    served ??= begun();
    const { host, port } = new URL((await served).url);
    const text = input.toString('latin1').replaceAll(HOST, host);
    const answer = await answerOf(Number(port), Buffer.from(text, 'latin1'));
    const status = statusOf(answer);
    if (status === '500') throw new Error(`the server failed: ${answer}`);
    if (status !== '200') return 'refused';
    const named = text.toLowerCase().includes(`host:`) && text.includes(host);
    if (!named) throw new Error(`answered to another name: ${text}`);
    return undefined;
  },
  close: async () => (await served)?.close(),
};
