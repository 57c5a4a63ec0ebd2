/**
 * Cache tags of a trace: each counted by its own machine, from the first line that names it.
 *
 * Kernel: drivers/iommu/intel/cache.c; the count is printed after a tag was added, before one is dropped.
 */

import { type Frontier, NOWHERE } from '../../explore/frontier.ts';
import { modelOf } from '../../explore/model.ts';
import { type Observer, observerOf } from '../../explore/observer.ts';
import { alike } from '../../explore/slot-kind.ts';
import { call, unheard, where } from '../../explore/wiring.ts';
import { object } from '../../explore/world.ts';
import { CACHE_TAG_USERS_MAX, cacheTagHolds, cacheTagMachine } from '../../machines/cache-tag.ts';
import type { CacheTagChanged, CacheTagFlushed } from '../capture/capture-event.ts';
import type { Fault } from './judgement.ts';

const TAG = alike('cache-tag', cacheTagMachine, cacheTagHolds, 1);

export class CacheTags {
  readonly #observer: Observer;
  readonly #start: Frontier;
  readonly #tags = new Map<string, { readonly tag: Tag; frontier: Frontier }>();

  /** `isUnknown`: any tag may have been there before. */
  constructor(isUnknown: boolean) {
    this.#observer = observerOf(
      modelOf({ name: 'a cache tag', parts: [object(TAG, { effects: { flush: unheard } })] }),
      {
        signsOf: () => ({ now: [], late: [] }),
        settled: (locals) => locals,
        isPrivate: () => false,
      },
    );
    let all = this.#observer.first;
    let one = all;
    for (let users = 0; isUnknown && users < CACHE_TAG_USERS_MAX; users += 1) {
      one = this.#tell(one, 'cache-tag.assign');
      all = this.#observer.union(all, one);
    }
    this.#start = all;
  }

  changed(fact: CacheTagChanged): Fault | undefined {
    const key = keyOf(fact);
    const before = this.#tags.get(key)?.frontier ?? this.#start;
    const after =
      fact.kind === 'cache-tag.assigned'
        ? this.#counting(this.#tell(before, 'cache-tag.assign'), fact.references)
        : this.#tell(this.#counting(before, fact.references), 'cache-tag.unassign');
    if (after === NOWHERE) {
      return {
        why: [
          `the cache tag of ${fact.device}, type ${fact.type}, domain id ${fact.did},`,
          `PASID ${fact.pasid} does not have ${fact.references} users here`,
        ].join(' '),
        candidates: [],
      };
    }
    this.#tags.set(key, { tag: fact, frontier: after });
    return undefined;
  }

  /** Tags that are certainly listed for the domain that a flush walks. */
  listed({ unit, did, pasid }: Pick<CacheTagFlushed, 'unit' | 'did' | 'pasid'>): readonly Tag[] {
    return [...this.#tags.values()].flatMap(({ tag, frontier }) =>
      tag.unit === unit &&
      tag.did === did &&
      tag.pasid === pasid &&
      this.#observer.kept(
        frontier,
        'absent',
        where(TAG, 0, ({ value }) => value === 'absent'),
      ) === NOWHERE
        ? [tag]
        : [],
    );
  }

  #tell(frontier: Frontier, type: 'cache-tag.assign' | 'cache-tag.unassign'): Frontier {
    return this.#observer.told(frontier, type, [call(TAG, 0, { type })]);
  }

  #counting(frontier: Frontier, users: number): Frontier {
    return this.#observer.kept(
      frontier,
      `${users} users`,
      where(TAG, 0, ({ context }) => context.users === users),
    );
  }
}

export type Tag = Pick<CacheTagChanged, 'unit' | 'device' | 'type' | 'did' | 'pasid'>;

const keyOf = ({ unit, device, type, did, pasid }: Tag): string =>
  `${unit} ${device} ${type} ${did} ${pasid}`;
