/** What `stormdrain import --help` prints. */
export const importHelp = (): string => `usage: stormdrain import FILE [options]

Reads what a Linux kernel traced of its page requests: the text of trace or trace_pipe, of
"trace-cmd report" or of "perf script", under any trace options but raw, hex and bin, plain or
gzipped, of any length. Events of intel_iommu and iommu are read, and probes on the functions around
them; others are skipped and counted. Lines that do not read are counted and shown.

options
  --out DIR    write DIR/NAME.yaml, a profile that "storm" offers as the same load, and
               DIR/NAME.events.jsonl, the events as a trace (stormdrain.events/1)
  --json       one JSON object on stdout
  --help       this text
`;
