/**
 * Report races: the page request queue and the fault core (catalogue section 1A, up to the drains).
 */

import {
  BAD_REQUEST,
  OVERFLOW_PARTIALS,
  REPORT,
  TWO_PASIDS_ONE_INDEX,
  UNBIND_LIVE,
} from '../explore/unit/scenarios.ts';
import { breaks, type Experiment, harmless, type Race, spares } from './race.ts';
import {
  deviceRelease,
  LATE_REQUEST,
  removalBesideReport,
  UNHANDLED_FAULT,
  unreadGroup,
  vtd,
} from './report-scenarios.ts';

/** What software can't make good. */
const LOST: Experiment['aside'] = {
  properties: ['S3', 'L7'],
  why: 'a group that lost a request to an overflow is answered SUCCESS, and its device asks again',
};

export const REPORT_RACES: readonly Race[] = [
  {
    id: 'iopf-remove-before-drain',
    title: 'an unbind takes the device off the fault queue before it has drained its groups',
    reference: 'CVE-2025-38594; f0b9d31c6edd, bug from 17fce9d2336d',
    grade: 'A',
    properties: ['S7', 'S8', 'S1'],
    depth: 2,
    smallest: '1/1/1/1',
    status: 'modelled',
    experiments: [
      breaks('S7', vtd(UNBIND_LIVE), ['unbind-drops-reporting-first']),
      breaks('S8', vtd(UNBIND_LIVE), ['unbind-drops-reporting-first']),
      spares(
        'S7',
        vtd(UNBIND_LIVE),
        ['unbind-drops-reporting-first', 'removal-leaks-groups'],
        'with the leak nothing is freed twice',
      ),
      breaks(
        'S1',
        vtd(UNBIND_LIVE),
        ['unbind-drops-reporting-first', 'removal-leaks-groups'],
        'but answered twice',
      ),
      spares(
        'S1',
        vtd(UNBIND_LIVE),
        ['unbind-drops-reporting-first', 'removal-leaks-groups', 'answers-only-pending'],
        'unless only what is pending is answered',
      ),
    ],
  },
  {
    id: 'iopf-remove-leaks-groups',
    title: 'leaving the fault queue answers groups and frees none',
    reference: 'CVE-2025-21770; stable 90d5429cd292, 9759ae2cee7c, db60d2d896a1',
    grade: 'A',
    properties: ['S7', 'S8'],
    depth: 1,
    smallest: '1/0/1/1',
    status: 'modelled',
    experiments: [
      breaks('S7', unreadGroup, ['removal-leaks-groups']),
      breaks('S8', unreadGroup, ['removal-leaks-groups'], 'the parameter'),
      harmless(vtd(UNBIND_LIVE), ['removal-leaks-groups'], 'after a drain nothing is left to leak'),
    ],
  },
  {
    id: 'iopf-report-vs-device-release',
    title: 'the interrupt thread looks a device up while it is being released',
    reference: 'CVE-2024-35843; def054b01a86, 3d39238991e7',
    grade: 'A',
    properties: ['S8'],
    depth: 2,
    smallest: '1/0/1/2',
    status: 'modelled',
    experiments: [breaks('S8', deviceRelease, ['release-without-report-lock'])],
  },
  {
    id: 'fault-param-unreferenced',
    title: 'report, response and removal share a fault parameter that nobody counts',
    reference: 'a74c077b9021, 0095bf83554f',
    grade: 'B',
    properties: ['S8', 'S7'],
    depth: 2,
    smallest: '1/0/1/2',
    status: 'modelled',
    experiments: [breaks('S8', removalBesideReport, ['param-not-referenced'])],
  },
  {
    id: 'pri-off-order-violated',
    title: 'PRI goes off at the device first, while its requests are still on their way',
    reference: 'review of "Improve iopf_queue_remove_device()" v11 13/16',
    grade: 'A/C',
    properties: ['S1', 'L1'],
    depth: 2,
    smallest: '1/0/1/1',
    status: 'modelled',
    experiments: [
      breaks('L1', vtd(LATE_REQUEST), ['unbind-drops-reporting-first', 'unhandled-faults-dropped']),
      breaks('S1', vtd(LATE_REQUEST), ['unbind-drops-reporting-first']),
    ],
  },
  {
    id: 'fault-without-param-unanswered',
    title: 'a fault of a device without fault reporting is dropped unanswered',
    reference: 'regression from b554e396e51c, 3dfa64aecbaf; bug report thread of Jul 2024',
    grade: 'A',
    properties: ['L1', 'L9', 'S1'],
    depth: 1,
    smallest: '2/0/1/1 (second device shows L9)',
    status: 'modelled',
    experiments: [breaks('L1', vtd(UNHANDLED_FAULT), ['unhandled-faults-dropped'])],
  },
  {
    id: 'partial-treated-as-last',
    title: 'a request that is not the last is stored, and handled as if it were',
    reference: 'CVE-2024-44994; stable cc6bc2ab1663, fca5b78511e9',
    grade: 'A',
    properties: ['S7', 'S2'],
    depth: 1,
    smallest: '1/0/1/0',
    status: 'modelled',
    experiments: [breaks('S2', vtd(REPORT), ['partials-handled-at-once'])],
  },
  {
    id: 'overflow-stale-partials',
    title: 'partial requests left by an overflow join the next group with their index',
    reference: 'prq.c, source read; RISC-V IOMMU issues 199, 201, 262',
    grade: 'A/B',
    properties: ['S4', 'S5', 'S3'],
    depth: 3,
    smallest: '1/1/2/1 with a queue of 2 slots',
    status: 'modelled',
    experiments: [
      { ...breaks('S4', vtd(OVERFLOW_PARTIALS), ['keep-partials-on-overflow']), aside: LOST },
      {
        ...spares(
          'S4',
          vtd(OVERFLOW_PARTIALS),
          ['overflow-cleared-first'],
          'reopened before the discard: one thread does both, and reads nothing in between',
        ),
        aside: LOST,
      },
    ],
  },
  {
    id: 'partial-merge-ignores-pasid',
    title: 'partial requests are matched by index, whatever their PASID',
    reference: 'io-pgfault.c, source read; seen on Linux 7.3.4',
    grade: 'C',
    properties: ['S4', 'S3', 'S5'],
    depth: 2,
    smallest: '1/2/2/0',
    status: 'modelled',
    experiments: [
      breaks('S4', vtd(TWO_PASIDS_ONE_INDEX), ['partials-matched-by-index']),
      breaks('S3', vtd(TWO_PASIDS_ONE_INDEX), ['partials-matched-by-index']),
      breaks('S5', vtd(TWO_PASIDS_ONE_INDEX), ['partials-matched-by-index']),
    ],
  },
  {
    id: 'bad-request-strands-partials',
    title: 'a last request that the driver rejects leaves its partial requests behind',
    reference: 'intel/prq.c, source read',
    grade: 'C',
    properties: ['S4'],
    depth: 2,
    smallest: '1/1/2/0',
    status: 'modelled',
    experiments: [breaks('S4', vtd(BAD_REQUEST), ['rejects-strand-partials'])],
  },
];
