/**
 * Release worlds: small worlds in which an address space ends under what its domain lists.
 */
import { exitUnderDma } from '../explore/lifetime/scenarios.ts';
import type { UnitScenario } from '../explore/unit/scenario.ts';
import { EXIT_REBIND, EXIT_TRANSLATIONS } from '../explore/unit/scenarios.ts';
import { EXIT_REBIND_UNDER_DMA } from '../races/left-out-dma.ts';
import { fetchBeside, WITH_PASID_CACHE, WORD_BY_WORD } from './detach-worlds.ts';
import { type OrderWorld, ofUnit } from './order-world.ts';

const EXIT = { kind: 'exit', process: 0 } as const;

const FETCH_BESIDE_EXIT: UnitScenario = {
  ...fetchBeside('mm-release', 1, EXIT),
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }],
};

export const RELEASE_WORLDS: readonly OrderWorld[] = [
  { scenario: exitUnderDma, part: 'release', vendors: ['vtd'] },
  ofUnit('mm-release', FETCH_BESIDE_EXIT, WORD_BY_WORD),
  ofUnit('mm-release', EXIT_REBIND_UNDER_DMA, WITH_PASID_CACHE),
  ofUnit('mm-release', EXIT_TRANSLATIONS),
  ofUnit('mm-release', EXIT_REBIND),
];
