/** The arguments of `replay`: a trace file, and how to show it. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { oneOf } from '../scenarios/field-check.ts';
import { checkedBy, flag, type OptionTable, readOptions, text } from './option-table.ts';

export const REPLAY_FORMATS = ['columns', 'table', 'mermaid', 'json', 'vitest'] as const;

export type ReplayOptions = {
  readonly format: (typeof REPLAY_FORMATS)[number];
  readonly tolerant: boolean;
  /** File to write a page of it to. */
  readonly report?: string;
};

export type ReplayArguments = ReplayOptions & { readonly file: string };

const OPTIONS: OptionTable<ReplayOptions> = {
  '--format': checkedBy(
    (format) => format,
    oneOf(REPLAY_FORMATS),
    (options, format) => ({ ...options, format }),
  ),
  '--report': text((options, report) => ({ ...options, report })),
  '--tolerant': flag((options) => ({ ...options, tolerant: true })),
  '--json': flag((options) => ({ ...options, format: 'json' })),
  '--help': flag((options) => options),
};

/** Reads what follows `replay`; a request for help outweighs every mistake. */
export function readReplayArguments(
  args: readonly string[],
): Result<ReplayArguments | 'help', BadInput> {
  const initial: ReplayOptions = { format: 'table', tolerant: false };
  const read = readOptions('replay', args, OPTIONS, initial);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [file, surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'replay takes one trace' });
  }
  if (file === undefined) {
    return err({ code: 'missing-argument', command: 'replay', takes: 'the file of a trace' });
  }
  return ok({ ...read.value.options, file });
}

/** What `stormdrain replay --help` prints. */
export const REPLAY_HELP = `usage: stormdrain replay TRACE [options]

Takes a recorded trace again, step by step, and checks that every step is still open and does what
was recorded, and that the end is as wrong as it was.

options
  --format NAME   table    numbered steps: who, what, what changed (the default)
                  columns  as kernel commit messages draw a race, a column a thread
                  mermaid  a sequence diagram
                  vitest   a test file that replays the trace
                  json     one JSON object; --json is the same
  --report FILE   write a page of it to one HTML file, to be played without a server
  --tolerant      tell every difference and go on, instead of ending at the first
  --help          this text

exit codes: 0 as recorded, 1 something is different, 2 bad usage or input
`;
