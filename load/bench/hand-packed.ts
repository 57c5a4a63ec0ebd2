/**
 * Hand-packed: the bench protocol searched breadth first by code that knows nothing else; the explorer's peer.
 *
 * What this runtime can do by hand: fields packed into words, states appended to one array that is the queue too, an
 * open-addressed set of state numbers, packing and hashing generated for the sizes at hand. The correct drain only;
 * every check of the protocol is made.
 */
import {
  type BenchSizes,
  DETACHED_PASID,
} from '../../src/scenarios/explore/bench-protocol/sizes.ts';

type Field = { readonly word: number; readonly shift: number; readonly mask: number };

/** Places of the unpacked state, in the order they are packed. */
function placesOf({ groups, ringSlots, workers }: BenchSizes) {
  const device = 0;
  const partial = groups;
  const group = 2 * groups;
  const ring = 3 * groups;
  const entries = ring + ringSlots;
  const irq = entries + 1;
  const worker = irq + 1;
  const blocked = worker + workers;
  const handle = blocked + 1;
  const detach = handle + 1;
  const exit = detach + 1;
  return { device, partial, group, ring, entries, irq, worker, blocked, handle, detach, exit };
}

const bitsFor = (count: number): number => Math.ceil(Math.log2(count));

function fieldsOf({ groups, ringSlots, workers }: BenchSizes): Field[] {
  const widths = [
    ...Array.from({ length: groups }, () => 2),
    ...Array.from({ length: groups }, () => 1),
    ...Array.from({ length: groups }, () => 3),
    ...Array.from({ length: ringSlots }, () => bitsFor(2 * groups)),
    bitsFor(ringSlots + 1),
    2,
    ...Array.from({ length: workers }, () => bitsFor(3 * groups + 1)),
    1,
    1,
    3,
    2,
  ];
  let at = 0;
  let used = 0;
  return widths.map((width) => {
    if (used + width > 32) {
      at += 1;
      used = 0;
    }
    const field = { word: at, shift: used, mask: 2 ** width - 1 };
    used += width;
    return field;
  });
}

const MULTIPLIERS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];

type Insert = (store: Uint32Array, table: Int32Array, packed: Uint32Array, count: number) => number;

/** Code for one layout; 1 when the state was new. */
function generated(fields: readonly Field[], words: number, tableMask: number) {
  const all = Array.from({ length: words }, (_, at) => at);
  const unpack = new Function(
    'store',
    'base',
    'state',
    [
      ...all.map((at) => `const w${at} = store[base + ${at}];`),
      ...fields.map((of, to) => `state[${to}] = (w${of.word} >>> ${of.shift}) & ${of.mask};`),
    ].join('\n'),
  ) as (store: Uint32Array, base: number, state: Uint8Array) => void; // as its text says
  const pack = new Function(
    'state',
    'packed',
    all
      .map((at) => {
        const parts = fields.flatMap((of, from) =>
          of.word === at ? [`(state[${from}] << ${of.shift})`] : [],
        );
        return `packed[${at}] = ${parts.join(' | ')};`;
      })
      .join('\n'),
  ) as (state: Uint8Array, packed: Uint32Array) => void; // as its text says
  const hash = all.map((at) => `Math.imul(packed[${at}], ${(MULTIPLIERS[at] ?? 1) | 0})`);
  const insert = new Function(
    'store',
    'table',
    'packed',
    'count',
    `let hash = ${hash.join(' ^ ')};
    hash ^= hash >>> 15; hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12; hash = Math.imul(hash, 0x297a2d39); hash ^= hash >>> 15;
    hash &= ${tableMask};
    for (;;) {
      const known = table[hash];
      if (known === 0) {
        table[hash] = count + 1;
        const base = count * ${words};
        ${all.map((at) => `store[base + ${at}] = packed[${at}];`).join(' ')}
        return 1;
      }
      const base = (known - 1) * ${words};
      if (${all.map((at) => `store[base + ${at}] === packed[${at}]`).join(' && ')}) return 0;
      hash = (hash + 1) & ${tableMask};
    }`,
  ) as Insert; // as its text says
  return { unpack, pack, insert };
}

export type Searched = { readonly states: number; readonly transitions: number };

