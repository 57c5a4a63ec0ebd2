/**
 * Walk world: a process is bound to an AMD function, which reads its pages through two tables, one behind the other.
 *
 * S26: device and CPU find the same page. Where a read ends is walked in bytes (src/hw/amd/two-dimensional-walk.ts):
 * the addresses inside the process's tables are real ones to the CPU and go through the host table for the device.
 */
import { svaErrno } from '../../../actors/sva-preconditions.ts';
import { slotKind } from '../../../explore/slot-kind.ts';
import { call, unheard, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../machines/pasid-entry.ts';
import { flags } from '../flag.ts';
import { hardwareOf, threadOf } from '../tags/thread.ts';
import { disagreeingPages, type HostMapping, PAGES } from './process-tables.ts';

/** The function's own domain: identity has no host table, v1 has one, whatever it maps. */
const ridDomainOf = (mapping: HostMapping) => (mapping === 'none' ? 'identity' : 'v1');

export function walkWorld(mapping: HostMapping, asksFirst: boolean): World {
  const refused = flags('refused');
  const entry = slotKind('entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const right = flags('read-right', PAGES.length);
  const wrong = flags('read-wrong', PAGES.length);
  const disagreeing = disagreeingPages(mapping);
  const errno = svaErrno({
    driver: 'amd',
    replaces: false,
    pasid: 5,
    pasidsMax: 8,
    pasidEnabled: true,
    ridDomain: ridDomainOf(mapping),
  });
  const isRefused = asksFirst && errno !== 0;
  const bind = threadOf('bind', [
    'set-dev-pasid',
    isRefused
      ? { does: [refused.set()] }
      : { does: [call(entry, 0, { type: 'entry.program', domain: 0 })] },
  ]);
  const translates = where(entry, 0, (of) => of.hasTag('translates'));

  return {
    name: 'a two-dimensional walk',
    properties: PAGES.map((page, of) => ({
      id: 'S26',
      sentence: `device and CPU find different memory at page ${page.toString(16)} of a process`,
      never: [wrong.isSet(of)],
    })),
    sightings: [
      isRefused
        ? { id: 'refused', sentence: 'the bind is refused', reads: [refused.isSet()] }
        : {
            id: 'read',
            sentence: 'the device reads every page of the process',
            reads: PAGES.map((page, of) => (disagreeing.includes(page) ? wrong : right).isSet(of)),
          },
    ],
    parts: [
      bind.part,
      hardwareOf(
        'function',
        ...PAGES.map(
          (page, of) =>
            [
              `read-page-${of}`,
              {
                when: [translates],
                does: [(disagreeing.includes(page) ? wrong : right).set(of)],
              },
            ] as const,
        ),
      ),
      object(entry, { effects: { writeEntry: unheard, refuse: unheard } }),
      refused.part,
      right.part,
      wrong.part,
    ],
  };
}
