/** What `stormdrain campaign --help` and `stormdrain worker --help` print. */

export const campaignHelp = (
  campaigns: readonly string[],
): string => `usage: stormdrain campaign FILE [options]
       stormdrain campaign --resume ID [options]

Crosses scenarios, drivers, quirks, strategies and seeds, storms among them, into jobs, has them
done here or on any number of hosts, and reports what they say together. Whatever is done is kept at
once: a campaign that was interrupted or killed is gone on with by --resume, and reports the same.

FILE: a name or a YAML or JSON file
  ${campaigns.join(', ')}

options
  --resume ID      go on with a run; it was named when it began, and is a folder in runs/
  --engine NAME    local (threads of this process) or bullmq (hosts that run "stormdrain worker")
  --redis URL      the Redis those hosts share; redis://127.0.0.1:6379 unless told
  --workers N      jobs at once with the local engine, 1 to 64; as many as there are processors
  --seed N         where seeds begin that the file gives no beginning; 1 unless told
  --from MODULE    a module that FILE names for a driver of its own, whose code is run; repeatable
  --runs DIR       the folder runs are kept in; runs unless told
  --json           one JSON object on stdout; progress stays on stderr
  --help           this text

exit codes: 0 every job was done and nothing is wrong (walks that met nothing are done),
1 something is wrong, 2 bad usage or input, 3 a job failed or met a limit, 130 interrupted
`;

export const workerHelp = (): string => `usage: stormdrain worker [options]

Does jobs of the campaigns that are under way at a Redis, until it is interrupted. A campaign of
another version of the model is refused.

options
  --redis URL    redis://127.0.0.1:6379 unless told
  --workers N    jobs at once, 1 to 64; as many as there are processors unless told
  --help         this text

exit codes: 2 Redis can't be reached, or all campaigns there are of other versions, 130 interrupted
`;
