/**
 * The payloads of the cache tag events: what a domain has cached where, and what is flushed.
 *
 * Kernel: drivers/iommu/intel/trace.h, cache_tag_log and cache_tag_flush; cache.c.
 */
import {
  CACHE_TAG_TYPES,
  type CacheTagChanged,
  type CacheTagFlushed,
  type CacheTagType,
} from './capture-event.ts';
import { pattern } from './pattern.ts';
import {
  hexInBits,
  inBits,
  pageOf,
  type RawFields,
  rawFields,
  rawHex,
  rawNumber,
  rawText,
} from './payload-numbers.ts';

const CHANGED = /^([^\s/]+)\/(\S+) type (\w+) did (\d{1,5}) pasid (-1|\d{1,7}) ref (\d{1,10})$/;
const FLUSHED = pattern(
  /^(\S+) ([^\s[]+)\[(-1|\d{1,7})\] type (\w+) did (\d{1,5})/,
  / \[0x([\da-f]{1,16})-0x([\da-f]{1,16})\] addr 0x([\da-f]{1,16}) mask 0x([\da-f]{1,2})$/,
);
/** Order of "everything". */
const ORDER_MAX = 0x3f;

/** Undefined when it is not what the kernel prints. */
export function readCacheTag(
  kind: CacheTagChanged['kind'],
  payload: string,
): CacheTagChanged | undefined {
  const found = CHANGED.exec(payload);
  if (found === null) return readRawTag(kind, payload);
  const [, unit = '', device = '', name = '', did, pasid, references] = found;
  return changed(kind, unit, device, tagType(name), Number(did), Number(pasid), Number(references));
}

function readRawTag(kind: CacheTagChanged['kind'], payload: string): CacheTagChanged | undefined {
  const fields = rawFields(payload);
  const unit = fields && rawText(fields, 'iommu');
  const device = fields && rawText(fields, 'dev');
  if (fields === undefined || unit === undefined || device === undefined) return undefined;
  return changed(
    kind,
    unit,
    device,
    CACHE_TAG_TYPES[rawNumber(fields, 'type', 16) ?? CACHE_TAG_TYPES.length],
    rawNumber(fields, 'domain_id', 16),
    rawPasid(fields),
    rawNumber(fields, 'users', 32),
  );
}

function changed(
  kind: CacheTagChanged['kind'],
  unit: string,
  device: string,
  type: CacheTagType | undefined,
  didNumber: number | undefined,
  pasidNumber: number | undefined,
  references: number | undefined,
): CacheTagChanged | undefined {
  const did = didNumber === undefined ? undefined : inBits(didNumber, 16);
  const pasid = pasidOf(pasidNumber);
  if (type === undefined || did === undefined || pasid === undefined) return undefined;
  if (references === undefined) return undefined;
  return { kind, unit, device, type, did, pasid, references };
}

/** Undefined when it is not what the kernel prints. */
export function readCacheTagFlush(
  notPresent: boolean,
  payload: string,
): CacheTagFlushed | undefined {
  const found = FLUSHED.exec(payload);
  if (found === null) return readRawFlush(notPresent, payload);
  const [, unit = '', device = '', pasid, name = '', did, start = '', end = ''] = found;
  return flushed(notPresent, unit, device, {
    type: tagType(name),
    did: inBits(Number(did), 16),
    pasid: pasidOf(Number(pasid)),
    start,
    end,
    addr: found[8] ?? '',
    mask: found[9] ?? '',
  });
}

function readRawFlush(notPresent: boolean, payload: string): CacheTagFlushed | undefined {
  const fields = rawFields(payload);
  const unit = fields && rawText(fields, 'iommu');
  const device = fields && rawText(fields, 'dev');
  if (fields === undefined || unit === undefined || device === undefined) return undefined;
  return flushed(notPresent, unit, device, {
    type: CACHE_TAG_TYPES[rawNumber(fields, 'type', 16) ?? CACHE_TAG_TYPES.length],
    did: rawNumber(fields, 'domain_id', 16),
    pasid: pasidOf(rawPasid(fields)),
    start: rawHex(fields, 'start'),
    end: rawHex(fields, 'end'),
    addr: rawHex(fields, 'addr'),
    mask: rawHex(fields, 'mask'),
  });
}

type FlushText = {
  readonly type: CacheTagType | undefined;
  readonly did: number | undefined;
  readonly pasid: number | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly addr: string | undefined;
  readonly mask: string | undefined;
};

function flushed(
  notPresent: boolean,
  unit: string,
  device: string,
  { type, did, pasid, start, end, addr, mask }: FlushText,
): CacheTagFlushed | undefined {
  const first = start === undefined ? undefined : pageOf(start);
  const last = end === undefined ? undefined : pageOf(end);
  const pfn = addr === undefined ? undefined : pageOf(addr);
  const order = mask === undefined ? undefined : hexInBits(mask, 16);
  if (first === undefined || last === undefined || first > last) return undefined;
  if (pfn === undefined || order === undefined || order > ORDER_MAX) return undefined;
  if (type === undefined || did === undefined || pasid === undefined) return undefined;
  const kind = 'cache-tag.flushed';
  return { kind, notPresent, unit, device, pasid, type, did, first, last, pfn, order };
}

/** Raw fields print the invalid PASID, -1, as the 32 bits it is. */
function rawPasid(fields: RawFields): number | undefined {
  const pasid = rawNumber(fields, 'pasid', 32);
  return pasid === 2 ** 32 - 1 ? -1 : pasid;
}

const pasidOf = (number: number | undefined): number | undefined =>
  number === undefined ? undefined : inBits(number, 20);

const tagType = (name: string): CacheTagType | undefined =>
  CACHE_TAG_TYPES.find((type) => type === name);
