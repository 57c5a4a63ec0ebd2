/**
 * Command targets: whole commands on a file that is wrong, from the arguments to what the terminal shows.
 *
 * Effects: writes a file in a temporary folder for each input.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Environment } from '../../src/cli/storm-command.ts';
import { badInputSentence } from '../../src/scenarios/bad-input.ts';
import { readProcessRecording } from '../../src/scenarios/process-recording.ts';
import { type FuzzTarget, sentenceFault, unfitIn } from './fuzz-target.ts';
import { NAMES } from './known-names.ts';
import { seedFiles } from './seed-files.ts';

const folders: string[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'stormdrain-fuzz-'));
  folders.push(made);
  return made;
}

const removed = async (): Promise<void> => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
};

/** What a user would be told: the last line on stderr; nothing where the command went well. */
async function run(args: readonly string[]): Promise<string | undefined> {
  let stderr = '';
  const output = (write: (text: string) => void) => ({
    ...{ write, isTerminal: false, hasColours: false },
    columns: () => 80,
  });
  const environment: Environment = {
    stdout: output((text) => {
      if (/\n\s+at .*:\d+:\d+/.test(text)) throw new Error(`a stack is shown: ${text}`);
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    ...{
      now: () => 0,
      cpuSeconds: () => 0,
      wallClock: () => 0,
      drawSeed: () => 1,
      stormNotes: () => [],
    },
    ...{ signal: new AbortController().signal, known: NAMES },
    runStorm: () => Promise.reject(new Error('no storm is run here')),
  };
  const code = await runCommandLine(args, environment);
  const lines = stderr.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    // What is no sentence of ours is a line of details.
    const fault = line.startsWith('stormdrain: ') ? sentenceFault(line) : unfitIn(line);
    if (fault !== undefined) throw new Error(fault);
  }
  if (code === 2 && lines.length === 0) throw new Error('refused without a word');
  return code === 2 ? lines.at(-1) : undefined;
}

const FORMATS = [
  'table',
  'columns',
  'mermaid',
  'svg',
  'perfetto',
  'json',
  'vitest',
  'itf',
  'shiviz',
];

function commandTarget(
  name: string,
  share: number,
  seeds: () => readonly Buffer[],
  argsOf: (file: string, input: Buffer) => readonly string[],
  ending = '',
): FuzzTarget {
  let file: string | undefined;
  return {
    ...{ name, share, seeds, close: removed },
    read: (input) => {
      file ??= join(folder(), `input${ending}`);
      writeFileSync(file, input);
      return run(argsOf(file, input));
    },
  };
}

let recording: string | undefined;

export const COMMAND_TARGETS: readonly FuzzTarget[] = [
  commandTarget(
    'replay',
    2,
    () => seedFiles('test/fixtures', '.trace.json', 2 ** 20),
    (file, input) => [
      ...['replay', file, '--format', FORMATS[input.length % FORMATS.length] ?? 'table'],
      ...(input.length % 2 === 0 ? ['--tolerant'] : []),
    ],
  ),
  commandTarget(
    'conform',
    5,
    () => seedFiles('test/fixtures/oracle', '.jsonl', 3000),
    (file) => ['conform', file],
  ),
  commandTarget(
    'import',
    10,
    () => {
      const texts = seedFiles('test/fixtures/captures', '', 3000);
      return [...texts, ...texts.map((each) => gzipSync(each))];
    },
    (file) => ['import', file],
  ),
  commandTarget(
    'storm-log',
    2,
    () => seedFiles('test/fixtures/recordings', '.sdl'),
    (file) => ['import', file],
  ),
  commandTarget(
    'validate',
    0.5,
    () => [
      ...seedFiles('test/fixtures/recordings', ''),
      ...seedFiles('test/fixtures/captures', '', 1000),
    ],
    (file) => ['validate', file],
  ),
  commandTarget(
    'coverage-heat',
    0.5,
    () => [
      Buffer.from(
        JSON.stringify({
          ...{ schema: 'stormdrain.coverage/1', machine: 'domain' },
          transitions: [{ from: 'domain.live', event: 'domain.freed', index: 0, count: 3 }],
        }),
      ),
    ],
    (file) => ['charts', '--machine', 'domain', '--format', 'ascii', '--heat', file],
  ),
  commandTarget(
    'campaign',
    3,
    () => [
      Buffer.from('explorations:\n  - scenarios: [no-such]\n'),
      ...seedFiles('load/profiles', '.yaml'),
    ],
    // A run of that name is nowhere, so nothing is begun whatever the file says.
    (file) => ['campaign', file, '--resume', 'no-run', '--runs', tmpdir()],
  ),
  {
    name: 'recording',
    share: 10,
    seeds: () =>
      seedFiles('load/processes', '.jsonl', 3000).map((each) =>
        Buffer.concat([each, Buffer.from('{"op":"exit"}\n')]),
      ),
    read: async (input) => {
      recording ??= join(folder(), 'input.jsonl');
      writeFileSync(recording, input);
      const read = await readProcessRecording(recording);
      return read.ok ? undefined : badInputSentence(read.error);
    },
    close: removed,
  },
];
