/** The arguments of `validate`: a trace, and by which driver it is judged. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { flag, type OptionTable, readOptions, text } from './option-table.ts';

type ValidateOptions = {
  /** Undefined: the one that a recorded storm names, or Linux 7.3's. */
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
  readonly json: boolean;
};

export type ValidateArguments = ValidateOptions & { readonly file: string };

export const VALIDATE_OPTIONS: OptionTable<ValidateOptions> = {
  '--driver': text((options, driver) => ({ ...options, driver })),
  '--quirk': text((options, quirk) => ({ ...options, quirks: [...options.quirks, quirk] })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--help': flag((options) => options),
};

/** Reads what follows `validate`; a request for help outweighs every mistake. */
export function readValidateArguments(
  args: readonly string[],
): Result<ValidateArguments | 'help', BadInput> {
  const initial: ValidateOptions = { driver: undefined, quirks: [], json: false };
  const read = readOptions('validate', args, VALIDATE_OPTIONS, initial);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const [file, surplus] = read.value.positionals;
  if (surplus !== undefined) {
    return err({ code: 'surplus-argument', argument: surplus, takes: 'validate takes one trace' });
  }
  if (file === undefined) {
    return err({ code: 'missing-argument', command: 'validate', takes: 'the file of a trace' });
  }
  return ok({ ...read.value.options, file });
}

/** What `stormdrain validate --help` prints. */
export const VALIDATE_HELP = `usage: stormdrain validate FILE [options]

Is this trace a behaviour of the model? The driver's own machines are run along it: what they do
unseen (look-ups, locks, handlers, interrupts) is searched for. When nothing explains an event, the
first such event is told, and what could have stood there instead.

FILE: what "storm --record" wrote, as text or as a binary log; a kernel's trace, in any form that
"import" reads; or the event trace that an import wrote

options
  --driver NAME  a driver, such as vtd, or my.ts#name: one of your own; otherwise the driver that a
                 recorded storm tells of, or vtd@7.3
  --quirk ID     a defect to switch on; repeatable
  --json         one JSON object on stdout
  --help         this text

exit codes: 0 accepted, 1 rejected, 2 bad usage or input, 3 a limit was met before the answer was
known, 130 interrupted
`;
