/** The arguments of `replay`: a trace file, and how to show it. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { oneOf } from '../scenarios/field-check.ts';
import { SHIVIZ_EXPRESSION } from '../viz/shiviz.ts';
import { INSPECT_NOWHERE, type InspectOptions, inspectOptions } from './inspect-options.ts';
import { checkedBy, flag, type OptionTable, readOptions, text } from './option-table.ts';

export const REPLAY_FORMATS = [
  'table',
  'columns',
  'mermaid',
  'svg',
  'perfetto',
  'itf',
  'shiviz',
  'vitest',
  'json',
] as const;

export type ReplayOptions = {
  readonly format: (typeof REPLAY_FORMATS)[number];
  readonly tolerant: boolean;
  /** Modules whose scenarios and drivers the trace may be of. */
  readonly from: readonly string[];
  /** File to write a page of it to. */
  readonly report?: string;
  /** Undefined: on stdout. */
  readonly out: string | undefined;
  /** Of an SVG; undefined: the reader's system chooses. */
  readonly theme: 'light' | 'dark' | undefined;
} & InspectOptions;

export const REPLAY_DEFAULTS: ReplayOptions = {
  format: 'table',
  tolerant: false,
  from: [],
  out: undefined,
  theme: undefined,
  ...INSPECT_NOWHERE,
};

export type ReplayArguments = ReplayOptions & { readonly file: string };

const asTyped = (value: string): string => value;

export const REPLAY_OPTIONS: OptionTable<ReplayOptions> = {
  '--format': checkedBy(asTyped, oneOf(REPLAY_FORMATS), (options, format) => ({
    ...options,
    format,
  })),
  '--out': text((options, out) => ({ ...options, out })),
  '--theme': checkedBy(asTyped, oneOf(['light', 'dark'] as const), (options, theme) => ({
    ...options,
    theme,
  })),
  '--report': text((options, report) => ({ ...options, report })),
  ...inspectOptions(),
  '--from': text((options, file) => ({ ...options, from: [...options.from, file] })),
  '--tolerant': flag((options) => ({ ...options, tolerant: true })),
  '--json': flag((options) => ({ ...options, format: 'json' })),
  '--help': flag((options) => options),
};

/** Reads what follows `replay`; a request for help outweighs every mistake. */
export function readReplayArguments(
  args: readonly string[],
): Result<ReplayArguments | 'help', BadInput> {
  const read = readOptions('replay', args, REPLAY_OPTIONS, REPLAY_DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals, given } = read.value;
  const [file, surplus] = positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'replay takes one trace' });
  }
  if (file === undefined) {
    return err({ code: 'missing-argument', command: 'replay', takes: 'the file of a trace' });
  }
  if (given.has('--theme') && options.format !== 'svg') {
    const names = ['--theme', `--format ${options.format}`];
    return err({ code: 'conflicting-options', options: names });
  }
  return ok({ ...options, file });
}

/** What `stormdrain replay --help` prints. */
export const REPLAY_HELP = `usage: stormdrain replay TRACE [options]

Takes a recorded trace again, step by step, and checks that every step is still open and does what
was recorded, and that the end is as wrong as it was.

options
  --format NAME   table     numbered steps: who, what, what changed (the default)
                  columns   as kernel commit messages draw a race, a column a thread
                  mermaid   a sequence diagram
                  svg       a picture: a lane a thread or object, an arrow a call or message
                  perfetto  Chrome trace events, for ui.perfetto.dev or chrome://tracing
                  itf       Informal Trace Format, for Apalache's and Quint's tools
                  shiviz    a log with vector clocks; its parser, ShiViz's own default, is
                            ${SHIVIZ_EXPRESSION}
                  vitest    a test file that replays the trace
                  json      one JSON object
  --json          the same as --format json
  --out FILE      where it is written; without it, on stdout
  --report FILE   write a page of it to one HTML file, to be played without a server
  --theme THEME   light or dark picture; without it, each reader's system chooses
  --from FILE     a module of yours whose scenarios and drivers it may be of; repeatable
  --tolerant      tell every difference and go on, instead of ending at the first
  --inspect       then wait for an inspector over WebSocket on 127.0.0.1, and take the steps once
                  more with live XState actors, told as @statelyai/inspect does
  --inspect-port N  the same on that port
  --help          this text

exit codes: 0 as recorded, 1 something is different, 2 bad usage or input
`;
