/**
 * PASID set-up: filling a PASID table entry for each kind of translation, present bit last.
 *
 * Spec:   Intel VT-d, "Scalable-Mode PASID Table Entry".
 * Kernel: drivers/iommu/intel/pasid.c, intel_pasid_setup_*().
 * Units:  roots are frames of table memory; a set-up answers with the entry's first word.
 * Policy: the unit's lock is the caller's; so is the cache flush a unit in caching mode wants.
 */
import { FLPT_DEFAULT_DID } from '../../core/ids.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { word } from '../../core/words.ts';
import type { BitValues } from '../bit-layout.ts';
import {
  entryIsPresent,
  FIRST_STAGE,
  NESTED,
  PASID_ENTRY,
  PASID_ENTRY_WORDS,
  PASS_THROUGH,
  SECOND_STAGE,
} from './pasid-entry.ts';
import { type PasidTable, pasidEntryOrCreate } from './pasid-table.ts';

export type SetupError =
  | { readonly code: 'busy'; readonly pasid: number } //      the entry is present
  | { readonly code: 'no-device'; readonly pasid: number }; // no leaf table, and none to be had

type Entry = BitValues<typeof PASID_ENTRY.table>;

/** The fields each kind of translation sets; all others are zero. */
const ABSENT: Entry = {
  p: 0,
  fpd: 0,
  aw: 0,
  pgtt: 0,
  ssade: 0,
  slptptr: 0,
  did: 0,
  pwsnp: 0,
  pgsnp: 0,
  sre: 0,
  flpm: 0,
  wpe: 0,
  eafe: 0,
  flptptr: 0,
};

/** A process's own table: shared domain id, walks snooped, no supervisor requests. */
export const setupSva = (
  table: PasidTable,
  pasid: number,
  setup: { readonly root: number; readonly fiveLevel: boolean },
): Result<number, SetupError> =>
  install(table, pasid, {
    pgtt: FIRST_STAGE,
    did: FLPT_DEFAULT_DID,
    flptptr: setup.root,
    flpm: Number(setup.fiveLevel),
    pwsnp: 1,
  });

/** A paging domain in the first stage, under its own domain id. */
export const setupFirstStage = (
  table: PasidTable,
  pasid: number,
  setup: {
    readonly root: number;
    readonly did: number;
    readonly fiveLevel: boolean;
    readonly pageWalkSnoop: boolean;
    readonly forceSnoop: boolean;
  },
): Result<number, SetupError> =>
  install(table, pasid, {
    pgtt: FIRST_STAGE,
    did: setup.did,
    flptptr: setup.root,
    flpm: Number(setup.fiveLevel),
    pwsnp: Number(setup.pageWalkSnoop),
    pgsnp: Number(setup.forceSnoop),
  });

/** A paging domain in the second stage, under its own domain id. */
export const setupSecondStage = (
  table: PasidTable,
  pasid: number,
  setup: {
    readonly root: number;
    readonly did: number;
    readonly width: number;
    readonly dirtyTracking: boolean;
    readonly pageWalkSnoop: boolean;
  },
): Result<number, SetupError> =>
  install(table, pasid, {
    pgtt: SECOND_STAGE,
    did: setup.did,
    slptptr: setup.root,
    aw: setup.width,
    ssade: Number(setup.dirtyTracking),
    pwsnp: Number(setup.pageWalkSnoop),
  });

/** No translation; the domain id is the one SVA uses. */
export const setupPassThrough = (
  table: PasidTable,
  pasid: number,
  setup: { readonly width: number; readonly pageWalkSnoop: boolean },
): Result<number, SetupError> =>
  install(table, pasid, {
    pgtt: PASS_THROUGH,
    did: FLPT_DEFAULT_DID,
    aw: setup.width,
    pwsnp: Number(setup.pageWalkSnoop),
  });

/** A guest's first stage over its parent's second, under the nested domain's own id. */
export const setupNested = (
  table: PasidTable,
  pasid: number,
  setup: {
    readonly firstRoot: number;
    readonly secondRoot: number;
    readonly did: number;
    readonly width: number;
    readonly fiveLevel: boolean;
    readonly dirtyTracking: boolean;
    readonly pageWalkSnoop: boolean;
    readonly supervisor: boolean;
    /** Counts only together with `supervisor`. */
    readonly writeProtect: boolean;
    readonly extendedAccessed: boolean;
  },
): Result<number, SetupError> =>
  install(table, pasid, {
    pgtt: NESTED,
    did: setup.did,
    flptptr: setup.firstRoot,
    slptptr: setup.secondRoot,
    aw: setup.width,
    flpm: Number(setup.fiveLevel),
    ssade: Number(setup.dirtyTracking),
    pwsnp: Number(setup.pageWalkSnoop),
    sre: Number(setup.supervisor),
    wpe: Number(setup.supervisor && setup.writeProtect),
    eafe: Number(setup.extendedAccessed),
  });

/** Writes the fields backwards, so that P, in the first word, becomes visible last. */
function install(
  table: PasidTable,
  pasid: number,
  fields: Partial<Entry>,
): Result<number, SetupError> {
  const entry = pasidEntryOrCreate(table, pasid);
  if (entry < 0) return err({ code: 'no-device', pasid });
  if (entryIsPresent(table.words, entry)) return err({ code: 'busy', pasid });

  const image = new Int32Array(PASID_ENTRY_WORDS);
  PASID_ENTRY.writeWords(image, 0, { ...ABSENT, ...fields, p: 1 });
  for (let index = PASID_ENTRY_WORDS - 1; index >= 1; index -= 1) {
    table.words[entry + index] = word(image, index);
  }
  Atomics.store(table.words, entry, word(image, 0));
  return ok(entry);
}
