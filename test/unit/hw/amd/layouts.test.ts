/** Goal: every bit table of AMD says what the specification says. */
import {
  COMPLETE_PAGE_REQUEST,
  COMPLETION_WAIT,
  INVALIDATE_DEVICE_ENTRY,
  INVALIDATE_IOTLB_PAGES,
  INVALIDATE_PAGES,
} from '../../../../src/hw/amd/command-layouts.ts';
import { DEVICE_TABLE_ENTRY } from '../../../../src/hw/amd/device-table-entry.ts';
import { GCR3_ENTRY } from '../../../../src/hw/amd/gcr3-table.ts';
import { HOST_ENTRY } from '../../../../src/hw/amd/host-page-table.ts';
import { PPR_LOG_BASE } from '../../../../src/hw/amd/page-request-log.ts';
import { PPR_LOG_ENTRY } from '../../../../src/hw/amd/page-request-log-entry.ts';
import { claimLayouts } from '../layout-claims.ts';
import * as tables from './quadword-tables.ts';

claimLayouts([
  ['PPR log entry', PPR_LOG_ENTRY, tables.PPR_LOG_ENTRY_FIELDS],
  ['PPR log base', PPR_LOG_BASE, tables.PPR_LOG_BASE_FIELDS],
  ['completion wait', COMPLETION_WAIT, tables.COMPLETION_WAIT_FIELDS],
  ['device entry invalidation', INVALIDATE_DEVICE_ENTRY, tables.INVALIDATE_DEVICE_ENTRY_FIELDS],
  ['page invalidation', INVALIDATE_PAGES, tables.INVALIDATE_PAGES_FIELDS],
  ['IOTLB page invalidation', INVALIDATE_IOTLB_PAGES, tables.INVALIDATE_IOTLB_PAGES_FIELDS],
  ['page request completion', COMPLETE_PAGE_REQUEST, tables.COMPLETE_PAGE_REQUEST_FIELDS],
  ['device table entry', DEVICE_TABLE_ENTRY, tables.DEVICE_TABLE_FIELDS],
  ['GCR3 entry', GCR3_ENTRY, tables.GCR3_ENTRY_FIELDS],
  ['host page-table entry', HOST_ENTRY, tables.HOST_ENTRY_FIELDS],
]);
