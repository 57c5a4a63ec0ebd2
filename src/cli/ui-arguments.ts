/** The arguments of `ui`: where to listen, and what to open. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { wholeNumber } from '../scenarios/field-check.ts';
import { checkedBy, flag, type OptionTable, readOptions, text } from './option-table.ts';
import { parseCount } from './option-value.ts';

const PORT_MAX = 65_535;

export type UiArguments = {
  /** 0: any that is free. */
  readonly port: number;
  /** File of a trace to open. */
  readonly trace: string | undefined;
  /** Modules of the scenario and driver that the trace names. */
  readonly from: readonly string[];
};

export const UI_OPTIONS: OptionTable<UiArguments> = {
  '--port': checkedBy(parseCount, wholeNumber(0, PORT_MAX), (options, port) => ({
    ...options,
    port,
  })),
  '--trace': text((options, trace) => ({ ...options, trace })),
  '--from': text((options, file) => ({ ...options, from: [...options.from, file] })),
  '--help': flag((options) => options),
};

/** Reads what follows `ui`; a request for help outweighs every mistake. */
export function readUiArguments(args: readonly string[]): Result<UiArguments | 'help', BadInput> {
  const read = readOptions('ui', args, UI_OPTIONS, { port: 0, trace: undefined, from: [] });
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

Serves a page on the loopback interface, for a browser of this machine only: the race catalogue,
whose races are searched on the spot; a player for traces; live storms on real threads; every
machine with its chart. It prints its address, opens no browser, fetches nothing from elsewhere, and
ends when interrupted.

options
  --port N       the port to listen on; without it, any that is free
  --trace FILE   a recorded trace to open, as "explore --trace" and "races run --trace" write them
  --from FILE    a module with the scenario or driver that the trace is of; repeatable
  --help         this text
`;
