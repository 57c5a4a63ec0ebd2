/** Capture target: the text of a kernel trace, from its lines to the profile and the event trace made of it. */
import type { CaptureEvent } from '../../src/scenarios/capture/capture-event.ts';
import { LoadKeeper } from '../../src/scenarios/capture/capture-load.ts';
import { profileOf, profileText } from '../../src/scenarios/capture/capture-profile.ts';
import { LineReader } from '../../src/scenarios/capture/capture-reader.ts';
import { eventTraceLine } from '../../src/scenarios/capture/event-trace.ts';
import { parseStormProfile } from '../../src/scenarios/storm-profile-file.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { KNOWN } from './known-names.ts';
import { seedFiles } from './seed-files.ts';

const SEED_BYTES = 1500;

/** From the middle of each file, where its events are. */
function pieces(): readonly Buffer[] {
  return seedFiles('test/fixtures/captures', '', 2 ** 24).flatMap((bytes) => {
    const middle = bytes.indexOf('\n', bytes.length >> 1) + 1;
    const end = bytes.indexOf('\n', Math.min(bytes.length, middle + SEED_BYTES)) + 1;
    return [bytes.subarray(0, SEED_BYTES), bytes.subarray(middle, end || bytes.length)];
  });
}

export const CAPTURE_TARGET: FuzzTarget = {
  name: 'capture',
  share: 120,
  seeds: pieces,
  read: (input) => {
    const keeper = new LoadKeeper();
    const events: CaptureEvent[] = [];
    const reader = new LineReader((event) => {
      keeper.add(event);
      events.push(event);
    });
    reader.read(input.toString('latin1').split('\n'));
    for (const event of events) JSON.parse(eventTraceLine(event));
    const { profile } = profileOf('fuzz', keeper.read());
    if (profile === undefined) return 'no load';
    // What is imported must be a storm.
    const read = parseStormProfile(profileText(profile, []), 'fuzz.yaml', KNOWN);
    if (!read.ok) throw new Error(`the profile does not read: ${JSON.stringify(read.error)}`);
    return undefined;
  },
};
