/** Own drivers: two that a user might define, whose lists show themselves in a recording. */
import { defineDriver } from 'stormdrain';

export const batching = defineDriver({
  name: 'batching',
  steps: {
    'submit-both': {
      kind: 'act',
      effects: ['submitPasidCacheInvalidation', 'submitIotlbInvalidation'],
      part: 'invalidation',
    },
    'flush-device': {
      kind: 'invalidate',
      effect: 'submitDeviceTlbInvalidation',
      part: 'invalidation',
    },
    'flush-range': { kind: 'invalidate', effect: 'submitDeviceTlbInvalidation' },
  },
  operations: {
    'unbind-sva': [
      'await-release',
      'block-entry-owing-drain',
      'submit-both',
      'zero-entry',
      'drain-ring',
      'flush-workqueue',
      'drain-hardware',
      'flush-device',
      'drop-reporting',
      'await-reporting',
      'untrack-pasid',
      'erase-slot',
      'discard-partials',
      'answer-invalid',
      'put-domain',
      'free-handle',
    ],
    'mm-invalidate': ['invalidate-iotlb', 'flush-range'],
  },
});

/** Takes the PASID off its domain's list before the unit's translations are emptied. */
export const early = defineDriver({
  name: 'early',
  like: 'smmuv3',
  operations: {
    'unbind-sva': [
      'await-release',
      'block-entry-owing-flush',
      'invalidate-pasid-cache',
      'zero-entry',
      'invalidate-device-tlb',
      'drain-ring',
      'synchronize-thread',
      'flush-workqueue',
      'drop-reporting',
      'await-reporting',
      'untrack-pasid',
      'invalidate-iotlb',
      'erase-slot',
      'answer-invalid',
      'put-domain',
      'free-handle',
    ],
  },
});