/** `statesLog2` is the capacity. @throws Error when a check of the protocol fails, or the store is full */
export function handPackedSearch(sizes: BenchSizes, statesLog2: number): Searched {
  const { groups, pasids, ringSlots, workers } = sizes;
  const place = placesOf(sizes);
  const fields = fieldsOf(sizes);
  const words = Math.max(...fields.map((field) => field.word)) + 1;
  const capacity = 2 ** statesLog2;
  const { unpack, pack, insert } = generated(fields, words, capacity * 2 - 1);
  const store = new Uint32Array(capacity * words);
  const table = new Int32Array(capacity * 2);
  const packed = new Uint32Array(words);
  const now = new Uint8Array(fields.length);
  const next = new Uint8Array(fields.length);
  let count = 0;
  let transitions = 0;

  const at = (index: number): number => now[index] as number; // places lie inside
  const isDetached = (group: number): boolean => group % pasids === DETACHED_PASID;
  const check = (holds: boolean, sentence: string): void => {
    if (!holds) throw new Error(sentence);
  };
  const emit = (): void => {
    transitions += 1;
    pack(next, packed);
    count += insert(store, table, packed, count);
    if (count >= capacity) throw new Error('the store is full');
  };
  const pop = (): void => {
    for (let slot = 1; slot < ringSlots; slot += 1) {
      next[place.ring + slot - 1] = next[place.ring + slot] as number; // slots of the ring
    }
    next[place.ring + ringSlots - 1] = 0;
    next[place.entries] = at(place.entries) - 1;
  };

  const devices = (): void => {
    for (let group = 0; group < groups; group += 1) {
      const device = at(place.device + group);
      if (device >= 2 || (isDetached(group) && at(place.blocked) === 1)) continue;
      next.set(now);
      const entries = at(place.entries);
      if (entries === ringSlots) {
        next[place.device + group] = 2;
        next[place.group + group] = 4;
      } else {
        next[place.ring + entries] = 2 * group + device;
        next[place.entries] = entries + 1;
        if (device === 1) next[place.group + group] = 1;
        next[place.device + group] = device + 1;
      }
      emit();
    }
  };
  const irqThread = (): void => {
    const entry = at(place.ring);
    const group = entry >> 1;
    if (at(place.irq) === 0) {
      if (at(place.entries) === 0) return;
      next.set(now);
      if ((entry & 1) === 0) {
        next[place.partial + group] = 1;
        pop();
      } else next[place.irq] = !isDetached(group) || at(place.handle) === 1 ? 1 : 2;
    } else {
      next.set(now);
      next[place.partial + group] = 0;
      const isFound = at(place.irq) === 1;
      check(isFound || at(place.group + group) !== 4, 'a group is answered twice');
      next[place.group + group] = isFound ? 2 : 4;
      pop();
      next[place.irq] = 0;
    }
    emit();
  };
  const work = (worker: number): void => {
    const value = at(place.worker + worker);
    if (value === 0) {
      for (let group = 0; group < groups; group += 1) {
        if (at(place.group + group) !== 2) continue;
        next.set(now);
        next[place.group + group] = 3;
        next[place.worker + worker] = 1 + 3 * group;
        emit();
      }
      return;
    }
    next.set(now);
    const group = ((value - 1) / 3) | 0;
    const phase = (value - 1) % 3;
    check(!isDetached(group) || at(place.handle) === 1, 'a freed handle is used');
    if (phase === 0) {
      const isReleased = isDetached(group) && at(place.exit) === 2;
      next[place.worker + worker] = value + (isReleased ? 2 : 1);
    } else {
      check(at(place.group + group) !== 4, 'a group is answered twice');
      next[place.group + group] = 4;
      next[place.worker + worker] = 0;
    }
    emit();
  };
  const detach = (): void => {
    const step = at(place.detach);
    if (step === 6) return;
    if (step === 1) {
      for (let slot = 0; slot < at(place.entries); slot += 1) {
        if (isDetached(at(place.ring + slot) >> 1)) return;
      }
    }
    if (step === 3) {
      for (let worker = 0; worker < workers; worker += 1) {
        const value = at(place.worker + worker);
        if (value !== 0 && isDetached(((value - 1) / 3) | 0)) return;
      }
    }
    next.set(now);
    next[place.detach] = step + 1;
    if (step === 0) next[place.blocked] = 1;
    if (step === 4) next[place.handle] = 0;
    for (let group = DETACHED_PASID; group < groups; group += pasids) {
      const state = at(place.group + group);
      if (step === 2) next[place.partial + group] = 0;
      if (step === 2 && state === 2) next[place.group + group] = 4;
      check(step !== 5 || state === 0 || state === 4, 'detach returns with a group in flight');
    }
    emit();
  };
  const exit = (): void => {
    const step = at(place.exit);
    if (step === 2) return;
    next.set(now);
    if (step === 0) next[place.blocked] = 1;
    next[place.exit] = step + 1;
    emit();
  };

  next[place.handle] = 1;
  pack(next, packed);
  count = insert(store, table, packed, 0);
  for (let state = 0; state < count; state += 1) {
    const before = transitions;
    unpack(store, state * words, now);
    devices();
    irqThread();
    for (let worker = 0; worker < workers; worker += 1) work(worker);
    detach();
    exit();
    if (transitions > before) continue;
    for (let group = 0; group < groups; group += 1) {
      const left = at(place.group + group);
      check(left === 0 || left === 4, 'a group is never answered');
    }
  }
  return { states: count, transitions };
}
