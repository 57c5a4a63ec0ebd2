/** File kind: what a file is read as, and what to do about one that does not hold what it must. */

/** What a file is read as. */
export type FileKind =
  | 'process recording'
  | 'storm profile'
  | 'trace'
  | 'coverage'
  | 'kernel capture'
  | 'event trace'
  | 'iommufd recording'
  | 'campaign file'
  | 'campaign run'
  | 'module'
  | 'definition of driver'
  | 'definition of scenario'
  | 'options of explore'
  | 'options of replay'
  | 'options of storm';

/** What to try, of each. */
export const REMEDY: Readonly<Record<FileKind, string>> = {
  'process recording': 'mend that line or record the process again',
  'storm profile': 'mend it, or start from one of load/profiles',
  trace: 'write it anew with "stormdrain explore --trace"',
  coverage: 'write it again with what wrote it',
  'kernel capture':
    'give the text of trace, trace_pipe, "trace-cmd report" or "perf script", plain or gzipped',
  'event trace': 'write it anew with "stormdrain import --out"',
  'iommufd recording': 'mend that line or record the sequence again',
  'campaign file': 'mend it, or start from one of load/campaigns',
  'campaign run': 'begin the campaign anew',
  module: 'mend it, or begin with one that "stormdrain init" makes',
  'definition of driver': 'see docs/library.md, "A driver"',
  'definition of scenario': 'see docs/library.md, "A scenario"',
  'options of explore': 'see docs/library.md, "Running"',
  'options of replay': 'see docs/library.md, "Running"',
  'options of storm': 'see docs/library.md, "Running"',
};
