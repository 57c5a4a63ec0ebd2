/**
 * Detach races: drains, teardown orders and attachments that come or go at the wrong time (catalogue section 1A, from
 * the drains on).
 */
import { unmapBesideUnbind } from '../explore/lifetime/scenarios.ts';
import { CUT_REBIND, EXIT_REBIND, EXIT_UNBIND, UNBIND_LIVE } from '../explore/unit/scenarios.ts';
import {
  PASID_DETACH,
  PASID_REPLACE_FAULTS,
  RID_DETACH,
  TWO_DEVICES_DRAIN,
} from '../explore/unit/user-scenarios.ts';
import { breaks, type Race } from './race.ts';
import { MARKER_REBIND, vtd } from './report-scenarios.ts';

export const DETACH_RACES: readonly Race[] = [
  {
    id: 'drain-shared-completion',
    title: 'two drains of one unit sleep on one completion',
    reference: 'intel/prq.c, source read; seen on Linux 7.3.4',
    grade: 'C',
    properties: ['L2', 'L9'],
    depth: 3,
    smallest: '2/0/2/2',
    status: 'modelled',
    experiments: [
      breaks('L2', vtd(TWO_DEVICES_DRAIN), ['drains-share-completion']),
      breaks('L9', vtd(TWO_DEVICES_DRAIN), ['drains-share-completion']),
    ],
  },
  {
    id: 'prq-irq-ack-after-read',
    title: 'the pending bit is cleared after the tail was read',
    reference: 'intel/prq.c, a comment read; the fix of 2015 from memory',
    grade: 'C',
    properties: ['L3', 'L1'],
    depth: 2,
    smallest: '1/0/2/1',
    status: 'modelled',
    experiments: [
      breaks('L3', vtd(UNBIND_LIVE), ['acknowledge-after-read']),
      breaks('L1', vtd(UNBIND_LIVE), ['acknowledge-after-read']),
    ],
  },
  {
    id: 'drain-skipped-after-mm-release',
    title: 'an unbind after exit finds the entry gone and does not drain',
    reference: 'cf08ca81d08a, fixes c43e1ccdebf2; seen on Linux 7.3.4',
    grade: 'A',
    properties: ['S5', 'S6'],
    depth: 3,
    smallest: '1/1/1/2 plus a second mm',
    status: 'modelled',
    experiments: [
      breaks('S6', vtd(EXIT_UNBIND), ['fault-disable-not-marked', 'absent-entry-not-drained']),
      breaks('S5', vtd(EXIT_REBIND), ['fault-disable-not-marked', 'absent-entry-not-drained']),
    ],
  },
  {
    id: 'rid-detach-without-drain',
    title: 'the domain of the function itself goes without draining requests that carry no PASID',
    reference: 'c43e1ccdebf2; seen on Linux 7.3.4',
    grade: 'B',
    properties: ['S6', 'S5'],
    depth: 2,
    smallest: '1/0/1/1',
    status: 'modelled',
    experiments: [
      breaks('S6', vtd(RID_DETACH), ['rid-detach-undrained']),
      breaks('S6', vtd(RID_DETACH), ['reporting-dropped-first'], 'as in Linux 7.3'),
    ],
  },
  {
    id: 'flush-workqueue-before-hw-queue',
    title: 'the workqueue is flushed before the ring that feeds it is drained',
    reference: 'contract of the core flush helper, source read',
    grade: 'C',
    properties: ['S6', 'S5'],
    depth: 2,
    smallest: '1/1/1/1',
    status: 'modelled',
    experiments: [breaks('S6', vtd(UNBIND_LIVE), ['flush-before-ring'])],
  },
  {
    id: 'sva-teardown-order',
    title: 'three orders of an SVA teardown that must not be',
    reference: 'review thread on VT-d set_dev_pasid, May 2023',
    grade: 'C',
    properties: ['S9', 'S6', 'S5'],
    depth: 2,
    smallest: '1/1/1/2',
    status: 'modelled',
    experiments: [
      breaks('S9', unmapBesideUnbind, ['put-domain-first'], '(a) notifier gone, entry live'),
      breaks(
        'S6',
        vtd(PASID_DETACH),
        ['block-entry-last'],
        '(b) drained while the entry translates',
      ),
      breaks(
        'S5',
        vtd(EXIT_REBIND),
        ['free-pasid-before-drain'],
        '(c) PASID freed before the drain',
      ),
    ],
  },
  {
    id: 'stop-marker-epoch',
    title: 'a device that stops with a marker leaves old requests ahead of the next owner',
    reference: 'RFC of iommufd fault delivery, Jun 2023, review',
    grade: 'A',
    properties: ['S5'],
    depth: 2,
    smallest: '1/1/2/1',
    status: 'modelled',
    experiments: [breaks('S5', vtd(MARKER_REBIND), ['skip-ring-drain'])],
  },
  {
    id: 'attach-published-before-hw',
    title: 'an attach shows its handle before the hardware has switched',
    reference: '5e9f822c9c68',
    grade: 'B',
    properties: ['S6', 'S5', 'S3'],
    depth: 2,
    smallest: '1/1/1/1',
    status: 'modelled',
    experiments: [
      breaks('S5', vtd(PASID_REPLACE_FAULTS), ['replace-publishes-first']),
      breaks('S3', vtd(PASID_REPLACE_FAULTS), ['replace-publishes-first']),
    ],
  },
  {
    id: 'handle-lookup-vs-detach',
    title: 'a handle is looked up, detached and freed, and then handed on',
    reference: 'review thread on the attach handle, Apr 2024',
    grade: 'C',
    properties: ['S6'],
    depth: 2,
    smallest: '1/1/1/2',
    status: 'modelled',
    experiments: [
      breaks('S6', vtd(UNBIND_LIVE), ['skip-ring-drain']),
      breaks('S8', vtd(UNBIND_LIVE), ['answer-before-drain'], 'answered and freed before the wait'),
    ],
  },
  {
    id: 'auto-response-scan-misses-partial',
    title: 'a detach answers complete groups and forgets the one still being assembled',
    reference: 'iommufd auto-response, source read',
    grade: 'C',
    properties: ['S1', 'L1', 'S4'],
    depth: 2,
    smallest: '1/1/1/1',
    status: 'modelled',
    experiments: [breaks('S4', vtd(CUT_REBIND), ['partials-survive-drain'])],
  },
];
