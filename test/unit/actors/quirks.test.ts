/** Each quirk's edit of the repaired driver, whole: what it takes out, puts in and moves, list by list. */
import { expect, test } from 'vitest';

import type { OperationName } from '../../../src/actors/driver.ts';
import { QUIRKS } from '../../../src/actors/quirks.ts';
import { driver } from '../machines/control/lists.ts';

/** Lists that differ, as removed (-), added (+), or, where only the order differs, the whole new list. */
function edits(id: string): Readonly<Record<string, unknown>> {
  const plain = driver('vtd');
  const quirky = driver('vtd', id);
  const names = Object.keys(plain.operations) as OperationName[]; // keys of that record
  const lists = names.flatMap((name) => {
    const before: readonly string[] = plain.operations[name];
    const after: readonly string[] = quirky.operations[name];
    if (before.join() === after.join()) return [];
    const gone = before.filter((step) => !after.includes(step)).map((step) => `-${step}`);
    const come = after.filter((step) => !before.includes(step)).map((step) => `+${step}`);
    return [[name, [...gone, ...come].join(' ') || after.join(' ')]];
  });
  const rules = Object.entries(quirky.rules).filter(
    ([rule, value]) => plain.rules[rule as keyof typeof plain.rules] !== value, // keys of that record
  );
  const lifetimes = Object.entries(quirky.lifetime).filter(
    ([rule, value]) => plain.lifetime[rule as keyof typeof plain.lifetime] !== value, // keys of that record
  );
  const traits = Object.entries(quirky.traits).filter(
    ([trait, value]) => plain.traits[trait as keyof typeof plain.traits] !== value, // keys of that record
  );
  return {
    ...Object.fromEntries(lists),
    ...Object.fromEntries(traits),
    ...Object.fromEntries(rules),
    ...Object.fromEntries(lifetimes),
    ...(quirky.unlinksBeforeAnswer ? {} : { unlinksBeforeAnswer: false }),
    ...(quirky.groupsCounted === plain.groupsCounted ? {} : { counted: quirky.groupsCounted }),
    ...(quirky.defects.length === 0 ? {} : { defects: quirky.defects }),
  };
}

test('every quirk says in a sentence what the driver does, and has an id of its own', () => {
  expect(new Set(QUIRKS.map(({ id }) => id)).size).toBe(QUIRKS.length);
  for (const { sentence } of QUIRKS) expect(sentence).toMatch(/^[a-z].*[^.]$/);
});

test('every quirk edits something of the repaired driver', () => {
  for (const { id } of QUIRKS) expect(edits(id), id).not.toEqual({});
});

test('fault-disable-not-marked: mm release clears P before it asks whether the entry is present, so the mark that owes a drain is lost', () => {
  expect(edits('fault-disable-not-marked')).toMatchInlineSnapshot(`
    {
      "mm-release": "-mark-fault-disabled +mark-fault-disabled-if-present",
    }
  `);
});

test('absent-entry-not-drained: a detach that finds the entry absent returns without draining', () => {
  expect(edits('absent-entry-not-drained')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-block-entry-owing-drain +block-entry",
      "detach-rid": "-block-entry-owing-drain +block-entry",
      "replace-pasid": "-block-entry-owing-drain +block-entry",
      "replace-rid": "-block-entry-owing-drain +block-entry",
      "unbind-sva": "-block-entry-owing-drain +block-entry",
    }
  `);
});

test('release-not-awaited: an unbind does not wait for an mm release that is tearing the same entry down', () => {
  expect(edits('release-not-awaited')).toMatchInlineSnapshot(`
    {
      "unbind-sva": "-await-release",
    }
  `);
});

test('reporting-dropped-first: blocking a function, or replacing its domain, drops the fault reporting before the drain, which then does nothing', () => {
  expect(edits('reporting-dropped-first')).toMatchInlineSnapshot(`
    {
      "detach-rid": "drop-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
      "replace-pasid": "allocate-handle get-domain track-pasid enable-reporting await-reporting drop-old-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials replace-handle program-entry untrack-old-pasid answer-invalid put-old-domain free-handle",
    }
  `);
});

test('partials-matched-by-index: partial requests join a group by PRG index alone, whatever their PASID', () => {
  expect(edits('partials-matched-by-index')).toMatchInlineSnapshot(`
    {
      "matchPartialsBy": "index",
    }
  `);
});

test('partials-answered-without-handler: a request without a handler is answered INVALID even if it is not the last of its group', () => {
  expect(edits('partials-answered-without-handler')).toMatchInlineSnapshot(`
    {
      "answerPartialsWithoutHandler": true,
    }
  `);
});

test('rejects-strand-partials: a rejected last request leaves the earlier requests of its group behind', () => {
  expect(edits('rejects-strand-partials')).toMatchInlineSnapshot(`
    {
      "cancelPartialsOnReject": false,
    }
  `);
});

test('partial-list-dangles: a device that leaves the fault queue leaves a partial list whose requests are freed', () => {
  expect(edits('partial-list-dangles')).toMatchInlineSnapshot(`
    {
      "resetPartialsOnRemove": false,
    }
  `);
});

test('partials-survive-drain: a drain leaves the partial requests of the PASID to its next owner', () => {
  expect(edits('partials-survive-drain')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-discard-partials",
      "detach-rid": "-discard-partials",
      "replace-pasid": "-discard-partials",
      "replace-rid": "-discard-partials",
      "unbind-sva": "-discard-partials",
    }
  `);
});

