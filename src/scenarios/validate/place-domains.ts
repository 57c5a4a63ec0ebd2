/**
 * Place domains: the domain ids that a trace names, of what is attached at places and of the functions themselves.
 *
 * Kernel: drivers/iommu/intel/iommu.h, FLPT_DEFAULT_DID; prq.c, intel_iommu_drain_pasid_prq().
 */
import type { CacheTagChanged } from '../capture/capture-event.ts';
import type { Fault } from './judgement.ts';
import type { Place } from './place.ts';

/** Linux's domain id of every SVA domain. */
const SVA_DID = 1;

export class PlaceDomains {
  /** By unit and requester id, as far as it was seen. */
  readonly #functions = new Map<string, number>();

  /** Undefined: it is about to change. */
  ofFunction(device: string, did: number | undefined): void {
    if (did === undefined) this.#functions.delete(device);
    else this.#functions.set(device, did);
  }

  /** Which domain the tags are of. */
  tagged(place: Place, { kind, type, did }: CacheTagChanged): Fault | undefined {
    if (kind === 'cache-tag.assigned') {
      if (type === 'iotlb') {
        place.narrow(did === SVA_DID);
        if (place.did === undefined) place.did = did;
        else place.comingDid = did;
        return undefined;
      }
      return otherThan(place, place.comingDid ?? place.did, did);
    }
    const fault = otherThan(place, place.did, did);
    if (fault === undefined && type === 'devtlb') {
      place.did = place.comingDid;
      place.comingDid = undefined;
    }
    return fault;
  }

  /** Caches of a place are emptied. */
  invalidated(place: Place, did: number): Fault | undefined {
    if (place.pasid > 0) {
      if (place.did === undefined) place.narrow(did === SVA_DID);
      const fault = otherThan(place, place.did, did);
      place.did ??= did;
      return fault;
    }
    if (place.rid !== undefined) this.#functions.delete(`${place.unit} ${place.rid}`);
    return undefined;
  }

  /** The drain names the domain of the function itself, whatever PASID it drains. */
  drained({ unit, rid, name }: Place, did: number): Fault | undefined {
    if (rid === undefined) return undefined;
    const key = `${unit} ${rid}`;
    const known = this.#functions.get(key);
    this.#functions.set(key, did);
    return known === undefined || known === did
      ? undefined
      : { why: `the function of ${name} is in domain ${known}, not ${did}`, candidates: [] };
  }
}

const otherThan = (place: Place, known: number | undefined, did: number): Fault | undefined =>
  known === undefined || known === did
    ? undefined
    : { why: `${place.name} is in domain ${known}, not ${did}`, candidates: [] };
