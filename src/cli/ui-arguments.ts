/** The arguments of `ui`: where to listen. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { wholeNumber } from '../scenarios/field-check.ts';
import { checkedBy, flag, notBuilt, type OptionTable, readOptions } from './option-table.ts';
import { parseCount } from './option-value.ts';

const PORT_MAX = 65_535;

export type UiArguments = {
  /** 0: any that is free. */
  readonly port: number;
};

const OPTIONS: OptionTable<UiArguments> = {
  '--port': checkedBy(parseCount, wholeNumber(0, PORT_MAX), (options, port) => ({
    ...options,
    port,
  })),
  '--trace': notBuilt('"stormdrain ui" shows the machines today'),
  '--help': flag((options) => options),
};

/** Reads what follows `ui`; a request for help outweighs every mistake. */
export function readUiArguments(args: readonly string[]): Result<UiArguments | 'help', BadInput> {
  const read = readOptions('ui', args, OPTIONS, { port: 0 });
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'ui takes options only' });
  }
  return ok(read.value.options);
}

/** What `stormdrain ui --help` prints. */
export const UI_HELP = `usage: stormdrain ui [options]

Serves a page on the loopback interface: every machine with its chart. It ends when interrupted.
Traces, the race catalogue and live storms are not in it yet.

options
  --port N   the port to listen on; without it, any that is free
  --trace    not built yet
  --help     this text
`;