test('drains-share-completion: all drains of a unit re-arm and sleep on one completion', () => {
  expect(edits('drains-share-completion')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-drain-ring -drain-hardware +drain-ring-by-completion +drain-hardware-by-completion",
      "detach-rid": "-drain-ring -drain-hardware +drain-ring-by-completion +drain-hardware-by-completion",
      "replace-pasid": "-drain-ring -drain-hardware +drain-ring-by-completion +drain-hardware-by-completion",
      "replace-rid": "-drain-ring -drain-hardware +drain-ring-by-completion +drain-hardware-by-completion",
      "unbind-sva": "-drain-ring -drain-hardware +drain-ring-by-completion +drain-hardware-by-completion",
    }
  `);
});

test('skip-ring-drain: detach does not wait for its requests in the page request queue', () => {
  expect(edits('skip-ring-drain')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-drain-ring -drain-hardware",
      "detach-rid": "-drain-ring -drain-hardware",
      "replace-pasid": "-drain-ring -drain-hardware",
      "replace-rid": "-drain-ring -drain-hardware",
      "unbind-sva": "-drain-ring -drain-hardware",
    }
  `);
});

test('function-untagged-first: the caches of a function leave their lists before its entry is blocked', () => {
  expect(edits('function-untagged-first')).toMatchInlineSnapshot(`
    {
      "attach-rid": "allocate-handle reserve-slot get-domain enable-reporting await-reporting track-pasid program-entry publish-handle",
      "detach-rid": "untrack-pasid block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting erase-slot answer-invalid put-domain free-handle",
      "replace-rid": "allocate-handle get-domain untrack-old-pasid block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials enable-reporting await-reporting drop-old-reporting replace-handle track-pasid program-entry answer-invalid put-old-domain free-handle",
    }
  `);
});

test('skip-workqueue-flush: detach does not wait for queued groups to be handled', () => {
  expect(edits('skip-workqueue-flush')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-flush-workqueue",
      "detach-rid": "-flush-workqueue",
      "replace-pasid": "-flush-workqueue",
      "replace-rid": "-flush-workqueue",
      "unbind-sva": "-flush-workqueue",
    }
  `);
});

test('skip-device-tlb-invalidation: detach and unmap leave the translations that devices cached', () => {
  expect(edits('skip-device-tlb-invalidation')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "-invalidate-device-tlb",
      "detach-rid": "-invalidate-device-tlb",
      "mm-invalidate": "-invalidate-device-tlb",
      "mm-release": "-invalidate-device-tlb",
      "replace-pasid": "-invalidate-device-tlb",
      "replace-rid": "-invalidate-device-tlb",
      "unbind-sva": "-invalidate-device-tlb",
    }
  `);
});

test('free-handle-first: the attach handle is freed before anything is drained', () => {
  expect(edits('free-handle-first')).toMatchInlineSnapshot(`
    {
      "detach-pasid": "free-handle block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain",
      "detach-rid": "free-handle block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain",
      "replace-pasid": "free-handle allocate-handle get-domain track-pasid enable-reporting await-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-old-reporting replace-handle program-entry untrack-old-pasid answer-invalid put-old-domain",
      "replace-rid": "free-handle allocate-handle get-domain track-pasid enable-reporting await-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-old-reporting replace-handle program-entry untrack-old-pasid answer-invalid put-old-domain",
      "unbind-sva": "free-handle await-release block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain",
    }
  `);
});

