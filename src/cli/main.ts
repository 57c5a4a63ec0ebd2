#!/usr/bin/env node
/**
 * The executable: lends the command line this process's streams, clock, chance and signals.
 *
 * Effects: everything the command does; sets the exit code.
 */
import { randomInt } from 'node:crypto';
import type { WriteStream } from 'node:tty';
import { runLending } from './command-line.ts';
import { EXIT } from './exit-code.ts';
import type { Output } from './output.ts';
import type { Environment } from './storm-command.ts';

const COLUMNS_DEFAULT = 80;

const interruption = new AbortController();

/** The first asks for a clean end, the second does not wait for it. */
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(EXIT.interrupted);
  interruption.abort();
  // A terminal has just echoed ^C behind the progress line.
  const lineEnd = process.stderr.isTTY ? '\n' : '';
  process.stderr.write(`${lineEnd}stormdrain: stopping; once more to leave at once\n`);
}

function output(stream: WriteStream): Output {
  // A reader that has seen enough, such as `head`, is no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  const isTerminal = stream.isTTY === true;
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal,
    // Zero is what a terminal says that nobody told its size.
    columns: () => stream.columns || COLUMNS_DEFAULT,
    // Node's own reading of NO_COLOR, FORCE_COLOR and TERM.
    hasColours: isTerminal && stream.hasColors(),
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

// A terminal that is closed ends a command as Ctrl-C does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);

const streams = { stdout: output(process.stdout), stderr: output(process.stderr) };

/** What needs no drivers, as help, starts in four fifths of the time without them; what needs no storm, in half. */
async function lend(): Promise<Environment> {
  const { driverNames, quirkIds } = await import('../actors/drivers.ts');
  const { stormNotes } = await import('../actors/storm-notes.ts');
  return {
    ...streams,
    now: () => performance.now(),
    wallClock: () => performance.timeOrigin + performance.now(),
    cpuSeconds,
    drawSeed: () => randomInt(2 ** 32),
    signal: interruption.signal,
    known: { drivers: driverNames, quirks: quirkIds },
    stormNotes,
    runStorm: async (plan, hooks, own) => {
      const { runStorm } = await import('../actors/storm.ts');
      return runStorm(plan, hooks, own === undefined ? {} : { driver: own });
    },
  };
}

process.exitCode = await runLending(process.argv.slice(2), streams, lend);
