/**
 * Replace worlds: small worlds in which the domain of a PASID or of a function is replaced.
 */
import type { OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';
import {
  PASID_REPLACE,
  PASID_REPLACE_FAULTS,
  RID_REPLACE,
} from '../explore/unit/user-scenarios.ts';
import {
  FUNCTION_REPLACE_IN_MID_GROUP,
  REPLACE_IN_MID_GROUP,
} from '../races/left-out-scenarios.ts';
import { fetchBeside, WITH_PASID_CACHE, WORD_BY_WORD } from './detach-worlds.ts';
import { counted, type OrderWorld, ofUnit } from './order-world.ts';

const UNHANDLED = { kind: 'paging', handlesFaults: false } as const;

/** What comes after the replace is given the id of the domain that was freed. */
const replaceUnderDma = (
  name: string,
  pasid: number | undefined,
  ...operations: readonly OperationSpec[]
): UnitScenario => ({
  name,
  sentence: 'a domain is replaced under DMA and freed, and a third one attached instead',
  devices: [{ groups: [] }],
  processes: [],
  domains: [UNHANDLED, UNHANDLED, UNHANDLED],
  attachments: [{ device: 0, pasid, domain: 0 }],
  threads: [{ name: 'user', operations }],
  hasDma: true,
});

const FREE_FIRST = { kind: 'free-domain', domain: 0 } as const;

export const PASID_REPLACE_WORLDS: readonly OrderWorld[] = [
  ofUnit(
    'replace-pasid',
    fetchBeside('replace-pasid', 1, { kind: 'replace-pasid', attachment: 0, domain: 1 }),
    WORD_BY_WORD,
  ),
  ofUnit(
    'replace-pasid',
    replaceUnderDma(
      'replace-and-attach-under-dma',
      1,
      { kind: 'replace-pasid', attachment: 0, domain: 1 },
      FREE_FIRST,
      { kind: 'detach-pasid', attachment: 0 },
      { kind: 'attach-pasid', attachment: 0, domain: 2 },
    ),
    WITH_PASID_CACHE,
  ),
  counted('replace-pasid', PASID_REPLACE),
  counted('replace-pasid', PASID_REPLACE_FAULTS),
  ofUnit('replace-pasid', REPLACE_IN_MID_GROUP, ['vtd']),
];

export const FUNCTION_REPLACE_WORLDS: readonly OrderWorld[] = [
  ofUnit(
    'replace-rid',
    fetchBeside('replace-rid', undefined, { kind: 'replace-rid', attachment: 0, domain: 1 }),
    WORD_BY_WORD,
  ),
  ofUnit(
    'replace-rid',
    replaceUnderDma(
      'function-replace-and-attach-under-dma',
      undefined,
      { kind: 'replace-rid', attachment: 0, domain: 1 },
      FREE_FIRST,
      { kind: 'detach-rid', attachment: 0 },
      { kind: 'attach-rid', attachment: 0, domain: 2 },
    ),
    WITH_PASID_CACHE,
  ),
  counted('replace-rid', RID_REPLACE, ['vtd', 'smmuv3']),
  ofUnit('replace-rid', RID_REPLACE, ['amd']),
  ofUnit('replace-rid', FUNCTION_REPLACE_IN_MID_GROUP, ['vtd']),
];