test('publish-before-hardware: attach publishes the handle before the hardware has switched', () => {
  expect(edits('publish-before-hardware')).toMatchInlineSnapshot(`
    {
      "attach-pasid": "allocate-handle reserve-slot get-domain track-pasid enable-reporting await-reporting publish-handle program-entry",
      "attach-rid": "allocate-handle reserve-slot get-domain track-pasid enable-reporting await-reporting publish-handle program-entry",
      "bind-sva": "allocate-handle reserve-slot get-domain track-pasid enable-reporting await-reporting publish-handle program-entry",
    }
  `);
});

test('answer-before-unlink: a group is answered first and taken off the pending list later', () => {
  expect(edits('answer-before-unlink')).toMatchInlineSnapshot(`
    {
      "unlinksBeforeAnswer": false,
    }
  `);
});

test('keep-partials-on-overflow: after an overflow the partial requests stay and join a later group of their index', () => {
  expect(edits('keep-partials-on-overflow')).toMatchInlineSnapshot(`
    {
      "discardOnOverflow": false,
    }
  `);
});

test('mutations of what an attach handle counts', () => {
  const ids = ['counts-when-taken-up', 'uncounts-when-taken-up', 'uncounts-when-answered'];
  expect(ids.map((id) => edits(id))).toEqual([
    { counted: 'while-worked-on' },
    { counted: 'while-waiting' },
    { counted: 'until-answered' },
  ]);
});

test('mutations of explorations: what they move', () => {
  const ids = ['flush-before-ring', 'put-domain-first', 'block-entry-last', 'answer-before-drain'];
  expect(Object.fromEntries(ids.map((id) => [id, edits(id)]))).toMatchInlineSnapshot(`
    {
      "answer-before-drain": {
        "detach-pasid": "block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry erase-slot answer-invalid free-handle drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid put-domain",
        "detach-rid": "block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry erase-slot answer-invalid free-handle drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid put-domain",
        "unbind-sva": "await-release block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry erase-slot answer-invalid free-handle drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid put-domain",
      },
      "block-entry-last": {
        "detach-pasid": "drain-ring flush-workqueue drain-hardware discard-partials block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
        "unbind-sva": "await-release drain-ring flush-workqueue drain-hardware discard-partials block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
      },
      "flush-before-ring": {
        "detach-pasid": "block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry flush-workqueue drain-ring drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
        "detach-rid": "block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry flush-workqueue drain-ring drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
        "replace-pasid": "allocate-handle get-domain track-pasid enable-reporting await-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry flush-workqueue drain-ring drain-hardware discard-partials drop-old-reporting replace-handle program-entry untrack-old-pasid answer-invalid put-old-domain free-handle",
        "replace-rid": "allocate-handle get-domain track-pasid enable-reporting await-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry flush-workqueue drain-ring drain-hardware discard-partials drop-old-reporting replace-handle program-entry untrack-old-pasid answer-invalid put-old-domain free-handle",
        "unbind-sva": "await-release block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry flush-workqueue drain-ring drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
      },
      "put-domain-first": {
        "unbind-sva": "put-domain await-release block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-reporting await-reporting untrack-pasid erase-slot answer-invalid free-handle",
      },
    }
  `);
});

