/**
 * qemu-viommu-reset-first and qemu-remap-window: an emulated unit whose tables, or whose shadow of the guest's tables,
 * are gone while a function behind it is at work.
 */
import type { World } from '../../../explore/world.ts';
import { flags } from '../flag.ts';
import { hardwareOf, type Move, threadOf } from './thread.ts';

/** Repaired, functions are stopped, and what they had begun awaited, before the unit's tables go. */
export function viommuResetWorld(defective: boolean): World {
  const running = flags('running');
  const inFlight = flags('in-flight');
  const tables = flags('tables');
  const devices: readonly Move[] = [
    ['stop-devices', { does: [running.clear()] }],
    ['await-transfers', { when: [inFlight.isClear()] }],
  ];
  const unit: Move = ['reset-unit', { does: [tables.clear()] }];
  const reset = threadOf('reset', ...(defective ? [unit, ...devices] : [...devices, unit]));
  return {
    name: 'reset of an emulated unit',
    before: [running.set(), tables.set()],
    properties: [
      {
        id: 'S21',
        sentence: 'translation is reset under a transfer',
        never: [inFlight.isSet(), tables.isClear()],
      },
    ],
    sightings: [
      {
        id: 'stopped-under-transfer',
        sentence: 'the functions are stopped while a transfer is in flight',
        reads: [running.isClear(), inFlight.isSet()],
      },
    ],
    parts: [
      reset.part,
      hardwareOf(
        'function',
        ['begin-transfer', { when: [running.isSet()], does: [inFlight.set()] }],
        ['end-transfer', { when: [inFlight.isSet()], does: [inFlight.clear()] }],
      ),
      running.part,
      inFlight.part,
      tables.part,
    ],
  };
}

const CHANGED = 0;
const UNCHANGED = 1;

/** The guest changes one page of two; repaired, only that one leaves the shadow. */
export function remapWindowWorld(defective: boolean): World {
  const shadow = flags('shadow', 2);
  const faulted = flags('faulted');
  const pages = defective ? [CHANGED, UNCHANGED] : [CHANGED];
  const emulator = threadOf(
    'emulator',
    ['unmap', { does: pages.map((page) => shadow.clear(page)) }],
    ['map', { does: pages.map((page) => shadow.set(page)) }],
  );
  return {
    name: 'replay of a one-page invalidation',
    before: [CHANGED, UNCHANGED].map((page) => shadow.set(page)),
    properties: [
      {
        id: 'S23',
        sentence: 'a page the guest never changed is absent from the shadow when it is wanted',
        never: [faulted.isSet()],
      },
    ],
    sightings: [
      {
        id: 'window',
        sentence: 'the page that changes is out of the shadow',
        reads: [shadow.isClear(CHANGED)],
      },
    ],
    parts: [
      emulator.part,
      hardwareOf('function', [
        'access-unchanged-page',
        { when: [shadow.isClear(UNCHANGED)], does: [faulted.set()] },
      ]),
      shadow.part,
      faulted.part,
    ],
  };
}
