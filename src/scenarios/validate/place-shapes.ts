/**
 * Place shapes: which domains and which of the driver's lists a place of each kind has.
 *
 * SVA domains hang under PASIDs only, and are never replaced by domains of other kinds: nobody in Linux asks for it.
 * Two domains of each other kind are enough to tell the one that comes from the one that goes.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import type { PlaceDomain, PlaceOperation, PlaceShape } from './place-kinds.ts';

const SVA_DOMAIN: PlaceDomain = { name: 'sva', kind: 'sva', hasHandler: true, isSpare: false };

const paging = (name: string, hasHandler: boolean): PlaceDomain => ({
  name,
  kind: 'paging',
  hasHandler,
  isSpare: name.endsWith('-other'),
});

const PAGING_DOMAINS: readonly PlaceDomain[] = [
  paging('faulting', true),
  paging('faulting-other', true),
  paging('plain', false),
  paging('plain-other', false),
];

/** A new domain of either kind, by the one that hangs there; never the same. */
const SUCCESSORS: readonly (readonly [going: number, coming: number])[] = [
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 2],
  [2, 0],
  [2, 3],
  [3, 0],
  [3, 2],
];

const svaShape = (name: PlaceShape['name'], hasPri: boolean): PlaceShape => ({
  name,
  kind: 'sva',
  hasPri,
  allReport: false,
  domains: [SVA_DOMAIN],
  operations: [
    attach('bind-sva', 'process', 0),
    detach('unbind-sva', 'process', 0),
    { name: 'mm-release', list: 'mm-release', coming: undefined, going: undefined },
  ],
});

const PAGING: PlaceShape = pagingShape('paging', 'paging', {
  attach: 'attach-pasid',
  detach: 'detach-pasid',
  replace: 'replace-pasid',
});

/** The function itself: requests without a PASID. */
const FUNCTION: PlaceShape = pagingShape('function', 'function', {
  attach: 'attach-rid',
  detach: 'detach-rid',
  replace: 'replace-rid',
});

const SVA: readonly PlaceShape[] = [
  svaShape('sva', true),
  // A device without PRI is bound all the same, and its faults are its driver's affair.
  svaShape('sva-without-pri', false),
];

/** Where PASIDs hang on their function, only address spaces go on them, and it is the function that reports. */
export const placeShapesOf = ({ traits }: Driver): readonly PlaceShape[] =>
  traits.pasidsHangOnFunction
    ? [...SVA, { ...FUNCTION, allReport: true }]
    : [...SVA, PAGING, FUNCTION];

function pagingShape(
  name: PlaceShape['name'],
  kind: PlaceShape['kind'],
  lists: Readonly<Record<'attach' | 'detach' | 'replace', OperationName>>,
): PlaceShape {
  const nameOf = (domain: number): string => PAGING_DOMAINS[domain]?.name ?? '';
  return {
    name,
    kind,
    hasPri: true,
    allReport: false,
    domains: PAGING_DOMAINS,
    operations: [
      ...[0, 2].map((coming) => attach(lists.attach, nameOf(coming), coming)),
      ...PAGING_DOMAINS.map((domain, going) => detach(lists.detach, domain.name, going)),
      ...SUCCESSORS.map(([going, coming]): PlaceOperation => {
        const named = `${lists.replace}-${nameOf(going)}-by-${nameOf(coming)}`;
        return { name: named, list: lists.replace, coming, going };
      }),
    ],
  };
}

function attach(list: OperationName, domain: string, coming: number): PlaceOperation {
  return { name: `${list}-of-${domain}`, list, coming, going: undefined };
}

function detach(list: OperationName, domain: string, going: number): PlaceOperation {
  return { name: `${list}-of-${domain}`, list, coming: undefined, going };
}
