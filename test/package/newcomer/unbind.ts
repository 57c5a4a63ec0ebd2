/** An unbind that gives the handle back as soon as no fault can find it any more, and forgets who found it before. */
import { defineDriver, defineScenario } from 'stormdrain';

export const driver = defineDriver({
  name: 'early-free',
  like: 'amd',
  operations: {
    'unbind-sva': [
      'await-release',
      'block-entry-owing-flush',
      'invalidate-pasid-cache',
      'zero-entry',
      'invalidate-iotlb',
      'invalidate-device-tlb',
      'drain-ring',
      'synchronize-thread',
      'erase-slot',
      'free-handle',
      'flush-workqueue',
      'untrack-pasid',
      'answer-invalid',
      'put-domain',
    ],
  },
});

export const scenario = defineScenario({
  name: 'unbind-under-fault',
  sentence: 'a thread unbinds its process while the device has a fault of it under way',
  units: ['amd'],
  devices: [{ groups: [{ attachment: 0 }] }],
  processes: [{ pages: 1 }],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [{ name: 'unbind', operations: [{ kind: 'unbind-sva', attachment: 0 }] }],
  hasLink: true,
});
