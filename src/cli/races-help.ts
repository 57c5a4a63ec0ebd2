/** What `stormdrain races --help` prints. */
export const racesHelp = (): string => `usage: stormdrain races [list] [--json]
       stormdrain races run [ID...] [options]

The catalogue of documented races, and its proof: with a race's quirks the explorer finds the defect
by a shortest way, without them the whole bounded space is searched and nothing is wrong.

options of run
  --all            every race; the same as naming none
  --workers N      searches at once, 1 to 64; as many as there are processors unless told
  --max-states N   states at which a search gives up, such as 500k; 5M unless told
  --trace DIR      write the way to each violation into DIR, for "stormdrain replay"
  --report FILE    write a page of it to one HTML file: results, and the traces to be played
  --json           one JSON object on stdout; progress stays on stderr
  --help           this text

exit codes: 0 all confirmed, 1 one not found or its repair not clean, 3 a limit came first
A race that is pending or not explored says what it lacks, or why; asking for it is no mistake.
`;
