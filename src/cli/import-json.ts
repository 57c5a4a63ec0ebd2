/** The JSON of an import: the contract other programs read. Fields may be added, never taken away. */
import type { CaptureImport } from '../scenarios/capture/import-capture.ts';

/** One object, plain data; schema `stormdrain.import/1`. `profile` is what `storm` accepts as a file. */
export function importJson(file: string, imported: CaptureImport) {
  const { reading, load, profile, notes, profileFile, traceFile } = imported;
  const { devices, pasids, ...offered } = load;
  return {
    schema: 'stormdrain.import/1',
    file,
    ...reading,
    brokenOff: reading.brokenOff ?? null,
    devices: devices.length,
    deviceList: devices,
    pasids: pasids.length,
    pasidList: pasids,
    load: offered,
    profile: profile ?? null,
    notes,
    profileFile: profileFile ?? null,
    traceFile: traceFile ?? null,
  };
}
