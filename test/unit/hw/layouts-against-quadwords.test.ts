/**
 * Goal: every bit table of VT-d says what the specification says.
 */
import { LEGACY_CONTEXT_ENTRY, SCALABLE_CONTEXT_ENTRY } from '../../../src/hw/vtd/context-entry.ts';
import {
  CONTEXT_CACHE_INVALIDATION,
  DEVICE_TLB_INVALIDATION,
  IOTLB_INVALIDATION,
  PASID_CACHE_INVALIDATION,
  PASID_DEVICE_TLB_INVALIDATION,
  PASID_IOTLB_INVALIDATION,
  WAIT,
} from '../../../src/hw/vtd/invalidation-layouts.ts';
import { PAGE_GROUP_RESPONSE } from '../../../src/hw/vtd/page-group-response.ts';
import { PAGE_REQUEST_DESCRIPTOR } from '../../../src/hw/vtd/page-request-descriptor.ts';
import { PASID_ENTRY } from '../../../src/hw/vtd/pasid-entry.ts';
import { PASID_DIRECTORY_ENTRY } from '../../../src/hw/vtd/pasid-table.ts';
import { claimLayouts, type LayoutCase } from './layout-claims.ts';
import * as tables from './quadword-tables.ts';

const CASES: readonly LayoutCase[] = [
  ['page request', PAGE_REQUEST_DESCRIPTOR, tables.PAGE_REQUEST_FIELDS],
  ['page group response', PAGE_GROUP_RESPONSE, tables.PAGE_GROUP_RESPONSE_FIELDS],
  ['context-cache', CONTEXT_CACHE_INVALIDATION, tables.CONTEXT_CACHE_FIELDS],
  ['IOTLB', IOTLB_INVALIDATION, tables.IOTLB_FIELDS],
  ['device-TLB', DEVICE_TLB_INVALIDATION, tables.DEVICE_TLB_FIELDS],
  ['wait', WAIT, tables.WAIT_FIELDS],
  ['PASID-IOTLB', PASID_IOTLB_INVALIDATION, tables.PASID_IOTLB_FIELDS],
  ['PASID-cache', PASID_CACHE_INVALIDATION, tables.PASID_CACHE_FIELDS],
  ['PASID device-TLB', PASID_DEVICE_TLB_INVALIDATION, tables.PASID_DEVICE_TLB_FIELDS],
  ['PASID entry', PASID_ENTRY, tables.PASID_ENTRY_FIELDS],
  ['PASID directory entry', PASID_DIRECTORY_ENTRY, tables.PASID_DIRECTORY_FIELDS],
  ['scalable context entry', SCALABLE_CONTEXT_ENTRY, tables.SCALABLE_CONTEXT_FIELDS],
  ['legacy context entry', LEGACY_CONTEXT_ENTRY, tables.LEGACY_CONTEXT_FIELDS],
];

claimLayouts(CASES);
