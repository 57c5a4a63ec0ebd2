/**
 * A driver and a scenario of your own. The driver is VT-d's with a detach of its own; change the order of its steps, or
 * leave one out, and see what the tests say.
 *
 *     npx stormdrain explore detach.ts
 */
import { defineDriver, defineScenario } from 'stormdrain';

export const driver = defineDriver({
  name: 'my-driver',
  like: 'vtd',
  operations: {
    'detach-pasid': [
      'block-entry-owing-drain',
      'invalidate-pasid-cache',
      'invalidate-iotlb',
      'invalidate-device-tlb',
      'zero-entry',
      'drain-ring',
      'flush-workqueue',
      'drain-hardware',
      'drop-reporting',
      'await-reporting',
      'untrack-pasid',
      'erase-slot',
      'discard-partials',
      'answer-invalid',
      'put-domain',
      'free-handle',
    ],
  },
});

export const scenario = defineScenario({
  name: 'detach-under-fault',
  sentence: 'a PASID is detached while its device has a request under way',
  devices: [{ groups: [{ attachment: 0 }] }],
  domains: [{ kind: 'paging', handlesFaults: true }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [{ name: 'detach', operations: [{ kind: 'detach-pasid', attachment: 0 }] }],
  hasLink: true,
});
