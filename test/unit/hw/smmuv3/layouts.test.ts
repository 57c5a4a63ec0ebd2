/** Goal: every bit table of the SMMU says what the specification says. */
import {
  ATC_INVALIDATION,
  CONFIGURATION_INVALIDATION,
  CONFIGURATION_RANGE_INVALIDATION,
  PRI_RESPONSE,
  RESUME,
  SYNC,
  TLB_INVALIDATION,
} from '../../../../src/hw/smmuv3/command-layouts.ts';
import { CONTEXT_DESCRIPTOR } from '../../../../src/hw/smmuv3/context-descriptor.ts';
import { EVENT_ENTRY } from '../../../../src/hw/smmuv3/event-entry.ts';
import { PRI_QUEUE_ENTRY } from '../../../../src/hw/smmuv3/page-request-entry.ts';
import { STREAM_TABLE_ENTRY } from '../../../../src/hw/smmuv3/stream-table-entry.ts';
import { claimLayouts } from '../layout-claims.ts';
import * as tables from './quadword-tables.ts';

claimLayouts([
  ['PRI queue entry', PRI_QUEUE_ENTRY, tables.PRI_QUEUE_FIELDS],
  ['event entry', EVENT_ENTRY, tables.EVENT_FIELDS],
  ['CFGI', CONFIGURATION_INVALIDATION, tables.CONFIGURATION_FIELDS],
  ['CFGI range', CONFIGURATION_RANGE_INVALIDATION, tables.CONFIGURATION_RANGE_FIELDS],
  ['TLBI', TLB_INVALIDATION, tables.TLB_FIELDS],
  ['ATC_INV', ATC_INVALIDATION, tables.ATC_FIELDS],
  ['PRI_RESP', PRI_RESPONSE, tables.PRI_RESPONSE_FIELDS],
  ['RESUME', RESUME, tables.RESUME_FIELDS],
  ['CMD_SYNC', SYNC, tables.SYNC_FIELDS],
  ['stream table entry', STREAM_TABLE_ENTRY, tables.STREAM_TABLE_FIELDS],
  ['context descriptor', CONTEXT_DESCRIPTOR, tables.CONTEXT_FIELDS],
]);