test('history: each defect of an earlier kernel is one rule, or one edit of a few lists', () => {
  const ids = QUIRKS.filter(({ kind }) => kind === 'history').map(({ id }) => id);
  expect(Object.fromEntries(ids.map((id) => [id, edits(id)]))).toMatchInlineSnapshot(`
    {
      "absent-pair-gives-id": {
        "defects": [
          "absent-pair-gives-id",
        ],
      },
      "acknowledge-after-read": {
        "acknowledgeBeforeRead": false,
      },
      "answers-only-pending": {
        "respondOnlyWhilePending": true,
      },
      "ats-off-unawaited": {
        "defects": [
          "ats-off-unawaited",
        ],
      },
      "bond-device-set-late": {
        "setsBondDeviceUnderLock": false,
      },
      "bond-holds-users": {
        "bondHolds": "users",
      },
      "deliver-under-mutex": {
        "defects": [
          "deliver-under-mutex",
        ],
      },
      "destroy-counts-itself": {
        "defects": [
          "destroy-counts-itself",
        ],
      },
      "failed-copy-loses-group": {
        "defects": [
          "failed-copy-loses-group",
        ],
      },
      "failed-copy-retried": {
        "defects": [
          "failed-copy-retried",
        ],
      },
      "failed-file-released-later": {
        "defects": [
          "failed-file-released-later",
        ],
      },
      "failed-file-released-twice": {
        "defects": [
          "failed-file-released-twice",
        ],
      },
      "faults-on-dying-mm": {
        "raiseUsersFirst": false,
      },
      "first-detach-stops-reporting": {
        "countsReportingUsers": false,
      },
      "kernel-tables-not-flushed": {
        "flushesKernelTables": false,
      },
      "late-ats-untagged": {
        "defects": [
          "late-ats-untagged",
        ],
      },
      "numbers-unlocked": {
        "defects": [
          "numbers-unlocked",
        ],
      },
      "overflow-cleared-first": {
        "clearOverflowBeforeDiscard": true,
      },
      "param-not-referenced": {
        "referenceFaultParam": false,
      },
      "partials-handled-at-once": {
        "returnAfterPartial": false,
      },
      "pasid-freed-with-users": {
        "pasidEndsWith": "users",
      },
      "probe-without-domain": {
        "defects": [
          "probe-without-domain",
        ],
      },
      "put-touches-object": {
        "defects": [
          "put-touches-object",
        ],
      },
      "queues-after-check": {
        "queuesUnderLock": false,
      },
      "release-leaves-entry-live": {
        "mm-release": "-block-entry-owing-flush -invalidate-pasid-cache -invalidate-iotlb -invalidate-device-tlb -mark-fault-disabled",
      },
      "release-without-report-lock": {
        "releaseWaitsForReport": false,
      },
      "removal-leaks-groups": {
        "freeRemovedGroups": false,
      },
      "removal-looks-unlocked": {
        "removalLooksUnderLock": false,
      },
      "replace-leaks-count": {
        "replace-pasid": "-drop-old-reporting",
        "replace-rid": "-drop-old-reporting",
      },
      "replace-publishes-first": {
        "replace-pasid": "allocate-handle get-domain track-pasid enable-reporting await-reporting replace-handle block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-old-reporting program-entry untrack-old-pasid answer-invalid put-old-domain free-handle",
        "replace-rid": "allocate-handle get-domain track-pasid enable-reporting await-reporting replace-handle block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials drop-old-reporting program-entry untrack-old-pasid answer-invalid put-old-domain free-handle",
      },
      "replay-unmaps-range": {
        "defects": [
          "replay-unmaps-range",
        ],
      },
      "reserved-id-counted": {
        "defects": [
          "reserved-id-counted",
        ],
      },
      "reset-leaves-ats-on": {
        "defects": [
          "reset-leaves-ats-on",
        ],
      },
      "rid-detach-undrained": {
        "detach-rid": "-drain-ring -flush-workqueue -drain-hardware -discard-partials",
      },
      "switch-to-translating": {
        "defects": [
          "switch-to-translating",
        ],
      },
      "tests-sync-unlocked": {
        "defects": [
          "tests-sync-unlocked",
        ],
      },
      "unbind-drops-reporting-first": {
        "detach-pasid": "drop-reporting block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
        "unbind-sva": "drop-reporting await-release block-entry-owing-drain invalidate-pasid-cache invalidate-iotlb invalidate-device-tlb zero-entry drain-ring flush-workqueue drain-hardware discard-partials await-reporting untrack-pasid erase-slot answer-invalid put-domain free-handle",
      },
      "unbind-frees-domain-first": {
        "readsMmDataFirst": false,
      },
      "unhandled-faults-dropped": {
        "answerUnhandled": false,
      },
      "untracks-before-flush": {
        "defects": [
          "untracks-before-flush",
        ],
      },
      "vdevice-found-by-id": {
        "defects": [
          "vdevice-found-by-id",
        ],
      },
      "viommu-forgets-parent": {
        "defects": [
          "viommu-forgets-parent",
        ],
      },
      "viommu-reset-first": {
        "defects": [
          "viommu-reset-first",
        ],
      },
      "vmid-follows-parent": {
        "defects": [
          "vmid-follows-parent",
        ],
      },
      "waits-under-lock": {
        "defects": [
          "waits-under-lock",
        ],
      },
      "wakes-after-put": {
        "wakesUnderLock": false,
      },
      "zeroes-entry-first": {
        "defects": [
          "zeroes-entry-first",
        ],
      },
    }
  `);
});
