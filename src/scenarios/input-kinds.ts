/**
 * Input kinds: what files are read as and names are looked up as, and what to try where one is wrong.
 */

/** What a file is read as. */
export type FileKind =
  | 'process recording'
  | 'storm profile'
  | 'trace'
  | 'coverage'
  | 'kernel capture'
  | 'iommufd recording'
  | 'campaign file'
  | 'campaign run';

/** What a name is looked up as. */
export type NameKind =
  | 'command'
  | 'option'
  | 'profile'
  | 'recording'
  | 'driver'
  | 'quirk'
  | 'scenario'
  | 'property'
  | 'race'
  | 'action'
  | 'machine'
  | 'transition'
  | 'campaign'
  | 'campaign run';

/** What to do about a file that does not hold what it must. */
export const REMEDY: Readonly<Record<FileKind, string>> = {
  'process recording': 'mend that line or record the process again',
  'storm profile': 'mend it, or start from one of load/profiles',
  trace: 'write it anew with "stormdrain explore --trace"',
  coverage: 'write it again with what wrote it',
  'kernel capture':
    'give the text of trace, trace_pipe, "trace-cmd report" or "perf script", plain or gzipped',
  'iommufd recording': 'mend that line or record the sequence again',
  'campaign file': 'mend it, or start from one of load/campaigns',
  'campaign run': 'begin the campaign anew',
};

/** What to say when no known name is near. */
export function alternatives(kind: NameKind, known: readonly string[]): string {
  const list = known.join(', ');
  switch (kind) {
    case 'command':
    case 'option':
      return 'see --help for those there are';
    case 'profile':
    case 'recording':
    case 'campaign':
      return `use ${list} or the path of a file`;
    case 'driver':
      return `known are ${list}, and drivers from files are not built yet`;
    case 'campaign run':
      return list === '' ? 'there is none in that folder' : `there are ${list}`;
    case 'race':
      return 'see "stormdrain races" for those there are';
    case 'scenario':
      return 'see "stormdrain explore" for those there are';
    case 'property':
    case 'action':
      return `known are ${list}`;
    case 'machine':
      return 'see "stormdrain charts --list" for those there are';
    case 'transition':
      return 'the machine has changed since, or the file is of another version';
    case 'quirk':
      return 'see "stormdrain quirks" for those there are';
  }
}
