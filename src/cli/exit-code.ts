/** Exit codes of every command. */
export const EXIT = {
  fine: 0,
  /** A property was violated. */
  violated: 1,
  /** Bad usage or bad input. */
  badInput: 2,
  /** A limit was met before the answer was known. */
  limited: 3,
  /** Stopped by the user, after a clean shutdown. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
