/** The options of commands that run live actors, for inspectors to look at. */
import { wholeNumber } from '../scenarios/field-check.ts';
import { checkedBy, flag, type OptionTable } from './option-table.ts';
import { parseCount } from './option-value.ts';

export type InspectOptions = {
  readonly inspect: boolean;
  /** Undefined: any that is free. */
  readonly inspectPort: number | undefined;
};

export const INSPECT_NOWHERE: InspectOptions = { inspect: false, inspectPort: undefined };

const PORT_MAX = 65_535;

export const inspectOptions = <Options extends InspectOptions>(): OptionTable<Options> => ({
  '--inspect': flag((options) => ({ ...options, inspect: true })),
  '--inspect-port': checkedBy(parseCount, wholeNumber(0, PORT_MAX), (options, inspectPort) => ({
    ...options,
    inspect: true,
    inspectPort,
  })),
});

/** Lines of a command's help. */
export const INSPECT_HELP = `  --inspect            tell what live XState actors do over WebSocket on 127.0.0.1, in the shapes of
                       @statelyai/inspect; the address is printed
  --inspect-port N     the same on that port
`;
