/** Captures as tests read them: whole texts, lines, and the events of lines. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { CaptureEvent } from '../../../../src/scenarios/capture/capture-event.ts';
import { LineReader } from '../../../../src/scenarios/capture/capture-reader.ts';

const FOLDER = new URL('../../../fixtures/captures/', import.meta.url);

export const capturePath = (file: string): string => fileURLToPath(new URL(file, FOLDER));

/** A character is a byte. */
export function captureText(file: string): string {
  const bytes = readFileSync(capturePath(file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
}

export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/** What the reader makes of lines. */
export function readLines(lines: readonly string[]) {
  const events: CaptureEvent[] = [];
  const reader = new LineReader((event) => events.push(event));
  reader.read(lines);
  return { events, tally: reader.tally.read(reader.lines, 0) };
}

/** The one event of a line, without where it stood. */
export function eventOf(line: string): Omit<CaptureEvent, 'line'> | undefined {
  const [event] = readLines([line]).events;
  if (event === undefined) return undefined;
  const { line: _, ...rest } = event;
  return rest;
}
