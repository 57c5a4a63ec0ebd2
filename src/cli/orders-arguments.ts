/** The arguments of `orders`: whose operation, and how far. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { wholeNumber } from '../scenarios/field-check.ts';
import {
  checkedBy,
  conflictAmong,
  flag,
  type OptionTable,
  readOptions,
  text,
} from './option-table.ts';
import { parseCount } from './option-value.ts';

const WORKERS_MAX = 64;
const STATES_MAX = 2 ** 31;
const STATES_DEFAULT = 5_000_000;
const DRIVER_DEFAULT = 'vtd';
const OPERATION_DEFAULT = 'detach';

export type OrdersArguments = {
  /** Every driver and every operation; then `out` is where the page and its pictures go. */
  readonly all: boolean;
  readonly driver: string;
  readonly operation: string;
  readonly quirks: readonly string[];
  /** Undefined: as many as the machine has. */
  readonly workers: number | undefined;
  readonly statesMax: number;
  /** Draw what goes wrong without each constraint. */
  readonly columns: boolean;
  readonly mermaid: boolean;
  readonly svg: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
};

export const ORDERS_OPTIONS: OptionTable<OrdersArguments> = {
  '--all': flag((options) => ({ ...options, all: true })),
  '--quirk': text((options, quirk) => ({ ...options, quirks: [...options.quirks, quirk] })),
  '--workers': checkedBy(parseCount, wholeNumber(1, WORKERS_MAX), (options, workers) => ({
    ...options,
    workers,
  })),
  '--max-states': checkedBy(parseCount, wholeNumber(1, STATES_MAX), (options, statesMax) => ({
    ...options,
    statesMax,
  })),
  '--columns': flag((options) => ({ ...options, columns: true })),
  '--mermaid': flag((options) => ({ ...options, mermaid: true })),
  '--svg': text((options, svg) => ({ ...options, svg })),
  '--out': text((options, out) => ({ ...options, out })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

const DEFAULTS: OrdersArguments = {
  all: false,
  driver: DRIVER_DEFAULT,
  operation: OPERATION_DEFAULT,
  quirks: [],
  workers: undefined,
  statesMax: STATES_DEFAULT,
  columns: false,
  mermaid: false,
  svg: undefined,
  out: undefined,
  json: false,
};

/** Reads what follows `orders`; a request for help outweighs every mistake. */
export function readOrdersArguments(
  args: readonly string[],
): Result<OrdersArguments | 'help', BadInput> {
  const read = readOptions('orders', args, ORDERS_OPTIONS, DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals, given } = read.value;
  const conflict =
    conflictAmong(given, '--json', '--mermaid') ??
    conflictAmong(given, '--json', '--columns') ??
    conflictAmong(given, '--mermaid', '--columns') ??
    ['--quirk', '--svg', '--mermaid', '--columns', '--json']
      .map((each) => conflictAmong(given, '--all', each))
      .find((each) => each !== undefined);
  if (conflict !== undefined) return conflict;
  const [driver = DRIVER_DEFAULT, operation = OPERATION_DEFAULT, surplus] = positionals;
  const takes = options.all ? 'orders --all takes none' : 'orders takes a driver and an operation';
  const extra = options.all ? positionals[0] : surplus;
  return extra === undefined
    ? ok({ ...options, driver, operation })
    : err({ code: 'surplus-argument', argument: extra, takes });
}

export const ORDERS_HELP = `usage: stormdrain orders [DRIVER] [OPERATION] [options]
       stormdrain orders --all --out DIR [options]

Tries every order of the steps of an operation, in worlds that are small enough to see everything:
which step must come before which, what goes wrong otherwise, and whether that is all there is to
it.

DRIVER:    vtd (the default), amd, smmuv3, or vtd@7.3 and so on: Linux 7.3.4 as it is, which is
           then also held to what was found for the repaired one; my.ts or my.ts#name, one of your
           own, is held to that of the unit it drives
OPERATION: detach (the default: a process is unbound), attach, replace, mm-release; or exactly
           one of bind-sva, unbind-sva, attach-pasid, detach-pasid, replace-pasid, attach-rid,
           detach-rid, replace-rid

options
  --quirk ID       put a defect into the driver; may be repeated ("stormdrain quirks" lists them)
  --workers N      threads, 1 to 64; as many as there are processors unless told
  --max-states N   states one world may have, such as 500k; 5M unless told
  --columns        draw what goes wrong without each constraint
  --mermaid        print the constraints as a Mermaid diagram, and nothing else
  --svg FILE       draw the constraints as a Hasse diagram
  --out DIR        write the diagram and the way to each violation into DIR
  --all            every operation of every driver: DIR/orders.md and its pictures
  --json           one JSON object on stdout; progress stays on stderr
  --help           this text

exit codes: 0 nothing is wrong with the driver's own order, 1 something is, 3 a limit came first
`;
