/** The arguments of `charts`: which machines, in which format, where to. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { oneOf } from '../scenarios/field-check.ts';
import { CHART_FORMATS, type ChartFormat } from '../viz/chart-format.ts';
import { checkedBy, flag, type OptionTable, readOptions, text } from './option-table.ts';

export type ChartsArguments = {
  /** Undefined: one chart is printed, many are written to a folder of the command's choice. */
  readonly out: string | undefined;
  readonly format: ChartFormat;
  /** Names; none: all. */
  readonly machines: readonly string[];
  /** Coverage files and traces. */
  readonly heat: readonly string[];
  /** Undefined: the reader's system chooses. */
  readonly theme: 'light' | 'dark' | undefined;
  readonly list: boolean;
  /** Whether to write a page that shows the pictures. */
  readonly index: boolean;
  readonly json: boolean;
};

const DEFAULTS: ChartsArguments = {
  out: undefined,
  format: 'svg',
  machines: [],
  heat: [],
  theme: undefined,
  list: false,
  index: false,
  json: false,
};

const asTyped = (value: string): string => value;

export const CHARTS_OPTIONS: OptionTable<ChartsArguments> = {
  '--out': text((options, out) => ({ ...options, out })),
  '--format': checkedBy(asTyped, oneOf(CHART_FORMATS), (options, format) => ({
    ...options,
    format,
  })),
  '--machine': text((options, name) => ({ ...options, machines: [...options.machines, name] })),
  '--heat': text((options, file) => ({ ...options, heat: [...options.heat, file] })),
  '--theme': checkedBy(asTyped, oneOf(['light', 'dark'] as const), (options, theme) => ({
    ...options,
    theme,
  })),
  '--list': flag((options) => ({ ...options, list: true })),
  '--index': flag((options) => ({ ...options, index: true })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `charts`; a request for help outweighs every mistake. */
export function readChartsArguments(
  args: readonly string[],
): Result<ChartsArguments | 'help', BadInput> {
  const read = readOptions('charts', args, CHARTS_OPTIONS, DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals } = read.value;
  const [surplus] = positionals;
  if (surplus !== undefined) {
    const takes = 'charts takes machines by --machine NAME';
    return err({ code: 'surplus-argument', argument: surplus, takes });
  }
  return ok(options);
}

/** What `stormdrain charts --help` prints. */
export const CHARTS_HELP = `usage: stormdrain charts [options]

Draws the state charts of the machines, and of each driver's operations, from their definitions.
One machine and no --out: the chart is printed. Otherwise files are written, one a machine.

options
  --machine NAME   only this machine; repeatable: mm-notifier, "vtd unbind-sva"; see --list
  --list           names of the machines
  --format FORMAT  ${CHART_FORMATS.join(', ')}; svg unless said
  --out DIR        where files go; without it, into "charts"
  --index          also write README.md, a page that shows the pictures
  --heat FILE      coverage, or a trace: how often each transition was taken, and which never;
                   of several files, all together
  --theme THEME    light or dark pictures; without it, each reader's system chooses
  --json           one JSON object on stdout, naming the files written
  --help           this text
`;
