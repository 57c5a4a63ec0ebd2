/** Help texts, as `--help` prints them. */

import { wrapped } from '../viz/wrapped.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { INSPECT_HELP } from './inspect-options.ts';

const HELP_WIDTH = 100;

/** What `stormdrain --help` prints. */
export function generalHelp(): string {
  return [
    'stormdrain: a laboratory for I/O page faults (PCIe PRI, SVA; VT-d, AMD and SMMUv3 as Linux 7.3 drives them)',
    '',
    'usage: stormdrain <command> [options]',
    '',
    'commands',
    ...commandLines(COMMANDS),
    '',
    'options',
    '  --help       this text; after a command, the options of that command',
    '  --version    the version',
    '',
    'exit codes: 0 fine, 1 a property was violated, 2 bad usage or input, 3 a limit was met before',
    'the answer was known, 130 interrupted',
    '',
  ].join('\n');
}

/** What `stormdrain storm --help` prints. */
export function stormHelp(
  profiles: readonly string[],
  recordings: readonly string[],
  drivers: readonly string[],
): string {
  return `usage: stormdrain storm [profile] [options]

Devices on threads of their own raise page requests; the queue is drained, groups are resolved
and answered by resolver threads, while PASIDs come and go and processes die. A ledger checks all.

profile: a name or a YAML or JSON file; without one, "processes"
${wrapped(`  ${profiles.join(', ')}`, HELP_WIDTH, '  ').join('\n')}

options
  --devices N          devices, 1 to 64
  --pasids N           PASIDs attached to each device, 1 to 1024
  --workers N          resolver threads, 0 to 16; 0 resolves on the thread that drains the queue
  --duration TIME      how long, such as 500ms, 10s or 2m
  --groups N           how many page request groups instead, such as 250k or 1e6
  --rate N             groups a second over all devices; without a rate, as many as credits allow
  --driver NAME        ${listOr(drivers, 'none yet')};
                       or one of a module of yours: my.ts, my.ts#name
  --quirk ID           a defect to switch on; repeatable; "stormdrain quirks" lists them
  --process RECORDING  a recorded process instead of the profile's; repeatable: a file,
                       or ${recordings.join(', ')}
  --seed N             seed of everything left to chance; the report names the one used
  --json               one JSON object on stdout; progress stays on stderr
  --record FILE        write the first 65,536 events as a kernel's trace text, which "import" and
                       "validate" read; as a compact binary log when FILE ends in .sdl
  --report FILE.html   write a page of it to one file: figures over time and the summary
  --coverage FILE      count the transitions that live machines take, for "stormdrain charts --heat"
${INSPECT_HELP}  --help               this text
`;
}

/** What `stormdrain conform --help` prints. */
export function conformHelp(): string {
  return `usage: stormdrain conform FILE... [options]

Replays operations on iommufd that were recorded on a real kernel, and compares every answer: ids,
error numbers, bytes, page responses. Exit code 0 when all agree, 1 when one doesn't.

FILE: JSON lines, plain or gzipped (.gz), one sequence a line

options
  --driver NAME  whose answers are compared: mock@7.3, the default
  --json         one JSON object on stdout
  --help         this text
`;
}

const commandLines = (commands: readonly CommandRow[]): readonly string[] =>
  commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(30)} ${summary}`);

const listOr = (names: readonly string[], otherwise: string): string =>
  names.length === 0 ? otherwise : names.join(', ');
