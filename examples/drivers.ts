/**
 * Two drivers and a scenario: a PASID is detached while its device has a request under way. One driver waits for what
 * is under way in the right order, the other looks at the workqueue before it looks at the ring.
 *
 *     npx stormdrain explore examples/drivers.ts --driver safe
 *     npx stormdrain explore examples/drivers.ts --driver unsafe
 */
import { defineDriver, defineScenario } from 'stormdrain';

const BLOCK = [
  'block-entry-owing-drain',
  'invalidate-pasid-cache',
  'invalidate-iotlb',
  'invalidate-device-tlb',
  'zero-entry',
] as const;

const LET_GO = [
  'drop-reporting',
  'await-reporting',
  'untrack-pasid',
  'erase-slot',
  'discard-partials',
  'answer-invalid',
  'put-domain',
  'free-handle',
] as const;

/** Ring, workqueue, hardware: a request goes from one to the next, and so does the wait. */
export const safe = defineDriver({
  name: 'safe',
  operations: {
    'detach-pasid': [...BLOCK, 'drain-ring', 'flush-workqueue', 'drain-hardware', ...LET_GO],
  },
});

/** What was in the ring when the workqueue was empty is in the workqueue when the ring is. */
export const unsafe = defineDriver({
  name: 'unsafe',
  operations: {
    'detach-pasid': [...BLOCK, 'flush-workqueue', 'drain-ring', 'drain-hardware', ...LET_GO],
  },
});

export const detachUnderFault = defineScenario({
  name: 'detach-under-fault',
  sentence: 'a PASID is detached while its device has a request under way',
  devices: [{ groups: [{ attachment: 0 }] }],
  domains: [{ kind: 'paging', handlesFaults: true }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [{ name: 'detach', operations: [{ kind: 'detach-pasid', attachment: 0 }] }],
  hasLink: true,
});
