/**
 * Recorded unit: how what a storm did on one kind of unit stands in the text of a trace.
 *
 * VT-d's is what the kernel's own events say. Linux 7.3 traces nothing of the page requests and commands of AMD units
 * and SMMUs: theirs are marks, in the bytes of the unit.
 */
import type { RecordedEvent } from '../workers/event-recording.ts';
import { deviceRid } from '../workers/requester.ts';

export type Words = RecordedEvent['words'];
/** Lines, without what stands before them. */
export type Told = readonly string[];

export type RecordedUnit = {
  readonly name: string;
  /** Task of the PRQ thread. */
  readonly comm: string;
  /** `access` as ACCESS_READ | ..., pages by the low 32 and the high 20 bits of the number. */
  report(request: RecordedRequest): string;
  answer(device: number, pasid: number, index: number, code: number): string;
  /** The first four words of a command. */
  command(words: Words): string;
  /** A domain lists a PASID of a device, or does so no more; `users` of its tag in the IOTLB, whose number is `tag`. */
  listed(added: boolean, device: number, pasid: number, users: number, tag: number): Told;
  /** A domain's list is walked for a range. */
  flushed(device: number, words: Words): Told;
};

export type RecordedRequest = {
  readonly sequence: number;
  readonly device: number;
  readonly pasid: number;
  readonly index: number;
  readonly low: number;
  readonly high: number;
  readonly access: number;
  readonly last: boolean;
};

/** `0000:01:00.0` */
export function nameOf(device: number): string {
  const rid = deviceRid(device);
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `0000:${hex(rid >> 8)}:${hex((rid >> 3) & 0x1f)}.${rid & 7}`;
}

export const mark = (text: string): string => `tracing_mark_write: stormdrain ${text}`;

/** The first words, as quadwords in hex. */
export function quads(words: ArrayLike<number>, count: number): string {
  const quad = (at: number): string =>
    ((BigInt((words[at + 1] ?? 0) >>> 0) << 32n) | BigInt((words[at] ?? 0) >>> 0)).toString(16);
  return Array.from({ length: count }, (_, place) => `0x${quad(2 * place)}`).join(' ');
}
